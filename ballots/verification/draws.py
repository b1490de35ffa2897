"""The draw of a box: its beacon, its winners and its moments."""

from collections.abc import Iterator
from itertools import islice, pairwise

from ballots.models import Ballot, BallotBox, Draw
from ballots.verification.scanning import SKEW
from lotteries.protocol import drand


def check_draw(box: BallotBox) -> Iterator[str]:
    if not box.is_drawn:
        if box.sealed_at and not box.lottery.has_beacon:
            yield "It is sealed, but its draw is missing."
        return
    if box.sealed_at is None:
        yield "It is drawn, but it is not sealed."
    yield from check_beacon(box.draw)
    yield from check_winners(box.draw)


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


def check_winners(draw: Draw) -> Iterator[str]:
    made = draw.passings_over.order_by("place")
    over = list(made.values_list("drawn_ballot", "place", "passed_over_at"))
    drawn = [draw.drawn_ballot_id, *(ballot for ballot, _, _ in over)]
    ballots = Ballot.objects.in_bulk([ballot for ballot in drawn if ballot])
    order = list(islice(draw.order(), len(drawn)))
    if any(ballot and ballot not in ballots for ballot in drawn):
        yield "A ballot that was drawn is not there."
    found = [ballots[ballot] for ballot in drawn if ballot in ballots]
    if [(ballot.box_id, ballot.number) for ballot in found] != [(draw.pk, n) for n in order]:
        yield f"The order of the draw begins with {order}: the winners are others."
    if [place for _, place, _ in over] != list(range(1, len(drawn))):
        yield "A passing over is missing."
    moments = [draw.drawn_at, *(passed_over_at for _, _, passed_over_at in over)]
    if any(later < earlier - SKEW for earlier, later in pairwise(moments)):
        yield "A winner was passed over before the draw, or before an earlier one."
