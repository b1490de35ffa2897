"""Who calls: the access token in the Authorization header (RFC 6750, section 2.1)."""

from typing import cast

from django.http import HttpRequest
from ninja.errors import AuthorizationError
from ninja.security import HttpBearer

from accounts.models import User
from accounts.tokens import user_of


class Token(HttpBearer):
    """An access token of anybody with an account. Cookies sign nobody in here."""

    openapi_description = "An access token from /auth/login."

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = user_of(token)
        if user:
            request.user = user
        return user


def caller(request: HttpRequest) -> User:
    """Whose token the request has."""
    return cast(User, request.user)


class AdminToken(Token):
    """An access token of an admin."""

    openapi_description = "An access token from /auth/login, of an admin."

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = super().authenticate(request, token)
        if user and not user.is_admin:
            raise AuthorizationError(message="This is for admins.")
        return user
