"""What admins do about a mail that did not get through."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit.writing import Actor, write_entry
from accounts.mail.bell import bell
from accounts.mail.models import Mail
from accounts.refusals import MailIsOut


@transaction.atomic
def send_again(mail: Mail, *, by: Actor, at: datetime | None = None) -> None:
    """Has a mail tried now, and for three days from now: one that was given up, or that waits.

    Raises MailIsOut for one that a mail server has, or that is gone.
    """
    at = at or timezone.now()
    locked = Mail.objects.select_for_update().filter(pk=mail.pk, sent_at=None).first()
    if locked is None:
        raise MailIsOut
    old = {"tries": locked.tries, "reason": locked.reason}
    locked.given_up_at, locked.due_at, locked.tries, locked.reason = None, at, 0, ""
    locked.save(update_fields=["given_up_at", "due_at", "tries", "reason"])
    write_entry(by, "send again", locked, old=old, at=at)
    transaction.on_commit(bell.ring)
