"""Rows that no code of this site stores, found before they are shown as if they were right.

This looks at what a page shows; verify_database looks at everything.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist

from lotteries.protocol.merkle import HASH_SIZE

if TYPE_CHECKING:
    from ballots.models import BallotBox, Draw

# What Python makes of a value, or a missing row, that no code of this site can have left.
DAMAGES = (ArithmeticError, AttributeError, LookupError, ObjectDoesNotExist, TypeError, ValueError)


def find_damage(box: "BallotBox") -> str:
    """What is wrong with the rows of the box, in words; empty where they can be shown."""
    try:
        return next(_find_damages(box), "")
    except DAMAGES as error:
        return f"a value is not in its format: {error}"


def _find_damages(box: "BallotBox") -> Iterator[str]:
    lottery = box.lottery
    # Raise for a time zone, or a round, that there is not.
    _ = lottery.closes_at_local, lottery.beacon_time
    if None in (lottery.closure_date, lottery.created_at):
        yield "a date is not in its format"
    if len(bytes(box.peaks)) != HASH_SIZE * box.ballot_count.bit_count():
        yield "the log of its box is not that of its ballots"
    if box.is_drawn:
        yield from _find_damages_of_draw(box, box.draw)
    elif box.sealed_at and not lottery.has_beacon:
        yield "it is sealed, but its draw is missing"


def _find_damages_of_draw(box: "BallotBox", draw: "Draw") -> Iterator[str]:
    if draw.drawn_at is None:
        yield "a moment is not in its format"
    if box.sealed_at is None:
        yield "it is drawn, but it is not sealed"
    if bool(draw.randomness) != box.lottery.has_beacon:  # raises for a signature that is none
        yield "its beacon is not the one of its draw"
    if (draw.drawn_ballot is None) != (box.ballot_count == 0):
        yield "the ballot that was drawn is missing"
    places = [passing_over.place for passing_over in draw.passings_over.all()]
    if places != list(range(1, len(places) + 1)):
        yield "a passing over is missing"
    for ballot, _ in draw.winners:
        # Raises where the submission or its participant is missing.
        if None in (ballot.pk, ballot.participant.pk, ballot.submission.submitted_at):
            yield "a winning ballot is not in its format"
