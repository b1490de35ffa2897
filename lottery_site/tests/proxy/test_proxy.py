"""What the proxy passes on to the site and to its clients, and what it answers by itself."""

import gzip
import socket
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
import requests

from lottery_site.tests.proxy.proxying import CONFIG, TAG, TEXT, Upstream, free_port, proxy

FORGED = {
    "X-Forwarded-For": "192.0.2.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "other.example",
}
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("proxy")


@pytest.fixture(scope="module")
def started(folder: Path) -> Iterator[tuple[Upstream, int]]:
    upstream = Upstream()
    with proxy(folder, upstream.server_port) as port:
        yield upstream, port
    upstream.shutdown()
    upstream.server_close()


@pytest.fixture
def site(started: tuple[Upstream, int]) -> Upstream:
    """Which has not been asked anything yet."""
    started[0].asked.clear()
    return started[0]


@pytest.fixture
def url(started: tuple[Upstream, int]) -> str:
    return f"http://127.0.0.1:{started[1]}"


@pytest.fixture
def client(started: tuple[Upstream, int]) -> Iterator[socket.socket]:
    """One that sends bytes as it pleases."""
    with socket.create_connection(("127.0.0.1", started[1]), timeout=20) as connection:
        yield connection


def read_all(client: socket.socket) -> bytes:
    return b"".join(iter(lambda: client.recv(100_000), b""))


def raw(url: str, **headers: str) -> tuple[requests.Response, bytes]:
    """The answer and its body as it came, not decompressed."""
    answer = requests.get(url, headers=headers, stream=True, timeout=20)
    return answer, answer.raw.read(decode_content=False)


def test_the_site_hears_of_the_client_from_the_proxy_alone(site: Upstream, url: str) -> None:
    assert requests.get(url, headers=FORGED, timeout=20).ok
    headers = site.asked[0].headers
    assert headers.get_all("X-Forwarded-For") == ["127.0.0.1"]
    assert headers.get_all("X-Forwarded-Proto") == ["http"]
    assert headers["Host"] == url.removeprefix("http://")


def test_a_request_reaches_the_site_when_it_is_whole(
    site: Upstream, url: str, client: socket.socket
) -> None:
    client.sendall(b"POST /half HTTP/1.1\r\nHost: localhost\r\nConnection: clo")
    assert requests.get(f"{url}/after-half-a-head", timeout=20).ok
    client.sendall(b"se\r\nContent-Length: 6\r\n\r\nabc")
    assert requests.get(f"{url}/after-half-a-body", timeout=20).ok
    assert [each.path for each in site.asked] == ["/after-half-a-head", "/after-half-a-body"]
    client.sendall(b"def")
    assert b" 200 " in read_all(client)
    assert site.asked[-1].body == b"abcdef"


def test_it_compresses(site: Upstream, url: str) -> None:
    answer, body = raw(url, **GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Cookie, Accept-Encoding"
    assert gzip.decompress(body) == TEXT
    plain, body = raw(url, **{"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert body == TEXT


def test_it_compresses_nothing_twice(site: Upstream, url: str) -> None:
    answer, body = raw(f"{url}/compressed", **{"Accept-Encoding": "zstd, gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == TEXT


@pytest.mark.parametrize(
    "path",
    [
        "/api/auth/login",
        "/accounts/confirm/token/",
        "/accounts/reset-password/token/",
        "/accounts/mails/token/",
    ],
)
def test_it_compresses_no_secret(site: Upstream, url: str, path: str) -> None:
    answer, body = raw(f"{url}{path}", **GZIP)
    assert "Content-Encoding" not in answer.headers
    assert body == TEXT


@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
def test_what_a_client_has_is_not_sent_again(site: Upstream, url: str, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    answer, _ = raw(url, **headers)
    tag = answer.headers["ETag"]
    assert (tag == TAG) is (encoding == "identity")  # of other bytes there is another one
    again, body = raw(url, **headers, **{"If-None-Match": tag})
    assert again.status_code == HTTPStatus.NOT_MODIFIED
    assert body == b""


@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
def test_files_are_passed_on_as_they_come(site: Upstream, url: str, encoding: str) -> None:
    site.may_go_on.clear()
    headers = {"Accept-Encoding": encoding}
    with requests.get(f"{url}/stream", headers=headers, stream=True, timeout=20) as answer:
        assert answer.raw.read(10, decode_content=False)
        site.may_go_on.set()
        assert answer.raw.read(decode_content=False)


LARGE = b"a" * 2_621_441


def test_it_takes_as_large_a_body_as_the_site(site: Upstream, url: str) -> None:
    assert requests.post(url, data=LARGE[1:], timeout=20).ok
    answer = requests.post(url, data=LARGE, timeout=20)
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "Send at most 2.5 MiB" in answer.text


def test_a_body_that_is_not_whole_is_the_clients_fault(
    site: Upstream, client: socket.socket
) -> None:
    client.sendall(
        b"POST /api/ballots HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    )
    answer = read_all(client)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"detail": "The request was not whole' in answer


@pytest.fixture(scope="module")
def hasty(started: tuple[Upstream, int], folder: Path) -> Iterator[int]:
    """The port of a proxy that waits a second for a body."""
    text = CONFIG.read_text()
    assert "read_body 30s" in text
    config = folder / "hasty.caddyfile"
    config.write_text(text.replace("read_body 30s", "read_body 1s"))
    with proxy(folder, started[0].server_port, config) as port:
        yield port


def test_a_body_that_comes_too_slowly_is_the_clients_fault(hasty: int) -> None:
    with socket.create_connection(("127.0.0.1", hasty), timeout=20) as client:
        client.sendall(b"POST /api HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999\r\n\r\n")
        client.sendall(bytes(500_000))
        assert read_all(client).startswith(b"HTTP/1.1 4")


def test_nothing_tells_of_the_proxy(site: Upstream, url: str) -> None:
    assert not {"Server", "Via", "Alt-Svc"} & set(requests.get(url, timeout=20).headers)


@pytest.fixture(scope="module")
def lonely(folder: Path) -> Iterator[str]:
    """A proxy whose site is away."""
    with proxy(folder, free_port()) as port:
        yield f"http://127.0.0.1:{port}"


def test_people_are_told_that_the_site_is_away(lonely: str) -> None:
    answer = requests.get(lonely, timeout=20)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer.headers["Retry-After"] == "10"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert "<h1>The site is away for a moment." in answer.text


def test_programs_are_told_so_in_a_problem(lonely: str) -> None:
    answer = requests.get(f"{lonely}/api/lotteries", timeout=20)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The site is away for a moment. Please try again in a minute.",
    }
