"""Who sends what: a mail is held by one sender at a time, in the database, for all processes.

Nothing here talks to a mail server, and no transaction is open while somebody does.
"""

import logging
import uuid
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction

from accounts.mail.ends import ends
from accounts.mail.models import Mail
from accounts.mail.trouble import find_pause

logger = logging.getLogger(__name__)
# Longer than a sender may take (patience.py): then its process was killed.
LEASE = timedelta(minutes=5)
NOBODY = {"lease": None, "leased_until": None}


class LeaseLost(Exception):
    """Somebody else has the mail now, or it is gone. Nothing was marked."""


def take_mail(*, at: datetime) -> Mail | None:
    """The mail whose turn it is, held by the caller until it is marked, or for LEASE."""
    if not Mail.objects.due(at).exists():
        return None  # found out without a lock
    with transaction.atomic(durable=True):
        rows = Mail.objects.due(at).select_for_update(skip_locked=True)
        mail = rows.order_by("can_wait", "due_at").first()
        if mail:
            mail.lease, mail.leased_until = uuid.uuid4(), at + LEASE
            mail.save(update_fields=["lease", "leased_until"])
    return mail


def put_back(mail: Mail) -> None:
    """Leaves it to whoever is next, as if nobody had tried."""
    Mail.objects.filter(pk=mail.pk, lease=mail.lease).update(**NOBODY)


def drop(mail: Mail) -> None:
    """Removes what nobody is to get any more."""
    Mail.objects.filter(pk=mail.pk, lease=mail.lease).delete()


def mark_sent(mail: Mail, *, at: datetime) -> None:
    """Raises LeaseLost."""
    mail.sent_at, mail.reason = at, ""
    _end(mail, at)


def mark_failed(mail: Mail, reason: str, *, is_final: bool, at: datetime) -> None:
    """Has it tried again after a pause, or gives it up. Raises LeaseLost."""
    mail.reason, pause = reason, find_pause(mail.tries + 1)
    if is_final or pause is None:
        mail.given_up_at = at
        _end(mail, at)
        logger.warning("Given up: mail %s (%s). %s", mail.pk, mail.kind, reason)
    else:
        _mark(mail, due_at=at + pause, reason=reason, tries=mail.tries + 1)


@transaction.atomic(durable=True)
def _end(mail: Mail, at: datetime) -> None:
    if not Mail.objects.select_for_update().filter(pk=mail.pk, lease=mail.lease).exists():
        raise LeaseLost
    for end in ends:
        try:
            with transaction.atomic():
                end(mail, at)
        except (OperationalError, InterfaceError):
            raise  # the database is away for a while, or two waited for each other
        except Exception:  # the mail is out: whatever else fails, it is not sent again
            logger.exception("Mail %s is done, and what follows from it has failed.", mail.pk)
    state = {"sent_at": mail.sent_at, "given_up_at": mail.given_up_at, "reason": mail.reason}
    _mark(mail, **state, tries=mail.tries + 1)


def _mark(mail: Mail, **values: object) -> None:
    if not Mail.objects.filter(pk=mail.pk, lease=mail.lease).update(**values, **NOBODY):
        raise LeaseLost
