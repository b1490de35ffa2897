"""What nobody needs any more: the schedule deletes it."""

from datetime import datetime
from importlib import import_module

from django.conf import settings

from accounts.limits.counting import delete_ended_counts
from accounts.tokens import delete_expired_tokens


def delete_what_is_over(*, at: datetime) -> None:
    """Sessions and access tokens that have expired, and counts whose period is over."""
    delete_ended_counts(at=at)
    delete_expired_tokens(at=at)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
