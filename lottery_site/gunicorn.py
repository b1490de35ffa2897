"""How gunicorn serves the site: gunicorn -c python:lottery_site.gunicorn lottery_site.wsgi"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lottery_site.settings")

from django.conf import settings

bind = f"{settings.BIND_ADDRESS}:{settings.PORT}"
workers = settings.WEB_CONCURRENCY
worker_class = "gthread"
threads = 4
preload_app = True  # an error in the site ends the start, before when_ready
loglevel = "warning"
control_socket_disable = True  # two sites of one user would share its path


def when_ready(server: object) -> None:
    """The last line of the start."""
    print(f"{settings.PROJECT_NAME} is ready: {settings.SITE_URL} (Ctrl-C stops it)", flush=True)
