"""Signing in through the API, and what slows it down."""

from typing import Any

from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.tests.factories import PASSWORD


def sign_in(password: str) -> Any:
    return Client().post("/api/auth/login", {"username": "alice@example.org", "password": password})


def test_a_field_that_is_left_out_is_named(db: None) -> None:
    answer = Client().post("/api/auth/login", {"username": "alice@example.org"})
    assert answer.status_code == 422
    assert answer.json()["detail"] == "password: Field required."


def test_signing_in_is_limited_by_address(db: None, settings: Settings) -> None:
    settings.LOGIN_RATE = (2, 3600)
    assert [sign_in(PASSWORD).status_code for _ in range(3)] == [401, 401, 429]


def test_wrong_passwords_are_slowed_down_as_on_the_page(alice: User) -> None:
    answers = [sign_in("wrong") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429]
    assert sign_in(PASSWORD).status_code == 429
    assert 890 <= int(answers[-1]["Retry-After"]) <= 900
    assert answers[-1]["Content-Type"] == "application/problem+json"


def test_the_right_password_ends_the_count_of_wrong_ones(alice: User) -> None:
    passwords = (["wrong"] * 4 + [PASSWORD]) * 2
    answers = [sign_in(password).status_code for password in passwords]
    assert answers == ([401] * 4 + [200]) * 2
