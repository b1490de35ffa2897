"""Whatever answers a request, also a refusal on its way in, its headers are those of all others."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
LARGE = b"a" * 3_000_000
CHUNKED = {"Transfer-Encoding": "chunked"}
Ask = Callable[[Client], Any]


def post_without_token(client: Client) -> Any:
    client.handler.enforce_csrf_checks = True
    return client.post("/accounts/register/")


OF_THE_API: list[tuple[HTTPStatus, Ask]] = [
    (HTTPStatus.BAD_REQUEST, lambda client: client.get("/api/results", HTTP_HOST="other.example")),
    (HTTPStatus.BAD_REQUEST, lambda client: client.get("/api/ping?" + "x=1&" * 1001)),
    (HTTPStatus.UNAUTHORIZED, lambda client: client.get("/api/user/me")),
    (HTTPStatus.NOT_FOUND, lambda client: client.get("/api/no/such/address")),
    (HTTPStatus.NOT_FOUND, lambda client: client.get("/api/lotteries/2020-01-01")),
    (HTTPStatus.METHOD_NOT_ALLOWED, lambda client: client.delete("/api/ping")),
    (HTTPStatus.LENGTH_REQUIRED, lambda client: client.post("/api/ballots", headers=CHUNKED)),
    (
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        lambda client: client.post("/api/user/register", LARGE, "application/json"),
    ),
    (HTTPStatus.UNPROCESSABLE_ENTITY, lambda client: client.get("/api/ping?x=1")),
    (HTTPStatus.INTERNAL_SERVER_ERROR, lambda client: client.get("/api/fail")),
]
OF_PAGES: list[tuple[HTTPStatus, Ask]] = [
    (HTTPStatus.BAD_REQUEST, lambda client: client.get("/", HTTP_HOST="other.example")),
    (HTTPStatus.BAD_REQUEST, lambda client: client.get("/static/x.css", HTTP_HOST="other.example")),
    (HTTPStatus.FORBIDDEN, post_without_token),
    (HTTPStatus.NOT_FOUND, lambda client: client.get("/no/such/page")),
    (HTTPStatus.METHOD_NOT_ALLOWED, lambda client: client.delete("/")),
    (HTTPStatus.LENGTH_REQUIRED, lambda client: client.post("/", headers=CHUNKED)),
    (
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        lambda client: client.post("/accounts/register/", LARGE, FORM),
    ),
    (HTTPStatus.INTERNAL_SERVER_ERROR, lambda client: client.get("/fail/")),
]
ALL = OF_THE_API + OF_PAGES
OTHERS: list[tuple[HTTPStatus, Ask]] = [
    (HTTPStatus.OK, lambda client: client.get("/")),
    (HTTPStatus.OK, lambda client: client.get("/api/ping")),
    (HTTPStatus.NO_CONTENT, lambda client: client.options("/")),
    (HTTPStatus.NO_CONTENT, lambda client: client.options("/api/ping")),
]


@pytest.fixture
def client(db: None, settings: Settings) -> Client:
    """Of a site behind https, with a client that shows errors of the site, too."""
    settings.ROOT_URLCONF = "lottery_site.tests.failing_urls"
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    return Client(
        raise_request_exception=False,
        headers={"X-Forwarded-Proto": "https"},
    )


@pytest.mark.parametrize(("status", "asked"), ALL + OTHERS)
def test_it_has_the_headers_of_all_others(client: Client, status: HTTPStatus, asked: Ask) -> None:
    answer = asked(client)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    if status != HTTPStatus.NO_CONTENT:
        assert int(answer.headers["Content-Length"]) == len(answer.content) > 0


@pytest.mark.parametrize(("status", "asked"), OF_THE_API)
def test_the_api_answers_with_a_problem_for_no_cache(
    client: Client, status: HTTPStatus, asked: Ask
) -> None:
    answer = asked(client)
    assert (answer.headers["Content-Type"], answer.json()["status"]) == (PROBLEM, status)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/api/ping"])
def test_options_has_no_body(client: Client, path: str) -> None:
    answer = client.options(path)
    assert answer.content == b""
    assert not {"Content-Type", "Content-Length"} & set(answer.headers)


# --- What the log says of it


@pytest.mark.parametrize(("status", "asked"), ALL)
def test_the_log_warns_of_errors_of_the_site_alone(
    client: Client, caplog: pytest.LogCaptureFixture, status: HTTPStatus, asked: Ask
) -> None:
    caplog.set_level(logging.INFO)
    asked(client)
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        assert warnings == []
    else:
        (error,) = warnings
        assert (error.levelno, error.name) == (logging.ERROR, "django.request")
        assert error.exc_info


@pytest.mark.parametrize("path", ["/", "/results/", "/no/such/page"])
def test_no_shared_cache_keeps_what_says_you(alices_browser: Client, path: str) -> None:
    assert alices_browser.get(path)["Cache-Control"] == "private"


def test_the_policy_is_that_of_the_settings_in_a_fixed_order(stranger: Client) -> None:
    policy = stranger.get("/ping").headers["Content-Security-Policy"]
    assert policy.split("; ") == [
        "base-uri 'none'",
        "default-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
    ]


def test_a_view_that_changes_the_policy_changes_its_own_alone(stranger: Client) -> None:
    paths = ["/ping", "/redoc", "/ping"]
    plain, changed, after = (stranger.get(path)["Content-Security-Policy"] for path in paths)
    added = {"style-src 'self' 'unsafe-inline'", "worker-src 'self' blob:"}
    assert set(changed.split("; ")) == {*plain.split("; "), *added}
    assert after == plain
