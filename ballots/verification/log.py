"""The log of a box: every ballot, every head and the stored subtrees (RFC 9162, section 2.1)."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from ballots.models import KEPT_LEVELS, Ballot, BallotBox
from ballots.verification.scanning import CHUNK, SKEW, Progress
from lotteries.protocol import merkle
from lotteries.protocol.leaves import ballot_leaf


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


def check_log(box: BallotBox, progress: Progress, *, may_grow: bool = False) -> Iterator[str]:
    """Rehashes every ballot and compares each head, each kept subtree and the root."""
    peaks: list[bytes] = []
    is_intact = True  # until the first difference: all heads after it differ with it
    previous: Row | None = None
    kept = {level: read_subtrees(box, level, may_grow=may_grow) for level in KEPT_LEVELS}
    count = 0
    for row in read_ballots(box, may_grow=may_grow):
        yield from check_sequence(box, row, previous)
        leaf = ballot_leaf(box.lottery.announcement, row.number, row.ballot, row.participant)
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


def read_ballots(box: BallotBox, *, may_grow: bool) -> Iterator[Row]:
    ballots = Ballot.objects.filter(box=box).order_by("number")
    if may_grow:
        ballots = ballots.filter(number__lte=box.ballot_count)
    return (Row(*row) for row in ballots.values_list(*COLUMNS).iterator(CHUNK))


def read_subtrees(box: BallotBox, level: int, *, may_grow: bool) -> Iterator[tuple[int, bytes]]:
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
    opened, closed = box.lottery.announced_at - SKEW, box.lottery.closes_at
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
