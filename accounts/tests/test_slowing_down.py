"""Wrong passwords are slowed down, for each account and address from which they come."""

from http import HTTPStatus
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.tests.factories import PASSWORD

SIGN_IN = reverse("accounts:sign_in")


def post(browser: Client, email: str, password: str, **extra: Any) -> Any:
    return browser.post(SIGN_IN, {"username": email, "password": password}, **extra)


def guess(browser: Client, email: str, **extra: Any) -> Any:
    """As many wrong passwords as are allowed; returns the answer to the last one."""
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = post(browser, email, "wrong guess", **extra)
    return answer


def test_after_five_wrong_ones_even_the_right_one_has_to_wait(
    stranger: Client, alice: User
) -> None:
    assert guess(stranger, alice.email).status_code == HTTPStatus.TOO_MANY_REQUESTS
    answer = post(stranger, alice.email, PASSWORD)
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "Wait a quarter of an hour" in answer.content.decode()
    assert reverse("accounts:reset_password") in answer.content.decode()


def test_four_wrong_ones_are_forgotten_after_the_right_one(stranger: Client, alice: User) -> None:
    for _ in range(2):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            assert post(stranger, alice.email, "wrong").status_code == HTTPStatus.OK
        assert post(stranger, alice.email, PASSWORD).status_code == HTTPStatus.FOUND
        stranger.logout()


def test_spellings_of_an_address_count_as_one_account(stranger: Client, alice: User) -> None:
    for email in (
        "alice@example.org",
        "ALICE@example.org",
        "Alice@Example.Org",
        " alice@example.org",
    ):
        assert post(stranger, email, "wrong").status_code == HTTPStatus.OK
    answer = post(stranger, "aLICE@example.org", "wrong")
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_an_address_without_an_account_is_slowed_down_alike(stranger: Client, db: None) -> None:
    assert guess(stranger, "nobody@example.org").status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_others_are_not_slowed_down(stranger: Client, alice: User, bob: User) -> None:
    guess(stranger, alice.email)
    assert post(stranger, bob.email, PASSWORD).status_code == HTTPStatus.FOUND
    elsewhere = post(Client(), alice.email, PASSWORD, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == HTTPStatus.FOUND


def test_a_claimed_address_does_not_help(stranger: Client, alice: User) -> None:
    guess(stranger, alice.email)
    answer = post(stranger, alice.email, PASSWORD, HTTP_X_FORWARDED_FOR="192.0.2.7")
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_behind_a_proxy_its_word_counts(stranger: Client, alice: User, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    guess(stranger, alice.email, HTTP_X_FORWARDED_FOR="192.0.2.7")
    answer = post(stranger, alice.email, PASSWORD, HTTP_X_FORWARDED_FOR="192.0.2.8")
    assert answer.status_code == HTTPStatus.FOUND


def test_what_a_visitor_claims_before_the_proxy_does_not(
    stranger: Client, alice: User, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    guess(stranger, alice.email, HTTP_X_FORWARDED_FOR="192.0.2.7")
    claimed = "198.51.100.1, 192.0.2.7"
    answer = post(stranger, alice.email, PASSWORD, HTTP_X_FORWARDED_FOR=claimed)
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_an_address_that_cannot_be_read_locks_nobody_else_out(
    stranger: Client, alice: User, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    guess(stranger, alice.email, HTTP_X_FORWARDED_FOR="somewhere")
    for elsewhere in ("elsewhere", "192.0.2.7:5678"):
        answer = post(Client(), alice.email, PASSWORD, HTTP_X_FORWARDED_FOR=elsewhere)
        assert answer.status_code == HTTPStatus.FOUND


def test_no_password_is_kept(
    stranger: Client, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    guess(stranger, alice.email)
    post(stranger, alice.email, PASSWORD)
    kept = [*AccessAttempt.objects.values_list(), *AccessLog.objects.values_list()]
    assert kept
    for secret in ("wrong guess", PASSWORD):
        assert secret not in str(kept)
        assert secret not in caplog.text
