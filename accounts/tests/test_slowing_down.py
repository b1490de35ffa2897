"""Wrong passwords are slowed down: few from one place, and not many for one account in all."""

from http import HTTPStatus

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.limits.models import Count
from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tests.guesses import MOST_WRONG, guess, guess_from_everywhere, post


def test_after_five_wrong_ones_even_the_right_one_has_to_wait(
    stranger: Client, alice: User
) -> None:
    assert guess(stranger, alice.email).status_code == HTTPStatus.TOO_MANY_REQUESTS
    answer = post(stranger, alice.email, PASSWORD)
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "Wait 15 minutes before you try again" in answer.content.decode()
    assert 890 <= int(answer.headers["Retry-After"]) <= 900
    assert reverse("accounts:reset_password") in answer.content.decode()


def test_four_wrong_ones_are_forgotten_after_the_right_one(stranger: Client, alice: User) -> None:
    for _ in range(2):
        assert guess(stranger, alice.email, MOST_WRONG - 1).status_code == HTTPStatus.OK
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


def test_the_addresses_of_one_network_count_together(
    stranger: Client, alice: User, settings: Settings
) -> None:
    """A provider gives one person 2**64 addresses of IPv6."""
    guess(stranger, alice.email, REMOTE_ADDR="2001:db8::1")
    same = post(Client(), alice.email, PASSWORD, REMOTE_ADDR="2001:db8::2")
    assert same.status_code == HTTPStatus.TOO_MANY_REQUESTS
    other = post(Client(), alice.email, PASSWORD, REMOTE_ADDR="2001:db8:0:1::1")
    assert other.status_code == HTTPStatus.FOUND


def test_guesses_from_everywhere_meet_a_limit(stranger: Client, alice: User) -> None:
    answer = guess_from_everywhere(alice.email)
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    answer = post(Client(), alice.email, PASSWORD, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "Wait 60 minutes" in answer.content.decode()


def test_that_limit_is_not_of_accounts_alone(stranger: Client, db: None) -> None:
    """Otherwise it would tell who has one."""
    answer = guess_from_everywhere("nobody@example.org")
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_the_browser_of_the_owner_gets_in_meanwhile(stranger: Client, alice: User) -> None:
    assert post(stranger, alice.email, PASSWORD).status_code == HTTPStatus.FOUND
    stranger.post(reverse("accounts:sign_out"))
    guess_from_everywhere(alice.email)
    assert post(stranger, alice.email, PASSWORD).status_code == HTTPStatus.FOUND


def test_programs_have_that_door_too(stranger: Client, alice: User) -> None:
    form = {"username": alice.email, "password": PASSWORD}
    assert stranger.post("/api/auth/login", form).status_code == HTTPStatus.OK
    guess_from_everywhere(alice.email)
    assert stranger.post("/api/auth/login", form).status_code == HTTPStatus.OK
    assert Client().post("/api/auth/login", form).status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_a_known_browser_has_a_few_tries_of_its_own(stranger: Client, alice: User) -> None:
    post(stranger, alice.email, PASSWORD)
    stranger.post(reverse("accounts:sign_out"))
    assert guess(stranger, alice.email).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert post(stranger, alice.email, PASSWORD).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert post(Client(), alice.email, PASSWORD).status_code == HTTPStatus.FOUND


def test_a_browser_is_known_to_its_account_alone(stranger: Client, alice: User, bob: User) -> None:
    post(stranger, bob.email, PASSWORD)
    stranger.post(reverse("accounts:sign_out"))
    guess_from_everywhere(alice.email)
    answer = post(stranger, alice.email, PASSWORD)
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_a_browser_is_known_until_the_password_changes(stranger: Client, alice: User) -> None:
    post(stranger, alice.email, PASSWORD)
    stranger.post(reverse("accounts:sign_out"))
    alice.set_password("another horse, another staple")
    alice.save()
    guess_from_everywhere(alice.email)
    answer = post(stranger, alice.email, "another horse, another staple")
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_a_made_up_cookie_is_worth_nothing(stranger: Client, alice: User) -> None:
    guess_from_everywhere(alice.email)
    for made_up in ("", "x", f"{alice.pk}:x:y", "é" * 5000):
        stranger.cookies["device"] = made_up
        answer = post(stranger, alice.email, PASSWORD)
        assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_the_cookie_is_the_servers_alone(stranger: Client, alice: User) -> None:
    cookie = post(stranger, alice.email, PASSWORD).cookies["device"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_an_unknown_address_hashes_like_a_known_one(
    stranger: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def count(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    for email in (alice.email, "nobody@example.org"):
        hashed.clear()
        guess(stranger, email, 1)
        assert hashed == ["wrong guess"]
        guess(stranger, email, MOST_WRONG - 1)
        hashed.clear()
        guess(stranger, email, 1)
        assert not hashed  # the limit comes first


def test_neither_passwords_nor_addresses_are_kept(
    stranger: Client, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    guess(stranger, alice.email)
    post(stranger, alice.email, PASSWORD)
    kept = [*Count.objects.values_list()]
    assert kept
    for secret in ("wrong guess", PASSWORD):
        assert secret not in str(kept)
        assert secret not in caplog.text
    assert alice.email not in str(kept)
    assert "127.0.0.1" not in str(kept)
