"""The servers that are measured: gunicorn as in production, on spare ports."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "python:lottery_site.gunicorn"]
START = 60  # seconds


class Server(NamedTuple):
    port: int
    pid: int


@contextmanager
def serve(app: str) -> Iterator[Server]:
    """The WSGI application, by the same gunicorn with the same settings; it is stopped after."""
    port = find_spare_port()
    process = subprocess.Popen(
        [*GUNICORN, app],
        env=os.environ | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(process, port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=START)


def find_spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    end = monotonic() + START
    while process.poll() is None and monotonic() < end:
        try:
            urlopen(f"http://127.0.0.1:{port}/ping", timeout=5)
            return
        except (URLError, TimeoutError):
            sleep(0.2)
    sys.exit("The server did not start.")
