"""Why nobody may touch the account of a person who takes part."""

from accounts.models import User
from ballots.models import BallotBox


def ballots_in_an_undrawn_lottery(user: User) -> str | None:
    """The latest of these lotteries, and when its ballots are no longer at stake."""
    boxes = BallotBox.objects.of(user).filter(draw=None).select_related("lottery")
    box = boxes.order_by("-lottery__closes_at").first()
    if box is None:
        return None
    closes_at = box.lottery.closes_at_local
    return f"ballots in {box.lottery}, until its draw (it closes at {closes_at:%Y-%m-%d %H:%M %Z})"
