"""Access tokens: whose they are, and when they end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AccessToken, User
from accounts.tests.asking import ask
from accounts.tokens import issue_token, user_of


def test_a_token_is_stored_as_its_hash(alice: User) -> None:
    token = issue_token(alice)
    assert token not in str(AccessToken.objects.values())
    assert user_of(token) == alice
    assert user_of(token + "x") is user_of("") is None


def test_a_token_expires(alice: User, settings: Settings) -> None:
    settings.ACCESS_TOKEN_EXPIRE_MINUTES = 10
    at = timezone.now()
    token = issue_token(alice, at=at)
    assert user_of(token, at=at + timedelta(minutes=9)) == alice
    assert user_of(token, at=at + timedelta(minutes=10)) is None


def test_without_a_moment_it_is_valid_until_now(alice: User) -> None:
    """By the clock on the wall, on both sides of the end."""
    second = timedelta(seconds=1)
    token = issue_token(alice)
    AccessToken.objects.update(expires_at=timezone.now() + 60 * second)
    assert user_of(token) == alice
    AccessToken.objects.update(expires_at=timezone.now() - second)
    assert user_of(token) is None
    headers = {"Authorization": f"Bearer {token}"}
    assert ask("GET", "/ballots/mine", headers=headers).status_code == 401


def test_without_a_moment_it_lives_from_now(alice: User, settings: Settings) -> None:
    settings.ACCESS_TOKEN_EXPIRE_MINUTES = 10
    before = timezone.now()
    issue_token(alice)
    lives_until = AccessToken.objects.get().expires_at - timedelta(minutes=10)
    assert before <= lives_until <= timezone.now()


def test_expired_tokens_are_swept_up(alice: User) -> None:
    issue_token(alice, at=timezone.now() - timedelta(days=30))
    issue_token(alice)
    assert AccessToken.objects.count() == 1


def test_another_password_ends_all_tokens(alice: User) -> None:
    token = issue_token(alice)
    alice.set_password("another long password")
    alice.save()
    assert user_of(token) is None


def test_a_closed_account_has_no_tokens(alice: User) -> None:
    token = issue_token(alice)
    User.objects.update(is_active=False)
    assert user_of(token) is None


def test_signing_out_revokes_the_token_alone(alice: User) -> None:
    kept, token = issue_token(alice), issue_token(alice)
    headers = {"Authorization": f"Bearer {token}"}
    assert ask("POST", "/auth/logout", headers=headers).status_code == 204
    assert ask("POST", "/auth/logout", headers=headers).status_code == 401
    assert user_of(kept) == alice


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "bearer x y", "é"])
def test_what_is_no_token(db: None, header: str) -> None:
    assert ask("GET", "/ballots/mine", headers={"Authorization": header}).status_code == 401
