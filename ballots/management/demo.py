"""What the lotteries of a demo promise, and what becomes of their places: something of each."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.conf import settings

from accounts.audit.writing import operator
from ballots.claiming import claim, decline
from ballots.day_after import hand_over, pass_over
from ballots.models import BallotBox, DrawnBallot, Ground
from lotteries.models import Lottery

TERMS = "Open to everybody who is of age.\nEmployees of the organiser cannot win."
PROMISES: tuple[dict[str, Any], ...] = (
    {"prize": "A week in the tree house\nFor four, in May or June.", "claim_days": 14},
    {"prize": "Tickets for the summer concert\nTwo for each winner.", "places": 3, "claim_days": 7},
    {"prize": "A red bicycle"},
    {"prize": "A basket from the garden\nWhat is ripe that week.", "places": 5},
)


def promise(closure_date: date) -> dict[str, Any]:
    """What a lottery of that date promises, always the same; what the settings say, if they do."""
    if settings.LOTTERY_PRIZE:
        return {}
    return {"terms": TERMS} | PROMISES[closure_date.toordinal() % len(PROMISES)]


def live_the_day_after(box: BallotBox, *, at: datetime) -> None:
    """What becomes of the places of a drawn lottery by that moment: always the same."""
    first = box.lottery.closure_date.toordinal()
    for place in box.draw.places:
        if place.holder:
            fate = FATES[(first + place.number) % len(FATES)]
            fate(box.lottery, place.holder, at)


def keep_waiting(lottery: Lottery, holder: DrawnBallot, at: datetime) -> None:
    """Nothing: the holder has not answered yet."""


def claim_it(lottery: Lottery, holder: DrawnBallot, at: datetime) -> None:
    words = {"message": "Thank you!\nI am at home in the evening.", "contact": "+31 20 123 4567"}
    claim(lottery, holder.participant, clock=lambda: at, **words)


def get_it(lottery: Lottery, holder: DrawnBallot, at: datetime) -> None:
    claim_it(lottery, holder, at)
    hand_over(lottery, number=holder.number, by=operator(), clock=lambda: at)


def decline_it(lottery: Lottery, holder: DrawnBallot, at: datetime) -> None:
    decline(lottery, holder.participant, clock=lambda: at)


def be_passed_over(lottery: Lottery, holder: DrawnBallot, at: datetime) -> None:
    pass_over(
        lottery,
        number=holder.number,
        ground=Ground.INELIGIBLE,
        reason="an employee of the organiser",
        by=operator(),
        clock=lambda: at,
    )


FATES: tuple[Callable[[Lottery, DrawnBallot, datetime], None], ...] = (
    get_it,
    claim_it,
    keep_waiting,
    decline_it,
    be_passed_over,
)
