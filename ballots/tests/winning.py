"""Lotteries that were drawn, for the tests of the day after."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from ballots.models import BallotBox, DrawnBallot, DrawnBallotQuerySet, Holding
from ballots.tests.factories import BoxFactory, draw, reload, submit

WORDS: dict[str, Any] = {"contact": "+31 6 1234 5678", "message": "Ring in the evening."}


def drawn_box(
    *submissions: tuple[User, int], at: datetime | None = None, **promises: Any
) -> BallotBox:
    """A box with these ballots, drawn at its closing time or at another moment."""
    box = BoxFactory.create(**promises)
    for participant, quantity in submissions:
        submit(box, participant, quantity)
    draw(box, at=at)
    return reload(box)


def holder(box: BallotBox, place: int = 1) -> DrawnBallot:
    """Who holds the place now, as it is stored."""
    return stored(box).get(place=place, passed_over_at=None)


def drawn_of(box: BallotBox, user: User) -> DrawnBallot:
    """What holds or held a place for the user, as it is stored."""
    return stored(box).get(participant=user, place__isnull=False)


def stored(box: BallotBox) -> DrawnBallotQuerySet:
    found = DrawnBallot.objects.filter(draw=box.pk)
    return found.select_related("holding", "participant", "ballot", "draw__box__lottery")


def winner_and_other(box: BallotBox, alice: User, bob: User) -> tuple[User, User]:
    """Who of the two holds place 1, and who does not."""
    return (alice, bob) if holder(box).participant == alice else (bob, alice)


def holding_of(box: BallotBox, user: User) -> Holding:
    return drawn_of(box, user).holding


def page(box: BallotBox, name: str = "claim") -> str:
    return reverse(f"ballots:{name}", args=[box.lottery.closure_date])
