"""What nobody needs any more: the schedule deletes it."""

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings

from accounts.limits.counting import delete_ended_counts
from accounts.mail.models import Mail
from accounts.tokens import delete_expired_tokens

# Mails that have come to an end, sent again by nobody meanwhile.
KEEP_MAILS = timedelta(days=30)


def delete_what_is_over(*, at: datetime) -> None:
    """Sessions and access tokens that have expired, counts whose period is over, and old mails."""
    delete_ended_counts(at=at)
    delete_expired_tokens(at=at)
    Mail.objects.over(before=at - KEEP_MAILS).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
