"""How a mail gets into the outbox: in the transaction of what it tells of, or not at all."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.mail.bell import bell
from accounts.mail.models import Kind, Mail
from accounts.models import User

BATCH = 1000  # rows in a statement


def queue_mail(
    kind: Kind | str,
    user: User | None,
    *,
    to: str | None = None,
    facts: Mapping[str, object] | None = None,
    at: datetime | None = None,
) -> Mail:
    """A mail to the user, at another address than the account's where to is one.

    Facts are what its templates need beside the user: JSON, and nothing secret. No user, and an
    address: whoever has it when the mail is sent, if anybody.
    """
    mail = build_mail(kind, user, to, facts, at or timezone.now())
    mail.save(force_insert=True)
    transaction.on_commit(bell.ring)
    return mail


def queue_mails(
    kind: Kind | str,
    users: Iterable[User],
    *,
    facts: Mapping[str, object] | None = None,
    at: datetime | None = None,
) -> list[Mail]:
    """The same mail to each of the users, in few statements."""
    at = at or timezone.now()
    return store_mails(build_mail(kind, user, None, facts, at) for user in users)


def store_mails(mails: Iterable[Mail]) -> list[Mail]:
    """Puts the mails in the outbox, in few statements."""
    transaction.on_commit(bell.ring)
    return Mail.objects.bulk_create(mails, batch_size=BATCH)


def build_mail(
    kind: Kind | str,
    user: User | None,
    to: str | None,
    facts: Mapping[str, object] | None,
    at: datetime,
) -> Mail:
    """A mail that is not in the outbox yet: store_mails puts it there."""
    return Mail(
        kind=Kind(kind),
        user=user,
        to=to or "",
        facts=dict(facts or {}),
        can_wait=kind == Kind.RESULTS,
        queued_at=at,
        due_at=at,
    )
