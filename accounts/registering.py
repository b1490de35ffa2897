"""Every change to an account that has a rule goes through here, whichever door it comes by."""

from copy import copy

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.audit.writing import Actor, write_entry
from accounts.confirming import queue_confirmation
from accounts.groups import ADMIN_GROUP
from accounts.mail.models import Mail
from accounts.models import User
from accounts.notifying import tell_of_change
from accounts.refusals import AccountAtStake, AccountClosed
from accounts.shared.storing import store
from accounts.stakes import what_is_at_stake

# What the log of the admins' acts says of an account: nothing secret.
LOGGED = ("email", "username", "is_staff", "is_active")


@sensitive_variables("password")
@transaction.atomic
def register(
    *,
    email: str,
    username: str,
    password: str,
    is_admin: bool = False,
    is_made_up: bool = False,
    by: Actor | None = None,
) -> User:
    """A new account, made by an admin or (None) by the person.

    A participant is mailed a link to confirm the address, unless nobody reads its mail because the
    person is made up.
    Raises ValidationError, by field, for what cannot be accepted.
    """
    user = User(email=email, username=username, is_staff=is_admin)
    if is_made_up:
        user.email_confirmed_at = user.registered_at
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    user.set_password(password)
    store(user)
    if is_admin:
        _follow_role(user)
    elif not is_made_up:  # admins hold no place, and need to confirm nothing
        queue_confirmation(user)
    write_entry(by, "register", user, new=_facts(user))
    return user


@transaction.atomic
def change_account(user: User, *, by: Actor) -> None:
    """Stores what an admin changed of a person's account, and tells the person by mail.

    Raises AccountAtStake while the person has something at stake, AccountGone, and
    ValidationError, by field.
    """
    person = User.objects.lock(user)  # no ballot comes in meanwhile
    before, old, new = copy(person), _facts(person), _facts(user)
    changed = [field for field in LOGGED if old[field] != new[field]]
    if not changed:
        return
    check_stake(person)
    for field in changed:  # what the person changed meanwhile stays
        setattr(person, field, new[field])
    if "email" in changed:
        person.email_confirmed_at = None
        Mail.objects.asked_for(before.email).delete()  # as where the person changes it
    store(person)
    _follow_role(person)
    if "email" in changed and not person.is_admin:
        queue_confirmation(person)
    write_entry(
        by,
        "change",
        person,
        old={field: old[field] for field in changed},
        new={field: new[field] for field in changed},
    )
    tell_of_change(before, changed)


@transaction.atomic
def set_role(user: User, *, is_admin: bool, by: Actor | None = None) -> None:
    """Makes the account an admin's or a participant's. Raises AccountAtStake and AccountGone."""
    before = User.objects.lock(user)
    if before.is_staff != is_admin or before.closed_at:
        check_stake(before)
    user.is_staff = is_admin
    user.save(update_fields=["is_staff"])
    _follow_role(user)
    old, new = {"is_staff": before.is_staff}, {"is_staff": is_admin}
    write_entry(by, "change", user, old=old, new=new)


@transaction.atomic
def delete_account(user: User, *, by: Actor) -> None:
    """Removes an account without ballots. Raises AccountAtStake and AccountGone."""
    check_stake(User.objects.lock(user))
    write_entry(by, "delete", user, old=_facts(user))
    Mail.objects.of(user).delete()
    user.delete()


def check_stake(user: User) -> None:
    """Raises AccountAtStake and AccountClosed where admins may not touch the account now."""
    if user.closed_at:
        raise AccountClosed
    if stake := what_is_at_stake(user):
        raise AccountAtStake(username=user.username, stake=stake)


def _follow_role(user: User) -> None:
    """Has the admins' group follow the role."""
    group = Group.objects.get(name=ADMIN_GROUP)
    if user.is_staff:
        user.groups.add(group)
    else:
        user.groups.remove(group)


def _facts(user: User) -> dict[str, object]:
    return {field: getattr(user, field) for field in LOGGED}
