"""/ping says that the process answers, whatever the database does."""

import pytest
from django.test import Client

from lottery_site.server.worker import PING

# No test here has the database, which Django then refuses to every query.


@pytest.mark.parametrize("path", ["/ping", "/api/ping", "/api/ping/", "/ping?x"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_it_asks_no_database(path: str, method: str) -> None:
    client = Client(headers={"Cookie": "sessionid=abc; csrftoken=def"})
    assert PING.match(f"{method} {path} HTTP/1.1".encode())
    assert client.generic(method, path).status_code == 200


@pytest.mark.parametrize("path", ["/", "/pings", "/api/health", "/api/pi"])
def test_other_addresses_have_no_thread_of_their_own(path: str) -> None:
    assert not PING.match(f"GET {path} HTTP/1.1".encode())
