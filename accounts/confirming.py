"""Confirming an e-mail address, by a link that was mailed to it; changing it is the same act.

The link says whose address it is to be. It works signed in or not, for AGE, and only while the
account has the address, the password and the sessions that it had: whoever got in for a while
leaves no link behind that works later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.mail.models import Kind, Mail
from accounts.mail.queueing import queue_mail
from accounts.models import User
from accounts.refusals import AccountGone, LinkWorksNoMore
from accounts.shared.addresses import readable_email
from accounts.shared.storing import store

SALT = "accounts.confirming"
AGE = timedelta(days=3)


@dataclass(frozen=True)
class Confirmation:
    """What a link asks for: that this is the address of the account."""

    user: User
    address: str

    @property
    def is_done(self) -> bool:
        return self.user.email == self.address and self.user.email_confirmed_at is not None

    @property
    def readable_address(self) -> str:
        return readable_email(self.address)


def confirmation_token(
    user: User, address: str, *, made_for: str, at: datetime | None = None
) -> str:
    """What the link ends with by which the address, the account's own or a new one, is confirmed.

    It is made for the account as mark() saw it when the mail was queued.
    """
    until = int(((at or timezone.now()) + AGE).timestamp())
    return Signer(salt=SALT).sign_object([str(user.pk), address, until, made_for])


def mark(user: User) -> str:
    """What changes with the address, the password and the sessions of the account.

    When the address was confirmed is part of it: a link that was used works no more after another
    one, even one that changes the address back.
    """
    bound = f"{user.get_session_auth_hash()} {user.email} {user.email_confirmed_at}"
    return salted_hmac(SALT, bound, algorithm="sha256").hexdigest()[:32]  # 128 bits: a shorter link


def read_token(token: str, *, at: datetime | None = None) -> Confirmation:
    """Raises LinkWorksNoMore for what is altered, too old, or of an account that has changed."""
    try:
        pk, address, until, made_for = Signer(salt=SALT).unsign_object(token)
    except (BadSignature, ValueError) as error:
        raise LinkWorksNoMore from error
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or until <= (at or timezone.now()).timestamp():
        raise LinkWorksNoMore
    confirmation = Confirmation(user, address)
    if not confirmation.is_done and not constant_time_compare(made_for, mark(user)):
        raise LinkWorksNoMore
    return confirmation


def confirm_address(token: str, *, at: datetime | None = None) -> Confirmation:
    """Makes the address the account's, as a confirmed one. Done twice, it changes nothing.

    Where it is another address than before, both are told. Raises LinkWorksNoMore, and
    ValidationError where somebody else has the address by now.
    """
    at = at or timezone.now()
    with transaction.atomic():
        try:
            User.objects.lock(read_token(token, at=at).user)
        except AccountGone as error:
            raise LinkWorksNoMore from error
        confirmation = read_token(token, at=at)  # as it is under the lock
        if not confirmation.is_done:
            _set_address(confirmation.user, confirmation.address, at=at)
    return confirmation


def _set_address(user: User, address: str, *, at: datetime) -> None:
    before, user.email, user.email_confirmed_at = user.email, address, at
    store(user)
    if address != before:
        Mail.objects.asked_for(before).delete()  # whoever has the address next sees none of them
        facts = {"before": readable_email(before), "after": readable_email(address)}
        for to in (before, address):
            queue_mail(Kind.EMAIL_CHANGED, user, to=to, facts=facts, at=at)


def queue_confirmation(user: User, *, to: str | None = None, at: datetime | None = None) -> None:
    """Mails the link to the account's address, or to the one that it shall have."""
    facts = {"made_for": mark(user)}
    queue_mail(Kind.CONFIRM, user, to=to or user.email, facts=facts, at=at)


def confirm_without_link(user: User, *, at: datetime | None = None) -> None:
    """For who has proved by another mailed link that the address is theirs."""
    unconfirmed = User.objects.filter(pk=user.pk, email=user.email, email_confirmed_at=None)
    unconfirmed.update(email_confirmed_at=at or timezone.now())
