"""Where a request ends is found as gunicorn's parser finds it, however its bytes come."""

import random
from typing import Any

import pytest
from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]

from lottery_site.server.connection import Received
from lottery_site.server.incoming import Incoming, State

MOST = 2000
NEXT = b"GET /next HTTP/1.1\r\n\r\n"


@pytest.fixture
def cfg(monkeypatch: pytest.MonkeyPatch) -> Any:
    """gunicorn's defaults, some of which it reads from the environment as it is imported."""
    monkeypatch.delenv("WEB_CONCURRENCY", raising=False)
    from gunicorn.config import Config  # type: ignore[import-untyped]

    return Config()


def some_request(chance: random.Random) -> tuple[bytes, bytes]:
    """A request as it is sent, and its body."""
    body = chance.randbytes(chance.randrange(MOST))
    kind = chance.choice(["length", "chunks", "none"])
    if kind == "none":
        return b"GET / HTTP/1.1\r\nX-Note: content-length: 5\r\n\r\n", b""
    if kind == "length":
        return b"POST / HTTP/1.1\r\nCONTENT-LENGTH:%d \r\n\r\n" % len(body) + body, body
    sent, rest = [b"POST / HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n"], body
    while rest:
        size = chance.randrange(1, 500)
        sent.append(b"%x%b\r\n%b\r\n" % (len(rest[:size]), b";a=b" * (size % 2), rest[:size]))
        rest = rest[size:]
    return b"".join([*sent, b"0\r\n", b"Note: 1\r\n" * chance.randrange(2), b"\r\n"]), body


@pytest.mark.parametrize("seed", range(60))
def test_a_request_is_whole_with_its_last_byte_and_read_as_it_was_sent(cfg: Any, seed: int) -> None:
    chance = random.Random(seed)
    sent, body = some_request(chance)
    incoming, place = Incoming(MOST), 0
    while place < len(sent) - 1:
        size = min(chance.randrange(1, 300), len(sent) - 1 - place)
        assert incoming.add(sent[place : place + size]) in {State.HEAD, State.BODY}
        place += size
    assert incoming.add(sent[-1:] + NEXT) is State.WHOLE

    parser = RequestParser(cfg, (), ("127.0.0.1", 1))
    parser.unreader = Received()
    parser.unreader.unread(incoming.data)
    assert next(parser).body.read() == body
    assert incoming.start_anew(parser.unreader.take_buffered()) is State.WHOLE
    assert incoming.data == NEXT


@pytest.mark.parametrize(
    "endless",
    [
        b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 10_000,
        b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 40_000,
        b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * 40_000,
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"Note: 1\r\n" * 10_000,
        b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffff0\r\n" + b"a" * 40_000,
        b"Content-Length: 99999999999999999999\r\n\r\n",
    ],
)
def test_a_body_without_end_is_not_waited_for(endless: bytes) -> None:
    assert Incoming(MOST).add(b"POST / HTTP/1.1\r\n" + endless) is State.REFUSED
