"""Bodies sent in chunks (RFC 9112, section 7.1), as gunicorn gets them."""

import json
import socket
import sys
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import requests
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ballots.tests.processes import process_environment, running, wait_until
from lottery_site.tests.processes import collect_static_files

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CAROL = {"username": "carol", "email": "carol@example.org", "password": "blue suede shoes 7"}
Post = Callable[[str, Iterator[bytes], dict[str, str]], Any]


@pytest.fixture(scope="module")
def url(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a gunicorn that serves the database of the tests."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = process_environment() | {"PORT": str(port), "WEB_CONCURRENCY": "1"}
    environment["STATIC_ROOT"] = str(tmp_path_factory.mktemp("static"))
    collect_static_files(environment)
    command = [sys.executable, "-m", "gunicorn", "-c", "python:lottery_site.gunicorn"]
    with running(*command, "lottery_site.wsgi", env=environment):
        wait_until(lambda: answers(port))
        yield f"http://127.0.0.1:{port}"


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/ping", timeout=5).ok
    except requests.ConnectionError:
        return False


def in_pieces(body: bytes, size: int = 7) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


def post_with_requests(url: str, body: Iterator[bytes], headers: dict[str, str]) -> Any:
    return requests.post(url, data=body, headers=headers, timeout=30, allow_redirects=False)


def post_with_httpx(url: str, body: Iterator[bytes], headers: dict[str, str]) -> Any:
    return httpx.post(url, content=body, headers=headers, timeout=30)


both = pytest.mark.parametrize("post", [post_with_requests, post_with_httpx])


@both
def test_json_in_chunks_is_read(url: str, post: Post) -> None:
    body = in_pieces(json.dumps(CAROL).encode())
    answer = post(f"{url}/api/user/register", body, {"Content-Type": "application/json"})
    assert answer.status_code == 201
    assert User.objects.get().username == "carol"


@both
def test_a_form_in_chunks_is_read(url: str, post: Post, alice: User) -> None:
    """As far as to its wrong password: the processes of the tests hash passwords otherwise."""
    form = urlencode({"username": "alice@example.org", "password": "wrong"}).encode()
    answer = post(f"{url}/api/auth/login", in_pieces(form), FORM)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_grant")


@both
def test_a_pages_form_in_chunks_is_read(url: str, post: Post) -> None:
    secret = "x" * 32
    form = urlencode(CAROL | {"csrfmiddlewaretoken": secret}).encode()
    headers = FORM | {"Cookie": f"csrftoken={secret}"}
    answer = post(url + reverse("accounts:register"), in_pieces(form), headers)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert User.objects.get().username == "carol"


@both
def test_chunks_without_end_are_refused(url: str, post: Post) -> None:
    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    answer = post(f"{url}/api/auth/login", in_pieces(b"a" * (size + 1), 2**16), FORM)
    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_chunk_that_is_none_is_refused(url: str) -> None:
    port = int(url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(
            b"POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\n"
            b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"
        )
        answer = connection.recv(2000)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"Content-Type: application/problem+json" in answer


def test_a_server_that_cannot_say_where_the_body_ends_asks_for_its_length() -> None:
    answer = Client().post("/api/user/register", headers={"Transfer-Encoding": "chunked"})
    assert answer.status_code == answer.json()["status"] == HTTPStatus.LENGTH_REQUIRED
