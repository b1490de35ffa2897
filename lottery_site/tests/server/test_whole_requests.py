"""Requests that come in pieces, several at once, or not as they should."""

import subprocess
from time import sleep

import pytest

from lottery_site.tests.server.talking import GET, Server, post, read_all, read_until

CHUNKED = b"Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    "request_of_hello",
    [
        post(b"hello"),
        post(b"5\r\nhello\r\n0\r\n\r\n", b"", CHUNKED),
        post(b"2;note=yes\r\nhe\r\n003\r\nllo\r\n0\r\nNote: 1\r\n\r\n", b"", CHUNKED),
    ],
)
def test_a_request_in_pieces_is_read_whole(server: Server, request_of_hello: bytes) -> None:
    with server.connect() as client:
        for start in range(0, len(request_of_hello), 20):
            client.sendall(request_of_hello[start : start + 20])
            sleep(0.01)
        assert read_all(client).endswith(b"\r\n\r\nPOST / hello")


def test_a_connection_is_used_again(server: Server) -> None:
    with server.connect() as client:
        for path in (b"one", b"two", b"ping", b"three"):
            client.sendall(GET % path)
            answer = read_until(client, b"GET /%b " % path)
            assert b"Connection: keep-alive" in answer


def test_requests_that_come_at_once_are_answered_in_order(server: Server) -> None:
    chunks = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
    answer = server.ask(GET % b"ping", chunks, GET % b"a", GET % b"ping", post(b"end"))
    assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"200"] * 5
    bodies = [part.rpartition(b"\r\n")[2] for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert bodies == [b"GET /ping ", b"POST / hi", b"GET /a ", b"GET /ping ", b"POST / end"]


def test_head_has_no_body(server: Server) -> None:
    answer = server.ask(b"HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n")


def test_a_client_that_asks_first_is_told_to_go_on(server: Server) -> None:
    with server.connect() as client:
        client.sendall(post(b"", b"", b"Content-Length: 5", b"Expect: 100-continue"))
        assert read_until(client, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"hello")
        assert read_all(client).count(b"HTTP/1.1 ") == 1


def test_curl_sends_a_large_body_at_once(server: Server) -> None:
    command = ["curl", "--silent", "--max-time", "20", "--data-binary", "@-"]
    command += ["--header", "Expect: 100-continue", "--expect100-timeout", "15"]
    address = f"http://127.0.0.1:{server.port}/"
    answer = subprocess.run([*command, address], input=b"x" * 90_000, capture_output=True)
    assert answer.stdout == b"POST / " + b"x" * 90_000


@pytest.mark.parametrize(
    ("request_of_nobody", "status"),
    [
        (b"GET / HTTP/1.1\nHost: localhost\n\n", b"400"),
        (b"nonsense\r\n\r\n", b"400"),
        (post(b"", b"", b"Content-Length: 1", b"Content-Length: 2"), b"400"),
        (post(b"", b"", b"Content-Length: -1"), b"400"),
        (post(b"", b"", b"Content-Length: 5", CHUNKED), b"400"),
        (post(b"", b"", b"Transfer-Encoding: brotli"), b"501"),
        (post(b"", b"", b"Content-Length: 5", b"Expect: wonders"), b"417"),
        (b"GET /%b HTTP/1.1\r\n\r\n" % (b"a" * 5000), b"414"),
        (b"GET / HTTP/1.1\r\nCookie: %b\r\n\r\n" % (b"a" * 9000), b"431"),
        (b"GET / HTTP/1.1\r\n%b" % (b"Cookie: 1\r\n" * 4000), b"431"),
    ],
)
def test_what_is_no_request_is_refused_at_once(
    server: Server, request_of_nobody: bytes, status: bytes
) -> None:
    answer = server.ask(request_of_nobody)
    assert answer.startswith(b"HTTP/1.1 %b " % status)
    assert b"Connection: close" in answer


@pytest.mark.parametrize(
    "half",
    [
        post(b"5\r\nhe", b"", CHUNKED),
        post(b"he", b"", b"Content-Length: 5"),
        b"GET / HT",
    ],
)
def test_a_client_that_goes_half_way_is_forgotten(server: Server, half: bytes) -> None:
    with server.connect() as client:
        client.sendall(half)
    assert server.answers()


def test_a_body_that_is_too_large_never_reaches_the_site_in_part(server: Server) -> None:
    """The site refuses it by its length, or fails to read it."""
    assert b"POST" not in server.ask(post(b"a" * 1000, b"", b"Content-Length: 100001"))
