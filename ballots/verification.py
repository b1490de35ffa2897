"""Recomputes sealed boxes and their draws from the rows in the database, and names what differs.

Ballots are read once, in the order of their numbers, and none are kept: memory stays constant.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Subquery, Sum

from ballots.models import KEPT_LEVELS, Ballot, BallotBox, Draw, Entry, Submission
from lotteries.models import Lottery
from lotteries.protocol import drand, merkle
from lotteries.protocol.closing import closing_time
from lotteries.protocol.leaves import ballot_leaf
from lotteries.protocol.seeds import seed_commitment

Progress = Callable[[int], object]
CHUNK = 2000  # rows at a time
SKEW = timedelta(seconds=5)  # by which the clocks of the site's hosts may differ


class Row(NamedTuple):
    """A ballot with what was stored of the submission that it belongs to."""

    number: int
    ballot: UUID
    submission: int
    box: UUID
    participant: UUID
    first_number: int
    last_number: int
    root: str
    submitted_at: datetime


COLUMNS = ("number", "id", "submission", *(f"submission__{name}" for name in Row._fields[3:]))


def find_differences(box: BallotBox, progress: Progress = lambda ballots: None) -> Iterator[str]:
    """A sentence for everything about the sealed box that is not as it must be."""
    checks = (
        check_announcement(box.lottery),
        check_log(box, progress),
        check_totals(box),
        check_draw(box),
    )
    for check in checks:
        try:
            yield from check
        except (ArithmeticError, LookupError, ValueError) as error:
            yield f"A value is not in its format: {error}."


def check_announcement(lottery: Lottery) -> Iterator[str]:
    if lottery.seed_commitment != seed_commitment(lottery.id, lottery.seed):
        yield "The seed is not the one that was committed to."
    if lottery.closes_at != closing_time(lottery.closure_date, ZoneInfo(lottery.time_zone)):
        yield f"The closing time is not midnight at the end of its date in {lottery.time_zone}."
    if lottery.beacon_round is not None and (lottery.beacon_chain, lottery.beacon_round) != (
        drand.CHAIN,
        drand.announced_round(lottery.closes_at, lottery.beacon_delay or 0),
    ):
        yield "The round of the beacon is not the one of its closing time and delay."


def check_log(box: BallotBox, progress: Progress) -> Iterator[str]:
    """Rehashes every ballot and compares each head, each kept subtree and the root."""
    peaks: list[bytes] = []
    is_intact = True  # until the first difference: all heads after it differ with it
    previous: Row | None = None
    kept = {level: stored_subtrees(box, level) for level in KEPT_LEVELS}
    count = 0
    for row in stored_ballots(box):
        yield from check_sequence(box, row, previous)
        leaf = ballot_leaf(box.pk, row.number, row.ballot, row.participant)
        roots = merkle.complete(peaks, count, leaf)
        peaks = merkle.append(peaks, count, leaf)
        for level in KEPT_LEVELS if is_intact else ():
            if level < len(roots) and next(kept[level], None) != (count >> level, roots[level]):
                yield f"The subtree of level {level} up to ballot {row.number} differs."
        count += 1
        if is_intact and row.number == row.last_number:
            is_intact = merkle.root_of_peaks(peaks).hex() == row.root
            if not is_intact:
                yield (
                    f"Ballots {row.first_number} to {row.last_number}, or their head, are not as "
                    "they were submitted: a ballot, its number or its participant was changed."
                )
        previous = row
        progress(1)
    yield from check_end(box, count, previous, peaks)
    if is_intact and any(next(left, None) for left in kept.values()):
        yield "It has subtrees of more ballots than there are."


def stored_ballots(box: BallotBox) -> Iterator[Row]:
    rows = Ballot.objects.filter(box=box).order_by("number").values_list(*COLUMNS)
    return (Row(*row) for row in rows.iterator(CHUNK))


def stored_subtrees(box: BallotBox, level: int) -> Iterator[tuple[int, bytes]]:
    rows = box.subtrees.filter(level=level).order_by("index").values_list("index", "root")
    return ((index, bytes(root)) for index, root in rows.iterator(CHUNK))


def check_sequence(box: BallotBox, row: Row, previous: Row | None) -> Iterator[str]:
    """Numbers and submissions follow each other without gaps, and in time."""
    expected = previous.number + 1 if previous else 1
    if row.number != expected:
        missing = f"{expected}" if row.number == expected + 1 else f"{expected} to {row.number - 1}"
        yield f"Missing: ballot {missing}."
    is_new = previous is None or row.submission != previous.submission
    if row.box != box.pk or not row.first_number <= row.number <= row.last_number:
        yield f"Ballot {row.number} belongs to a submission of other numbers."
    elif is_new and row.first_number != row.number:
        yield f"The submission of ballot {row.number} begins with another number."
    elif is_new and previous and previous.last_number != previous.number:
        yield f"The submission of ballot {previous.number} ends with another number."
    opened, closed = box.lottery.created_at - SKEW, box.lottery.closes_at
    if is_new and not opened <= row.submitted_at < closed:
        yield f"Ballot {row.number} was submitted when the lottery was not open."
    if is_new and previous and row.submitted_at < previous.submitted_at - SKEW:
        yield f"Ballot {row.number} was submitted before the one before it."


def check_end(box: BallotBox, count: int, last: Row | None, peaks: list[bytes]) -> Iterator[str]:
    if count != box.ballot_count:
        yield f"The box counts {box.ballot_count} ballots, but there are {count}."
    if merkle.root_of_peaks(peaks).hex() != box.root or b"".join(peaks) != bytes(box.peaks):
        yield "The root of the box is not that of its ballots."
    if last and last.last_number != last.number:
        yield f"The submission of ballot {last.number} ends with another number."
    if last and box.sealed_at and box.sealed_at < last.submitted_at - SKEW:
        yield "It was sealed before its last ballot was submitted."


def check_totals(box: BallotBox) -> Iterator[str]:
    """What is counted per participant, by the database."""
    submitted = Submission.objects.filter(box=box, participant=OuterRef("participant"))
    total = (
        submitted.order_by()
        .values("participant")
        .values(total=Sum(F("last_number") - F("first_number") + 1))
    )
    entries = Entry.objects.filter(box=box)
    wrong = entries.annotate(total=Subquery(total)).exclude(total=F("ballot_count"))
    for entry in wrong.select_related("participant").iterator(CHUNK):
        yield f"The total of {entry.participant} is not {entry.ballot_count}."
    submissions = Submission.objects.filter(box=box)
    without = submissions.exclude(participant__in=entries.values("participant"))
    for submission in without.select_related("participant").iterator(CHUNK):
        yield f"{submission.participant} has ballots, but no total."
    if submissions.filter(ballots=None).exists():
        yield "A submission has lost its ballots."
    if entries.count() != box.participant_count:
        yield f"The box counts {box.participant_count} participants, but has {entries.count()}."


def check_draw(box: BallotBox) -> Iterator[str]:
    if box.is_drawn:
        yield from check_beacon(box.draw)
        yield from check_winners(box.draw)
    elif not box.lottery.has_beacon:
        yield "It is sealed, but its draw is missing."


def check_beacon(draw: Draw) -> Iterator[str]:
    """The beacon, and the moments that it leaves for the draw."""
    lottery, sealed_at = draw.box.lottery, draw.box.sealed_at or datetime.max.replace(tzinfo=UTC)
    if lottery.beacon_round is None:
        if draw.drawn_at != sealed_at:
            yield "It was not drawn when it was sealed."
        if draw.beacon_signature:
            yield "It has the signature of a beacon that was not announced."
    else:
        if draw.drawn_at < max(sealed_at, drand.round_time(lottery.beacon_round)):
            yield "It was drawn before it was sealed, or before the round of its beacon."
        if not drand.is_signed(lottery.beacon_round, draw.beacon_signature):
            yield "The signature of the round is not the beacon's."


def check_winners(draw: Draw) -> Iterator[str]:
    made: list[Any] = [draw, *draw.passings_over.select_related("drawn_ballot")]
    ballots = [each.drawn_ballot for each in made if each.drawn_ballot]
    order = list(islice(draw.order(), len(made)))
    if [(ballot.box_id, ballot.number) for ballot in ballots] != [(draw.pk, n) for n in order]:
        yield f"The order of the draw begins with {order}: the winners are others."
    if [passing_over.place for passing_over in made[1:]] != list(range(1, len(made))):
        yield "A passing over is missing."
    moments = [draw.drawn_at, *(passing_over.passed_over_at for passing_over in made[1:])]
    if any(later < earlier - SKEW for earlier, later in pairwise(moments)):
        yield "A winner was passed over before the draw, or before an earlier one."
