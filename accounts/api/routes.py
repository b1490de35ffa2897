"""Registering, the account of the one who calls, and a new password."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from accounts import choosing
from accounts.api.bearer import Token, caller
from accounts.api.schemas import Account, Changes, NewPassword, Registration
from accounts.client_address import client_network
from accounts.forms import ChangePasswordForm
from accounts.limits.rates import registrations
from accounts.models import User
from accounts.registering import register as register_account
from accounts.shared.problems import problems

router = Router(tags=["accounts"])


@router.post("/user/register", response={201: Account, **problems(400, 429)})
def register(request: HttpRequest, account: Registration) -> Status[Any]:
    """Makes a new account of a participant."""
    registrations().spend(client_network(request))
    return Status(201, register_account(**account.dict()))


@router.get("/user/me", auth=Token(), response={200: Account, **problems(401)})
def get_account(request: HttpRequest) -> User:
    """Whose token this is."""
    return caller(request)


@router.patch("/user/me", auth=Token(), response={200: Account, **problems(401, 403, 409)})
def change_account(request: HttpRequest, changes: Changes) -> User:
    """Changes the username, how one is shown at a draw, or which mails one gets."""
    choices = changes.dict(exclude_none=True)
    with transaction.atomic():
        if (username := choices.pop("username", None)) is not None:
            choosing.change_username(caller(request), username)
        choosing.choose(caller(request), **choices)
    return User.objects.get(pk=caller(request).pk)


@router.post("/user/password", auth=Token(), response={204: None, **problems(401, 429)})
def change_password(request: HttpRequest, passwords: NewPassword) -> Status[Any]:
    """Changes the password. All tokens end with the old one."""
    old, new = passwords.old_password, passwords.new_password
    data = {"old_password": old, "new_password1": new, "new_password2": new}
    form = ChangePasswordForm(caller(request), data, network=client_network(request))
    if not form.is_valid():
        # Whoever calls sends the new password once.
        names = {"new_password1": "new_password", "new_password2": "new_password"}
        errors = form.errors.as_data().items()
        raise ValidationError({names.get(field, field): each for field, each in errors})
    form.save()
    return Status(204, None)
