"""The browsers that an account knows: a cookie says that its password was right here before.

It signs nobody in. It is worth nothing for another account, or with another password.
"""

import os
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

COOKIE = "device"
SALT = "accounts.limits.devices"
AGE = timedelta(days=365)


def remember_device(
    response: HttpResponseBase, user: User, *, random_bytes: Callable[[int], bytes] = os.urandom
) -> None:
    """Gives the browser a cookie of this account, after it showed the password or set it."""
    content = [str(user.pk), random_bytes(16).hex(), password_mark(user)]
    response.set_cookie(
        COOKIE,
        signing.dumps(content, salt=SALT),
        max_age=AGE,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def find_device(request: HttpRequest, email: str) -> str | None:
    """The device of the request, if the account of this address knows it."""
    try:
        pk, device, mark = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, email=email).first()
    is_known = user is not None and constant_time_compare(mark, password_mark(user))
    return str(device) if is_known else None


def password_mark(user: User) -> str:
    return salted_hmac(SALT, user.password, algorithm="sha256").hexdigest()
