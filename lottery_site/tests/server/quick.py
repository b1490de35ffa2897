"""A server with the site's worker and short limits, and behind it not the site but an echo.

gunicorn -c python:lottery_site.tests.server.quick lottery_site.tests.server.quick:application
"""

from collections.abc import Callable, Iterable, Iterator
from time import sleep
from typing import Any

from lottery_site.server.worker import Worker


class QuickWorker(Worker):
    head_seconds = body_seconds = 1.0
    send_seconds = 1.0
    more_after_seconds = 0.1
    ready_seconds = 1.0
    more_threads = reading_threads = 1
    most_ready = 4
    most_bytes = 400_000
    most_body = 100_000


worker_class = QuickWorker
threads = 1
worker_connections = 120
keepalive = 2
loglevel = "warning"
sendfile = False
control_socket_disable = True
graceful_timeout = 5


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Method, path and body; /sleep takes three seconds for it, /large has twenty megabytes.

    /broken ends after two of them, with an error.
    """
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/sleep":
        sleep(3)
    if environ["PATH_INFO"] in {"/large", "/broken"}:
        start_response("200 OK", [("Content-Length", "20000000")])
        return produce(2 if environ["PATH_INFO"] == "/broken" else 20)
    text = b" ".join([environ["REQUEST_METHOD"].encode(), environ["PATH_INFO"].encode(), body])
    start_response("200 OK", [("Content-Length", str(len(text)))])
    return [text]


def produce(megabytes: int) -> Iterator[bytes]:
    for _ in range(10 * megabytes):
        yield bytes(100_000)
    if megabytes < 20:
        raise ValueError("This was to be expected.")
