"""What people choose of their own account, and may change whenever they like."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.mail.models import Kind
from accounts.mail.queueing import queue_mail
from accounts.models import User
from accounts.refusals import AccountGone, PlaceHeld
from accounts.shared.storing import store
from accounts.stakes import first_answer, held_places


@transaction.atomic
def change_username(user: User, username: str) -> None:
    """Gives the account another name; a name that a draw made public stays in its record.

    Raises PlaceHeld until a place that the person holds is handed over, AccountGone, and
    ValidationError where the name cannot be had.
    """
    person = User.objects.lock(user)
    check_active(person)
    check_renaming(person)
    person.username = username
    store(person)


def check_active(user: User) -> None:
    if not user.is_active:
        raise AccountGone


def check_renaming(user: User) -> None:
    """Raises PlaceHeld."""
    if place := first_answer(held_places, user):
        raise PlaceHeld(place=place)


@transaction.atomic
def change_password(user: User, password: str, *, at: datetime | None = None) -> None:
    """Gives the account another password, which ends its sessions and tokens, and tells it by mail.

    Raises AccountGone.
    """
    check_active(User.objects.lock(user))
    user.set_password(password)
    user.save(update_fields=["password"])
    queue_mail(Kind.PASSWORD_CHANGED, user, at=at)


def choose(user: User, **choices: bool) -> None:
    """Stores is_shown_by_code, wants_receipts and wants_results, those that are given.

    How the person is shown counts at the draw. Raises AccountGone.
    """
    if choices and not User.objects.filter(pk=user.pk, is_active=True).update(**choices):
        raise AccountGone


def sign_out_everywhere(user: User) -> None:
    """Ends all sessions and access tokens of the account."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
        user.access_tokens.all().delete()
    user.refresh_from_db()
