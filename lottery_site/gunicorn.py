"""How gunicorn serves the site: gunicorn -c python:lottery_site.gunicorn lottery_site.wsgi"""

import logging
import os
import signal
import socket
import struct
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lottery_site.settings")

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

bind = f"{settings.BIND_ADDRESS}:{settings.PORT}"
workers = settings.WEB_CONCURRENCY
worker_class = "gthread"
threads = 4
SEND_TIMEOUT = 30  # seconds
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
    for listener in server.LISTENERS:
        limit_sending(listener.sock, SEND_TIMEOUT)
    server.log.error_log.addFilter(is_of_the_site)
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


def limit_sending(listener: socket.socket, seconds: float) -> None:
    """Ends an answer where its reader takes nothing for so long.

    Connections have it from the socket that accepts them. gunicorn's own timeout is for workers,
    and a worker with threads keeps within it while all of its threads wait for readers.
    """
    whole, part = divmod(seconds, 1)
    timeout = struct.pack("ll", int(whole), int(part * 1_000_000))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeout)


def is_of_the_site(record: logging.LogRecord) -> bool:
    """Not that a reader stopped reading, which is no error of the site."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))
