"""Recomputes boxes and their draws from the rows in the database, and names what differs.

Ballots are read once, in the order of their numbers, and none are kept: memory stays constant.
Rows that cannot be as they are, or are not there, are differences like all others.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice, pairwise
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Model, OuterRef, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from accounts.models import User
from ballots.damage import DAMAGES
from ballots.models import (
    KEPT_LEVELS,
    Ballot,
    BallotBox,
    Draw,
    Entry,
    PassingOver,
    Submission,
    Subtree,
)
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


class Announced(NamedTuple):
    """A lottery as text, which every row has: nothing in one can hide the others."""

    key: str
    closure_date: str
    name: str


def list_lotteries() -> list[Announced]:
    columns = {name: Cast(name, TextField()) for name in ("pk", "closure_date", "name")}
    rows = Lottery.objects.order_by("closure_date").values_list(*columns.values())
    return [Announced(*row) for row in rows]


def find_box(key: str) -> BallotBox | str:
    """The box of the lottery with this key, or why there is none, in a sentence."""
    try:
        return BallotBox.objects.with_results().get(pk=UUID(key))
    except BallotBox.DoesNotExist:
        return "It has no ballot box."
    except DAMAGES as error:
        return f"A value is not in its format: {error}."


def find_orphans() -> Iterator[str]:
    """A sentence for each kind of row that belongs to nothing."""
    for model in (Entry, Submission, Ballot, Subtree, Draw):
        yield from count_orphans(model, "box", BallotBox)
    yield from count_orphans(BallotBox, "lottery", Lottery)
    yield from count_orphans(PassingOver, "draw", Draw)


def count_orphans(model: type[Model], name: str, owner: type[Model]) -> Iterator[str]:
    owners = owner._default_manager.values("pk")
    rows, missing = model._meta.verbose_name_plural, owner._meta.verbose_name
    if count := model._default_manager.exclude(**{f"{name}__in": owners}).count():
        yield f"{count} of the {rows} have no {missing}."


def find_differences(
    box: BallotBox, progress: Progress = lambda ballots: None, *, at: datetime | None = None
) -> Iterator[str]:
    """A sentence for everything about the box that is not as it must be.

    One that is open at this moment may grow meanwhile: of its log, what it had when it was read
    is checked.
    """
    may_grow = box.is_open((at or timezone.now()) - SKEW)
    checks = (
        check_announcement(box.lottery),
        check_log(box, progress, may_grow=may_grow),
        check_totals(box),
        check_draw(box),
    )
    for check in checks:
        try:
            yield from check
        except DAMAGES as error:
            yield f"A value is not in its format: {error}."


def find_unchecked(box: BallotBox) -> str:
    """What of the box cannot be checked here, and why; empty where everything can."""
    if box.is_drawn and box.lottery.has_beacon and not drand.is_checkable():
        return f"Whether the beacon signed its round: that takes the package {drand.LIBRARY}."
    return ""


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


def check_log(box: BallotBox, progress: Progress, *, may_grow: bool = False) -> Iterator[str]:
    """Rehashes every ballot and compares each head, each kept subtree and the root."""
    peaks: list[bytes] = []
    is_intact = True  # until the first difference: all heads after it differ with it
    previous: Row | None = None
    kept = {level: stored_subtrees(box, level, may_grow=may_grow) for level in KEPT_LEVELS}
    count = 0
    for row in stored_ballots(box, may_grow=may_grow):
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


def stored_ballots(box: BallotBox, *, may_grow: bool) -> Iterator[Row]:
    ballots = Ballot.objects.filter(box=box).order_by("number")
    if may_grow:
        ballots = ballots.filter(number__lte=box.ballot_count)
    return (Row(*row) for row in ballots.values_list(*COLUMNS).iterator(CHUNK))


def stored_subtrees(box: BallotBox, level: int, *, may_grow: bool) -> Iterator[tuple[int, bytes]]:
    subtrees = box.subtrees.filter(level=level).order_by("index")
    if may_grow:
        subtrees = subtrees.filter(index__lt=box.ballot_count >> level)
    rows = subtrees.values_list("index", "root")
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
    """What is counted per participant, by the database: each count in one look at it."""
    submissions, entries = Submission.objects.filter(box=box), Entry.objects.filter(box=box)
    total = (
        submissions.filter(participant=OuterRef("participant"))
        .order_by()
        .values("participant")
        .values(total=Sum(F("last_number") - F("first_number") + 1))
    )
    wrong = entries.annotate(total=Coalesce(Subquery(total), 0)).exclude(total=F("ballot_count"))
    for person, stored in wrong.values_list("participant", "ballot_count").iterator(CHUNK):
        yield f"The total of {name_person(person)} is not {stored}."
    without = submissions.exclude(participant__in=entries.values("participant"))
    for person in without.order_by().values_list("participant", flat=True).distinct():
        yield f"{name_person(person)} has ballots, but no total."
    if submissions.filter(ballots=None).exists():
        yield "A submission has lost its ballots."
    yield from check_participants(box, entries, "have a total")
    yield from check_participants(box, submissions, "submitted ballots")


def check_participants(box: BallotBox, rows: QuerySet, what: str) -> Iterator[str]:
    """How many participants these rows of the box have, beside what the box counts."""
    found = rows.order_by().values("box").values(found=Count("participant", distinct=True))
    counts = BallotBox.objects.filter(pk=box.pk).annotate(found=Coalesce(Subquery(found), 0))
    for counted, people in counts.values_list("participant_count", "found"):
        if counted != people:
            yield f"The box counts {counted} participants, but {people} {what}."


def name_person(participant: UUID) -> str:
    """Their username; the code of somebody who is not there."""
    user = User.objects.filter(pk=participant).first()
    return user.username if user else f"participant {participant}"


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
