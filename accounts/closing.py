"""Closing one's account: what is private goes, and what proves the draws stays."""

import os
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from accounts.mail.models import Mail, MailQuerySet
from accounts.models import User
from accounts.refusals import AccountGone, AdminsKeepTheirAccount, PlaceUnclaimed
from accounts.stakes import first_answer, unclaimed_places

# What the apps above remove of the person's private texts, while the account is held. Whoever adds
# such a text holds the account first, and finds it closed if it is.
removals: list[Callable[[User], object]] = []


@transaction.atomic
def close_account(
    user: User,
    *,
    at: datetime | None = None,
    random_bytes: Callable[[int], bytes] = os.urandom,
) -> None:
    """Removes what is private of the account, for good: ballots, codes and proofs stay.

    Raises AccountGone (also for one that is closed), AdminsKeepTheirAccount, and PlaceUnclaimed
    while the person has a place to claim.
    """
    person = User.objects.lock(user)  # no ballot, claim or place comes in meanwhile
    check_closing(person)
    mails = Mail.objects.of(person)  # by the address that goes, too
    _make_nobodys(person, UUID(bytes=random_bytes(16), version=4))
    person.is_active, person.closed_at = False, at or timezone.now()
    person.save()  # a mail that is queued from here on waits, and finds nobody to go to
    _drop(mails)
    for remove in removals:
        remove(person)
    person.access_tokens.all().delete()
    person.sessions.all().delete()
    _forget_name(person)


def _drop(mails: MailQuerySet) -> None:
    """Sent or not. They are held first, because whoever marks one as sent holds it first, too."""
    list(mails.select_for_update().order_by("pk").values_list("pk"))
    mails.delete()


def check_closing(user: User) -> None:
    """Raises what close_account would refuse now."""
    if user.closed_at or not user.is_active:
        raise AccountGone
    if user.is_admin:
        raise AdminsKeepTheirAccount
    if place := first_answer(unclaimed_places, user):
        raise PlaceUnclaimed(place=place)


def _make_nobodys(user: User, mark: UUID) -> None:
    """A name and an address that are nobody's and cannot be guessed (RFC 2606, section 2)."""
    user.username, user.email = f"closed {mark}", f"{mark}@closed.invalid"
    user.set_unusable_password()
    user.last_login = user.email_confirmed_at = None
    user.is_shown_by_code = True  # should a ballot of theirs win yet
    user.wants_receipts = user.wants_results = False


def _forget_name(user: User) -> None:
    """Django admin keeps the name of what was edited there. The log of acts is never changed."""
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=kind, object_id=user.pk).update(object_repr=str(user))
