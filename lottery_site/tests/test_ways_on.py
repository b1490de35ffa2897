"""Where something cannot be done, the page is the site's own and leads on."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

PAGES = reverse("ballots:open_lotteries")


def has_a_way_on(page: str, settings: Settings) -> bool:
    return f'href="{PAGES}"' in page and f">{settings.PROJECT_NAME}</a>" in page


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_method_that_a_page_does_not_take(
    alices_browser: Client, settings: Settings, method: str
) -> None:
    answer = getattr(alices_browser, method)(reverse("ballots:results"))
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert f"does not take {method.upper()}. Nothing was done." in answer.content.decode()
    assert has_a_way_on(answer.content.decode(), settings)


def test_the_api_keeps_its_problem_details(stranger: Client) -> None:
    answer = stranger.delete("/api/lotteries")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize(
    ("limit", "status"),
    [
        ({"DATA_UPLOAD_MAX_MEMORY_SIZE": 10}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        ({"DATA_UPLOAD_MAX_NUMBER_FIELDS": 1}, HTTPStatus.BAD_REQUEST),
    ],
)
def test_a_body_that_is_too_large(
    stranger: Client, settings: Settings, limit: dict[str, int], status: int
) -> None:
    for name, value in limit.items():
        setattr(settings, name, value)
    answer = stranger.post(reverse("accounts:sign_in"), {"username": "x" * 100, "password": "x"})
    assert answer.status_code == status
    assert "Nothing was stored." in answer.content.decode()
    assert has_a_way_on(answer.content.decode(), settings)


@pytest.mark.urls("lottery_site.tests.failing_urls")
def test_a_refusal_has_its_sentence_and_its_status(stranger: Client, settings: Settings) -> None:
    answer = stranger.post("/refuse/")
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "Too many steps: wait 5 seconds." in answer.content.decode()
    assert 'href="/refuse/"' in answer.content.decode()
    assert has_a_way_on(answer.content.decode(), settings)


@pytest.mark.urls("lottery_site.tests.failing_urls")
def test_an_error_of_ours(db: None, settings: Settings) -> None:
    browser = Client(raise_request_exception=False)
    answer = browser.get("/fail/")
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert has_a_way_on(answer.content.decode(), settings)
    for address in ("/", "/lotteries/", "/ballots/"):
        assert f'href="{address}"' in answer.content.decode()
        assert browser.get(address).status_code < HTTPStatus.BAD_REQUEST


def test_an_address_that_is_none(stranger: Client, settings: Settings) -> None:
    answer = stranger.get("/no/such/page")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert has_a_way_on(answer.content.decode(), settings)


def test_an_expired_form_of_any_page(db: None, settings: Settings) -> None:
    address = reverse("accounts:reset_password")
    answer = Client(enforce_csrf_checks=True).post(address, {"email": "alice@example.org"})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert f'href="{address}">Open the form again' in answer.content.decode()
    assert has_a_way_on(answer.content.decode(), settings)
