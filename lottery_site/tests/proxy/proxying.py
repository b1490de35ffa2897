"""The proxy of docker compose, as its configuration has it, in front of whatever a test serves."""

import gzip
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from threading import Event, Thread
from typing import Any, NamedTuple

from django.conf import settings

from ballots.tests.processes import running, wait_until

CONFIG = settings.BASE_DIR / "proxy" / "Caddyfile"
TEXT = b'{"numbers": "' + b"1, 2, 3, " * 500 + b'"}'
TAG = '"of this text"'


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def proxy(folder: Path, site: int, config: Path = CONFIG, **environment: str) -> Iterator[int]:
    """The port where the proxy speaks plain HTTP, in front of the site at that other port."""
    port = free_port()
    variables = {
        "SITE_URL": f"http://localhost:{port}",
        "HTTP_PORT": str(port),
        "UPSTREAM": f"127.0.0.1:{site}",
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    caddy = which("caddy", path=f"{settings.BASE_DIR}/.venv/bin:{os.environ['PATH']}")
    assert caddy
    with running(caddy, "run", "--config", str(config), env=os.environ | variables | environment):
        wait_until(lambda: is_open(port))
        yield port


def is_open(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            return True
    except ConnectionError:
        return False


class Asked(NamedTuple):
    path: str
    headers: Message
    body: bytes


class Upstream(ThreadingHTTPServer):
    """A site that keeps what it was asked, and answers with one text."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.may_go_on = Event()
        super().__init__(("127.0.0.1", 0), Answering)
        Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *request: Any) -> None:
        """A client that went half way is no error."""


class Answering(BaseHTTPRequestHandler):
    """/compressed has its text compressed already; /stream sends half of it until it may go on."""

    server: Upstream
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(Asked(self.path, self.headers, body))
        if self.path == "/stream":
            self.stream()
        elif TAG in self.headers.get("If-None-Match", ""):
            self.answer(HTTPStatus.NOT_MODIFIED, ETag=TAG)
        elif self.path == "/compressed":
            self.answer(HTTPStatus.OK, gzip.compress(TEXT), **{"Content-Encoding": "gzip"})
        else:
            self.answer(HTTPStatus.OK, TEXT, ETag=TAG)

    def do_POST(self) -> None:
        self.do_GET()

    def answer(self, status: HTTPStatus, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        headers |= {"Content-Type": "application/json", "Vary": "Cookie"}
        if body:
            headers["Content-Length"] = str(len(body))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def stream(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.send_chunk(TEXT)
        self.server.may_go_on.wait(60)  # longer than any client waits
        self.send_chunk(TEXT)
        self.send_chunk(b"")

    def send_chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def log_message(self, format: str, *args: Any) -> None:
        pass
