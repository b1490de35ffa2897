"""One try of one mail."""

import logging
from collections.abc import Callable
from datetime import datetime
from time import sleep

from django.core.mail import EmailMessage, get_connection
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from accounts.mail.leases import LeaseLost, drop, mark_failed, mark_sent, put_back, take_mail
from accounts.mail.links import SWITCHES
from accounts.mail.mailings import queue_more
from accounts.mail.models import Mail
from accounts.mail.patience import Patience
from accounts.mail.rendering import write_mail
from accounts.mail.trouble import find_replies, is_final, tell_trouble
from accounts.models import User

logger = logging.getLogger(__name__)
TRIES = 30  # of the database, a second apart, to write down what became of a mail


def send_due(*, clock: Callable[[], datetime] = timezone.now) -> int:
    """Tries each mail that is due, one after the other; how many there were."""
    count = 0
    while mail := next_mail(at=clock()):
        send_mail(mail, Patience(), clock=clock)
        count += 1
    return count


def next_mail(*, at: datetime) -> Mail | None:
    """The mail whose turn it is, held by the caller; of those that are only now queued, too."""
    mail = take_mail(at=at)
    while mail is None and queue_more(at):
        mail = take_mail(at=at)
    return mail


def send_mail(
    mail: Mail, patience: Patience, *, clock: Callable[[], datetime] = timezone.now
) -> bool:
    """Tries the mail that the caller holds, and marks what became of it.

    False where the mail server is in trouble, whatever the mail.
    """
    user = find_reader(mail)
    if user is None:
        drop(mail)
        return True
    error = hand_over(mail, user, patience, clock)
    if error is None:
        return True
    if patience.is_stopped:
        put_back(mail)
        return False
    reason = tell_trouble(error)
    insist(lambda: mark_failed(mail, reason, is_final=is_final(error), at=clock()))
    return bool(find_replies(error))


def find_reader(mail: Mail) -> User | None:
    """Who gets it; None where nobody is to, any more: it stays unsent."""
    if mail.user_id is None:
        user = User.objects.filter(email=mail.to, is_active=True, closed_at=None).first()
        return user if user and user.has_usable_password() else None
    user = User.objects.filter(pk=mail.user_id, closed_at=None).first()
    switch = SWITCHES.get(mail.kind)
    return user if not switch or getattr(user, switch, False) else None


def hand_over(
    mail: Mail, user: User, patience: Patience, clock: Callable[[], datetime]
) -> Exception | None:
    """What went wrong before the mail server had it; None where it has it, which is marked."""
    server = None
    try:
        try:
            message: EmailMessage = write_mail(mail, user)
            server = get_connection(patience=patience)
            server.open()
            server.send_messages([message])
        except Exception as error:
            if not isinstance(error, OSError):  # the program's own
                logger.exception("Mail %s (%s) could not be written.", mail.pk, mail.kind)
            return error
        insist(lambda: mark_sent(mail, at=clock()))
        return None
    finally:
        if server:
            server.close()  # after the mark: a goodbye can take its time


def insist(mark: Callable[[], None], *, pause: Callable[[float], None] = sleep) -> None:
    """Writes down what became of a mail, also where the database is away for a while."""
    for _ in range(TRIES):
        try:
            return mark()
        except LeaseLost:
            logger.warning("A mail was dealt with by somebody else meanwhile.")
            return None
        except (OperationalError, InterfaceError):
            logger.exception("What became of a mail could not be written down yet.")
            connection.close()
            pause(1)
    return None
