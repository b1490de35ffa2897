"""What is over is deleted, and nothing else."""

from datetime import timedelta

from django.utils import timezone

from accounts.cleaning import delete_what_is_over
from accounts.limits.models import Count
from accounts.models import AccessToken, Session, User
from accounts.sessions.store import SessionStore
from accounts.tokens import issue_token, user_of


def keep_a_session(*, seconds: int) -> None:
    session = SessionStore()
    session.set_expiry(timezone.now() + timedelta(seconds=seconds))
    session.save()


def test_old_sessions_tokens_and_counts_go(alice: User) -> None:
    at = timezone.now()
    issue_token(alice, at=at - timedelta(days=30))
    keep_a_session(seconds=-60)
    delete_what_is_over(at=at)
    assert not AccessToken.objects.exists()
    assert not Session.objects.exists()
    assert not Count.objects.exists()


def test_those_that_are_valid_stay(alice: User) -> None:
    at = timezone.now()
    token = issue_token(alice, at=at)
    keep_a_session(seconds=60)
    delete_what_is_over(at=at)
    assert user_of(token) == alice
    assert Session.objects.count() == 1
    assert Count.objects.count() == 1
