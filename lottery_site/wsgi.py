"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from lottery_site.bodies import ReadChunks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lottery_site.settings")

application = ReadChunks(get_wsgi_application())
