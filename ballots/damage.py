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
    if None in (lottery.closure_date, lottery.announced_at):
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
    if (draw.randomness != "none") != box.lottery.has_beacon:  # raises for a signature that is none
        yield "its beacon is not the one of its draw"
    if not draw.holders and box.ballot_count:
        yield "the ballots that were drawn are missing"
    for drawn in draw.holders:
        # Raises where the submission or the holding is missing.
        values = drawn.ballot.pk, drawn.ballot.submission.submitted_at, drawn.holding.pk
        if None in (*values, drawn.taken_at, drawn.participant_id):
            yield "a ballot that was drawn is not in its format"
        if not 1 <= (drawn.place or 0) <= box.lottery.places:
            yield "a place is not one of the lottery's"
        if (drawn.participant_id, draw.pk) != (
            drawn.ballot.submission.participant_id,
            drawn.ballot.box_id,
        ):
            yield "a ballot that was drawn is not its holder's"
