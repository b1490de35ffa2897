"""What gunicorn serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from lottery_site import waits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lottery_site.settings")

application = get_wsgi_application()
for database in settings.DATABASES.values():
    database["OPTIONS"]["waits"] = waits.WEB
