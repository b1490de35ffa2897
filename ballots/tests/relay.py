"""A relay of the beacon on this machine, for good days and bad ones."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from ballots.tests.factories import ANSWER, ROUND
from lotteries.protocol import drand

Behaviour = Callable[[BaseHTTPRequestHandler], None]
PATH = f"/{drand.CHAIN}/public/{ROUND}"


def answering(body: Any = ANSWER, status: int = 200, **headers: str) -> Behaviour:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Another behaviour at each request; the last one stays."""
    left = list(behaviours)
    return lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b" " * 4096)


def slow_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    drip(handler, json.dumps(ANSWER).encode())


def slow_headers(handler: BaseHTTPRequestHandler) -> None:
    drip(handler, b"HTTP/1.1 200 OK\r\n" + b"X-Slow: yes\r\n" * 1000)


def drip(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    for byte in data:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.5)


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Length", "500")
    handler.end_headers()
    handler.wfile.write(json.dumps(ANSWER).encode()[:40])
    handler.close_connection = True


def silent(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


@contextmanager
def relay(behaviour: Behaviour) -> Iterator[str]:
    """The address of a relay that behaves so, at the path of ROUND; elsewhere it has nothing."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                (behaviour if self.path == PATH else answering({}, 404))(self)
            except OSError:
                self.close_connection = True  # whoever asked has had enough

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=[0.01], daemon=True)  # seconds to its end
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
