"""Access tokens of the API: 32 random bytes, of which the database has only the SHA-256."""

import base64
import hashlib
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.limits.rates import tokens
from accounts.models import AccessToken, User
from accounts.shared.prepared import PreparedQuery


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(
    user: User,
    *,
    at: datetime | None = None,
    random_bytes: Callable[[int], bytes] = os.urandom,
) -> str:
    """A token for the user, valid for ACCESS_TOKEN_EXPIRE_MINUTES. It is shown this once.

    Raises TooManyRequests.
    """
    at = at or timezone.now()
    tokens().spend(user.pk, at=at)
    token = base64.urlsafe_b64encode(random_bytes(32)).decode().rstrip("=")
    user.access_tokens.filter(expires_at__lte=at).delete()
    AccessToken.objects.create(
        digest=digest_of(token),
        user=user,
        password_hash=user.get_session_auth_hash(),
        expires_at=at + timedelta(minutes=settings.ACCESS_TOKEN_EXPIRE_MINUTES),
    )
    return token


def write_token_query(digest: Any, at: Any) -> QuerySet[AccessToken]:
    tokens = AccessToken.objects.filter(digest=digest, expires_at__gt=at)
    return tokens.select_related("user")


find_token = PreparedQuery(write_token_query, "digest", "at")


def user_of(token: str, *, at: datetime | None = None) -> User | None:
    """Whose token it is; None if nobody's, or no longer."""
    found = find_token.first(digest_of(token), at or timezone.now())
    if found is None or not found.user.is_active:
        return None
    is_current = constant_time_compare(found.password_hash, found.user.get_session_auth_hash())
    return found.user if is_current else None


def revoke_token(token: str) -> None:
    AccessToken.objects.filter(digest=digest_of(token)).delete()


def delete_expired_tokens(*, at: datetime) -> None:
    AccessToken.objects.filter(expires_at__lte=at).delete()
