"""The draw of a box: its beacon, its places and its moments."""

from collections.abc import Iterator
from itertools import zip_longest
from math import inf
from uuid import UUID

from ballots.models import Ballot, BallotBox, Draw, DrawnBallot
from ballots.verification.scanning import SKEW
from lotteries.protocol import drand
from lotteries.protocol.places import walk


def check_draw(box: BallotBox) -> Iterator[str]:
    if not box.is_drawn:
        if box.sealed_at and not box.lottery.has_beacon:
            yield "It is sealed, but its draw is missing."
        return
    if box.sealed_at is None:
        yield "It is drawn, but it is not sealed."
    yield from check_beacon(box.draw)
    yield from check_drawn(box.draw)


def check_beacon(draw: Draw) -> Iterator[str]:
    """The beacon, and the moments that it leaves for the draw."""
    lottery, sealed_at = draw.box.lottery, draw.box.sealed_at
    if lottery.beacon_round is None:
        if sealed_at and draw.drawn_at != sealed_at:
            yield "It was not drawn when it was sealed."
        if draw.beacon_signature:
            yield "It has the signature of a beacon that was not announced."
        return
    if sealed_at and draw.drawn_at < sealed_at:
        yield "It was drawn before it was sealed."
    if draw.drawn_at < drand.round_time(lottery.beacon_round):
        yield "It was drawn before the round of its beacon."
    # Where the signature cannot be checked, find_unchecked says so.
    if drand.is_checkable() and not drand.is_signed(lottery.beacon_round, draw.beacon_signature):
        yield "The signature of the round is not the beacon's."


def check_drawn(draw: Draw) -> Iterator[str]:
    """The walk is repeated from the order, and compared with the numbers that were stored."""
    rows = draw.drawn.select_related("ballot__submission", "after", "holding")
    stored = list(rows.order_by("position"))
    for drawn in stored:
        if drawn.ballot.box_id != draw.pk:
            yield f"Ballot {drawn.number} was drawn, and is of another box."
        elif drawn.ballot.submission.participant_id != drawn.participant_id:
            yield f"Ballot {drawn.number} was drawn, and is not its holder's."
    found = [(each.position, each.number, each.place, each.after_id) for each in stored]
    expected = list(repeat_walks(draw, order_passings_over(stored)))
    if found != expected:
        first = next((pair for pair in zip_longest(found, expected) if pair[0] != pair[1]), None)
        yield f"The walk from the order to the places is another one, from here on: {first}."
    yield from check_moments(draw, stored)


def order_passings_over(stored: list[DrawnBallot]) -> list[DrawnBallot]:
    """Who was passed over, in that order: by what was taken after it, then by the clock."""
    first = {each.after_id: each.position for each in reversed(stored)}
    over = [each for each in stored if each.passed_over_at]
    return sorted(over, key=lambda each: (first.get(each.pk, inf), each.passed_over_at))


def repeat_walks(
    draw: Draw, over: list[DrawnBallot]
) -> Iterator[tuple[int, int, int | None, int | None]]:
    """(position, number, place, after) of all that the draw must have taken, walk by walk."""
    numbers = read_owners(draw)
    people: set[UUID] = set()
    vacant = set(range(1, draw.box.lottery.places + 1))
    position = repeats = 0
    for after in (None, *over):
        vacant |= {after.place or 0} if after else set()
        for number, participant, place in walk(
            numbers, vacant=vacant, taken=people, repeats=repeats
        ):
            position, repeats = position + 1, repeats + (place is None)
            people.add(participant)
            vacant.discard(place or 0)
            yield position, number, place, after.pk if after else None


def read_owners(draw: Draw) -> Iterator[tuple[int, UUID]]:
    """The numbers in the order drawn, each with its participant."""
    ballots = Ballot.objects.filter(box=draw.pk)
    owners = ballots.values_list("submission__participant", flat=True)
    for number in draw.order():
        yield number, owners.get(number=number)


def check_moments(draw: Draw, stored: list[DrawnBallot]) -> Iterator[str]:
    """Nothing is taken before the draw, and nobody is passed over before they were taken."""
    for drawn in stored:
        since = drawn.after.passed_over_at if drawn.after else draw.drawn_at
        if drawn.taken_at != since:
            yield f"Ballot {drawn.number} was not taken when its walk was made."
        if drawn.passed_over_at and drawn.passed_over_at < drawn.taken_at - SKEW:
            yield f"Ballot {drawn.number} was passed over before it was drawn."
        if drawn.place and not hasattr(drawn, "holding"):
            yield f"What the holder of ballot {drawn.number} was told is missing."
