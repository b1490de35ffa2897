"""The log of a box: every ballot, every head and the stored subtrees (RFC 9162, section 2.1)."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Func, TextField

from ballots.models import KEPT_LEVELS, Ballot, BallotBox, Submission, kept_roots
from ballots.verification.scanning import CHUNK, SKEW, Progress
from lotteries.protocol import merkle
from lotteries.protocol.leaves import ballot_leaves


class Stored(NamedTuple):
    """A submission as it was stored."""

    id: int
    box: UUID
    participant: UUID
    first_number: int
    last_number: int
    root: str
    submitted_at: datetime


class UUIDText(Func):
    """A UUID as the protocol writes it: of a million, Python would take a second for that alone."""

    template = "CAST(%(expressions)s AS text)"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """From the 32 digits that Django stores there."""
        parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 32))
        template = "||'-'||".join(f"substr(%(expressions)s, {at}, {size})" for at, size in parts)
        return self.as_sql(compiler, connection, template=template, **context)


class Run(NamedTuple):
    """Ballots of one submission that follow each other: (number, id) each."""

    submission: Stored
    ballots: list[tuple[int, str]]

    @property
    def first(self) -> int:
        return self.ballots[0][0]

    @property
    def last(self) -> int:
        return self.ballots[-1][0]


def check_log(box: BallotBox, progress: Progress, *, may_grow: bool = False) -> Iterator[str]:
    """Rehashes every ballot and compares each head, each kept subtree and the root."""
    peaks: list[bytes] = []
    is_intact = True  # until the first difference: all heads after it differ with it
    previous: Run | None = None
    kept = {level: read_subtrees(box, level, may_grow=may_grow) for level in KEPT_LEVELS}
    count = 0
    for run in read_runs(box, may_grow=may_grow):
        yield from check_sequence(box, run, previous)
        made = run.submission
        leaves = ballot_leaves(box.lottery.announcement, run.ballots, made.participant)
        peaks, roots = merkle.extend(peaks, count, leaves)
        if is_intact:
            for level, index, root in kept_roots(count, roots):
                if next(kept[level], None) != (index, root):
                    upto = (index + 1) << level
                    yield f"The subtree of level {level} up to ballot {upto} differs."
        count += len(leaves)
        if is_intact and run.last == made.last_number:
            is_intact = merkle.root_of_peaks(peaks).hex() == made.root
            if not is_intact:
                yield (
                    f"Ballots {made.first_number} to {made.last_number}, or their head, are not as "
                    "they were submitted: a ballot, its number or its participant was changed."
                )
        previous = run
        progress(len(leaves))
    yield from check_end(box, count, previous, peaks)
    if is_intact and any(next(left, None) for left in kept.values()):
        yield "It has subtrees of more ballots than there are."


def read_runs(box: BallotBox, *, may_grow: bool, portion: int = CHUNK) -> Iterator[Run]:
    """Without the ballots whose submission is gone: they are as good as missing."""
    ballots = Ballot.objects.filter(box=box).order_by("number")
    if may_grow:
        ballots = ballots.filter(number__lte=box.ballot_count)
    rows = ballots.values_list("number", UUIDText("id"), "submission")
    found = list(rows[:portion])
    while found:
        submissions = read_submissions({key for _, _, key in found})
        for key, run in groupby(found, itemgetter(2)):
            if key in submissions:
                yield Run(submissions[key], [(number, ballot) for number, ballot, _ in run])
        found = list(rows.filter(number__gt=found[-1][0])[:portion])


def read_submissions(keys: set[int]) -> dict[int, Stored]:
    rows = Submission.objects.filter(pk__in=keys).values_list(*Stored._fields)
    return {row[0]: Stored(*row) for row in rows}


def read_subtrees(box: BallotBox, level: int, *, may_grow: bool) -> Iterator[tuple[int, bytes]]:
    subtrees = box.subtrees.filter(level=level).order_by("index")
    if may_grow:
        subtrees = subtrees.filter(index__lt=box.ballot_count >> level)
    rows = subtrees.values_list("index", "root")
    return ((index, bytes(root)) for index, root in rows.iterator(CHUNK))


def check_sequence(box: BallotBox, run: Run, previous: Run | None) -> Iterator[str]:
    """Numbers and submissions follow each other without gaps, and in time."""
    made, before = run.submission, previous.submission if previous else None
    yield from find_gaps(run, previous.last if previous else 0)
    is_new = before is None or made.id != before.id
    numbers = range(made.first_number, made.last_number + 1) if made.box == box.pk else range(0)
    if run.first not in numbers or run.last not in numbers:
        for number, _ in run.ballots:
            if number not in numbers:
                yield f"Ballot {number} belongs to a submission of other numbers."
    elif is_new and made.first_number != run.first:
        yield f"The submission of ballot {run.first} begins with another number."
    elif is_new and previous and previous.submission.last_number != previous.last:
        yield f"The submission of ballot {previous.last} ends with another number."
    opened, closed = box.lottery.announced_at - SKEW, box.lottery.closes_at
    if is_new and not opened <= made.submitted_at < closed:
        yield f"Ballot {run.first} was submitted when the lottery was not open."
    if is_new and before and made.submitted_at < before.submitted_at - SKEW:
        yield f"Ballot {run.first} was submitted before the one before it."


def find_gaps(run: Run, before: int) -> Iterator[str]:
    """The numbers that are missing from this one on to the last of the run."""
    if run.last == before + len(run.ballots):
        return
    for number, _ in run.ballots:
        if number != before + 1:
            missing = f"{before + 1}" if number == before + 2 else f"{before + 1} to {number - 1}"
            yield f"Missing: ballot {missing}."
        before = number


def check_end(box: BallotBox, count: int, last: Run | None, peaks: list[bytes]) -> Iterator[str]:
    if count != box.ballot_count:
        yield f"The box counts {box.ballot_count} ballots, but there are {count}."
    if merkle.root_of_peaks(peaks).hex() != box.root or b"".join(peaks) != bytes(box.peaks):
        yield "The root of the box is not that of its ballots."
    if last and last.submission.last_number != last.last:
        yield f"The submission of ballot {last.last} ends with another number."
    if last and box.sealed_at and box.sealed_at < last.submission.submitted_at - SKEW:
        yield "It was sealed before its last ballot was submitted."
