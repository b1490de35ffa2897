"""Who asks: the account that came with the session."""

from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from accounts.models import User


class UserMiddleware(AuthenticationMiddleware):
    """Django's own, but that it takes the account that came with the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        user: Any = SimpleLazyObject(lambda: get_user(request))
        request.user = user


def get_user(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """As Django's get_user, which is asked where anything is unusual: it ends the session."""
    return find_user(request.session) or auth.get_user(request)


def find_user(session: Any) -> User | None:
    """The account that came with the session, where all holds that Django's get_user checks."""
    key, path = session.get(auth.SESSION_KEY), session.get(auth.BACKEND_SESSION_KEY)
    user: User | None = session.user
    if user is None or str(user.pk) != key or path not in settings.AUTHENTICATION_BACKENDS:
        return None
    backend: Any = auth.load_backend(path)
    if not backend.user_can_authenticate(user):
        return None
    bound = session.get(auth.HASH_SESSION_KEY, "")
    return user if constant_time_compare(bound, user.get_session_auth_hash()) else None
