"""Probes ask by any name; everybody else by the site's own."""

import logging
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

pytestmark = pytest.mark.once

PROBES = [reverse("ballots:health"), reverse("ping"), "/api/health", "/api/ping", "/api/health/"]
OTHERS = ["/", "/no/such/page", "/static/site.css", "/healthy", "/health/x", "/api"]
HOSTS = ["10.0.0.5:8000", "other.example", "a_b", "[::1", "x y", "a,b", "", "ü.example", "x" * 5000]


@pytest.fixture(params=["http", "https", "https behind two proxies"])
def site(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    settings.ALLOWED_HOSTS = ["lottery.example.org", "localhost"]
    settings.SITE_URL = "https://lottery.example.org"
    settings.SECURE_SSL_REDIRECT = request.param != "http"
    settings.TRUSTED_PROXIES = 2 if "proxies" in request.param else 0
    if settings.TRUSTED_PROXIES:
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    return settings


@pytest.mark.parametrize("path", PROBES)
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_probe_is_answered_by_any_name_without_a_word(
    site: Settings, stranger: Client, caplog: pytest.LogCaptureFixture, path: str, method: str
) -> None:
    caplog.set_level(logging.INFO)
    for host in HOSTS:
        answer = getattr(stranger, method)(path, HTTP_HOST=host)
        assert answer.status_code == HTTPStatus.OK, host
    assert getattr(stranger, method)(path).status_code == HTTPStatus.OK  # no Host
    assert caplog.text == ""


@pytest.mark.parametrize("host", [host for host in HOSTS if host])
@pytest.mark.parametrize(
    "path", ["/", "/no/such/page", "/static/site.css", "/healthy", "/health/x"]
)
def test_another_is_one_line_at_info_and_a_page_of_the_site(
    site: Settings, stranger: Client, caplog: pytest.LogCaptureFixture, host: str, path: str
) -> None:
    caplog.set_level(logging.INFO)
    answer = stranger.get(path, HTTP_HOST=host)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "The address of this site is https://lottery.example.org" in answer.content.decode()
    assert site.PROJECT_NAME in answer.content.decode()
    assert_one_line(caplog)


@pytest.mark.parametrize("path", ["/api/lotteries", "/api/auth/login", "/api/no/such/address"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_program_is_told_so_in_a_problem(
    site: Settings, stranger: Client, caplog: pytest.LogCaptureFixture, path: str, method: str
) -> None:
    caplog.set_level(logging.INFO)
    answer: Any = getattr(stranger, method)(path, HTTP_HOST="other.example")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "The address of this site is https://lottery.example.org"
    assert_one_line(caplog)


def test_a_line_break_in_a_name_is_no_second_line(
    site: Settings, stranger: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stranger.get("/", HTTP_HOST="a\r\nb")
    assert_one_line(caplog)


def assert_one_line(caplog: pytest.LogCaptureFixture) -> None:
    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert not record.exc_info
    assert len(caplog.text.splitlines()) == 1
    assert len(caplog.text) < 1000


def test_its_own_name_is_known(settings: Settings, stranger: Client) -> None:
    settings.ALLOWED_HOSTS = ["lottery.example.org", "localhost"]
    for host in ("lottery.example.org", "LOTTERY.example.org:443", "localhost:8000"):
        assert stranger.get("/", HTTP_HOST=host).status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    ("scheme", "status"), [("https", 200), ("HTTPS", 200), ("Https, http", 200), ("HTTP", 301)]
)
def test_the_scheme_of_a_proxy_is_read_in_any_case(
    db: None, settings: Settings, stranger: Client, scheme: str, status: int
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    home = reverse("ballots:home")
    assert stranger.get(home, HTTP_X_FORWARDED_PROTO=scheme).status_code == status
