"""How gunicorn serves the site: gunicorn -c python:lottery_site.gunicorn lottery_site.wsgi"""

import os
import signal
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lottery_site.settings")

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

bind = f"{settings.BIND_ADDRESS}:{settings.PORT}"
workers = settings.WEB_CONCURRENCY
worker_class = "lottery_site.server.worker.Worker"
threads = 8  # more would hold each other up; the worker has some for when these wait
worker_connections = 500  # well under the 1024 files that a process may often open
keepalive = 75  # seconds; an idle connection costs no thread
sendfile = False  # it would have a thread wait for the reader
graceful_timeout = 10  # seconds for the requests under way when it is stopped
preload_app = True  # an error in the site ends the start, before when_ready
loglevel = "warning"
control_socket_disable = True  # two sites of one user would share its path


def on_starting(server: object) -> None:
    """Ends the start where every page would fail for want of its style sheet."""
    for file in (settings.BASE_DIR / "static").iterdir():
        try:
            staticfiles_storage.url(file.name)
        except ValueError:
            sys.exit(f"{file.name} is not collected: run manage.py collectstatic --noinput first.")


def when_ready(server: Any) -> None:
    """Says so, as the last line of the start, and has Ctrl-C do what SIGTERM does.

    What gunicorn does at Ctrl-C, SIGQUIT to its workers, leaves one of them hanging now and then.
    """
    signal.signal(signal.SIGINT, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    print(f"{settings.PROJECT_NAME} is ready: {settings.SITE_URL} (Ctrl-C stops it)", flush=True)


def post_worker_init(worker: Any) -> None:
    """Starts what sends mails. Ctrl-C is for the master, which passes it on."""
    from accounts.mail.senders import Senders  # its models need the site that the worker has loaded

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker.senders = Senders()
    worker.senders.start()


def worker_exit(server: object, worker: Any) -> None:
    """Hands back the mails under way; there are none where the worker did not get so far."""
    if hasattr(worker, "senders"):
        worker.senders.stop()
