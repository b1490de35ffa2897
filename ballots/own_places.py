"""What somebody has won and not answered yet: asked on every page of theirs."""

from django.utils import timezone

from accounts.models import User
from accounts.shared.prepared import PreparedQuery
from ballots.damage import DAMAGES
from ballots.models import Holding

MOST_SHOWN = 2

find_places = PreparedQuery(
    lambda user, at: Holding.objects.to_answer(user, at)[:MOST_SHOWN], "user", "at"
)


def list_places_to_answer(user: User) -> list[Holding]:
    """At most two of them, the most urgent first."""
    try:
        places = find_places(user.pk, timezone.now())
        # What is damaged has no page that could be led to: that of its lottery says so.
        return [each for each in places if each.drawn.draw.box.lottery.closure_date]
    except DAMAGES:
        return []
