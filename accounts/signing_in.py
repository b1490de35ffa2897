"""Signing in, whichever door it comes by."""

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from accounts.client_address import client_network
from accounts.limits.devices import find_device
from accounts.limits.guessing import (
    OF_THE_OLD,
    begin_try,
    counts_of_sign_in,
    end_right_try,
    end_wrong_try,
)
from accounts.limits.rates import password_hashes
from accounts.models import User
from accounts.shared.addresses import canonical_email


@sensitive_variables("password")
def identify(request: HttpRequest, *, email: str, password: str) -> User | None:
    """Whose e-mail address and password these are; None if nobody's, or of an inactive account.

    An unknown address costs and counts like a known one. Raises ValidationError for what
    can be no address, TooManyRequests and TooManyWrongPasswords, before the password is hashed.
    """
    email = canonical_email(email)
    network = client_network(request)
    password_hashes().spend(network)
    counts = counts_of_sign_in(email, network, find_device(request, email))
    begin_try(counts)
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        end_wrong_try(counts)
        return None
    end_right_try(counts)
    return user


@sensitive_variables("password")
def is_password_of(user: User, password: str, *, network: str, hashes: int = 1) -> bool:
    """Whether this is the password of the person who is signed in.

    It has limits: whoever finds a browser or a token cannot guess the password. Raises
    TooManyRequests and TooManyWrongPasswords, before any of the hashes is made.
    """
    password_hashes().spend(network, by=hashes)
    counts = [(OF_THE_OLD, str(user.pk))]
    begin_try(counts)
    is_right = user.check_password(password)
    if is_right:
        end_right_try(counts)
    else:
        end_wrong_try(counts)
    return is_right
