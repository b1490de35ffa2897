"""Who acts, and the line that each verb writes about it, in its own transaction."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from getpass import getuser

from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from accounts.audit.models import AuditEntry, Door
from accounts.client_address import client_address
from accounts.models import User


@dataclass(frozen=True)
class Actor:
    """Who acts, through which door and from where. The user is None where a command acts."""

    user: User | None
    door: Door
    address: str
    name: str


def actor_of_request(request: HttpRequest, door: Door) -> Actor:
    """The admin who is signed in."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  every door has checked who it is
    return Actor(user, door, client_address(request), user.username)


def operator() -> Actor:
    """Whoever runs a command: a person at a shell, or the schedule."""
    try:
        name = getuser()
    except (KeyError, OSError):  # containers run as users without a name
        name = f"user {os.getuid()}"
    return Actor(None, Door.COMMAND, "", name)


def write_entry(
    by: Actor | None,
    verb: str,
    target: models.Model | type[models.Model],
    *,
    old: Mapping[str, object] | None = None,
    new: Mapping[str, object] | None = None,
    at: datetime | None = None,
) -> None:
    """Writes what was done to the target, with nothing secret; nothing if no admin did it.

    The target is a row, or a model where it was done to all of its rows.
    """
    if by is None:
        return
    is_row = isinstance(target, models.Model)
    AuditEntry.objects.create(
        at=at or timezone.now(),
        who=by.name,
        participant=by.user.pk if by.user else None,
        door=by.door,
        address=by.address,
        verb=verb,
        kind=str(target._meta.verbose_name),
        key=str(target.pk) if is_row else "",
        name=str(target) if is_row else f"all {target._meta.verbose_name_plural}",
        old=dict(old or {}),
        new=dict(new or {}),
    )
