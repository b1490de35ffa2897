"""Clients that send and read bytes as they please."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from subprocess import Popen

from django.conf import settings

from ballots.tests.processes import running, wait_until
from lottery_site.tests.processes import MACHINE

QUICK = "lottery_site.tests.server.quick"
HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: local"
GET = b"GET /%b HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass
class Server:
    port: int
    process: "Popen[str]"

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, *pieces: bytes) -> bytes:
        """All that it answers until it ends the connection."""
        with self.connect() as client:
            for piece in pieces:
                client.sendall(piece)
            return read_all(client)

    def answers(self) -> bool:
        try:
            return self.ask(b"GET /ping HTTP/1.0\r\n\r\n").endswith(b"GET /ping ")
        except ConnectionError:
            return False


@contextmanager
def quick_server() -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = ["-m", "gunicorn", "-c", f"python:{QUICK}", f"{QUICK}:application"]
    environment = MACHINE | {
        "DJANGO_SETTINGS_MODULE": "lottery_site.settings",
        "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port} --chdir {settings.BASE_DIR}",
    }
    with running(sys.executable, *command, env=environment) as process:
        server = Server(port, process)
        wait_until(server.answers)
        yield server


def read_all(client: socket.socket) -> bytes:
    """Until the other side has ended."""
    return b"".join(iter(lambda: client.recv(100_000), b""))


def is_cut(client: socket.socket) -> bool:
    """Whether the other side has ended without a word, even before it read all that was sent."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def read_until(client: socket.socket, end: bytes) -> bytes:
    read = b""
    while not read.endswith(end):
        more = client.recv(10_000)
        assert more, f"It ended after {read!r}"
        read += more
    return read


def post(body: bytes, path: bytes = b"", *fields: bytes) -> bytes:
    """A request with a body, and with these fields instead of its length."""
    lines = [b"POST /%b HTTP/1.1" % path, b"Host: localhost", b"Connection: close"]
    lines += fields or (b"Content-Length: %d" % len(body),)
    return b"\r\n".join([*lines, b"", body])
