"""What winners wrote to the organiser is deleted in time."""

from datetime import datetime, timedelta

from django.conf import settings

from ballots.models import Holding


def delete_old_words(*, at: datetime) -> None:
    """Those of answers that are CLAIM_MESSAGE_DAYS old."""
    limit = at - timedelta(days=settings.CLAIM_MESSAGE_DAYS)
    old = Holding.objects.filter(answered_at__lte=limit)
    old.exclude(message="", contact="").update(message="", contact="")
