"""What gunicorn serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from accounts.shared.turns import Turns
from lottery_site import waits
from lottery_site.standby import STANDBY, StandbyHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lottery_site.settings")

application = get_wsgi_application()
Turns.most = 2  # one more than can have a lock
for database in settings.DATABASES.values():
    database["OPTIONS"]["waits"] = waits.WEB
if STANDBY in settings.DATABASES:
    application = StandbyHandler(application)  # type: ignore[assignment]
