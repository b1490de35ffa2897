"""What a participant keeps of each ballot, to check later that it was in the draw."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from accounts.data import write_rows
from ballots.models import Ballot, BallotBox, Submission, SubmissionQuerySet
from ballots.public.records import VERSION
from lotteries.models import Lottery

BATCH = 1000  # submissions, and ballots, that are read at a time


def receipt(ballot: Ballot) -> dict[str, Any]:
    """The receipt of the ballot, as the draw protocol defines it ("The public record")."""
    return describe(ballot.box.lottery, ballot.submission, ballot.number, ballot.id)


def receipts(submission: Submission) -> Iterator[dict[str, Any]]:
    """Those of all its ballots, by number: they differ in number and ballot alone."""
    first = describe(submission.box.lottery, submission, submission.first_number, UUID(int=0))
    for number, ballot in zip(submission.numbers, submission.ballot_ids, strict=True):
        yield first | {"number": number, "ballot": str(ballot)}


def describe(lottery: Lottery, submission: Submission, number: int, ballot: UUID) -> dict[str, Any]:
    return {
        "version": VERSION,
        "lottery": str(lottery.id),
        "closure_date": lottery.closure_date.isoformat(),
        "announcement": lottery.announcement,
        "number": number,
        "ballot": str(ballot),
        "participant": str(submission.participant_id),
        "head": {"ballot_count": submission.last_number, "root": submission.root},
        "checkpoint": None,
    }


def write_receipts(box: BallotBox, submissions: SubmissionQuerySet) -> Iterator[str]:
    """One file with the receipts of all these submissions to the box, by number, in pieces."""
    lottery = box.lottery
    names = {"lottery": str(lottery.id), "closure_date": lottery.closure_date.isoformat()}
    yield json.dumps({"version": VERSION} | names).removesuffix("}") + ', "receipts": '
    yield from write_rows(read_receipts(box, submissions))
    yield "}\n"


def read_receipts(box: BallotBox, submissions: SubmissionQuerySet) -> Iterator[dict[str, Any]]:
    """The receipts of all these submissions to the box, by number.

    Each batch is read in queries of its own when its turn comes: neither what is held in memory
    nor a transaction grows with their number, however slowly they are fetched.
    """
    for batch in take_batches(submissions):
        yield from map(receipt, read_ballots(box, batch))


def take_batches(submissions: SubmissionQuerySet) -> Iterator[list[Submission]]:
    """The submissions by number, as many at a time as have BATCH ballots or more together."""
    batch: list[Submission] = []
    ballots = 0
    for submission in read_submissions(submissions):
        batch.append(submission)
        ballots += submission.quantity
        if ballots >= BATCH:
            yield batch
            batch, ballots = [], 0
    if batch:
        yield batch


def read_submissions(submissions: SubmissionQuerySet) -> Iterator[Submission]:
    page = list(submissions.order_by("first_number")[:BATCH])
    while page:
        yield from page
        rest = submissions.filter(first_number__gt=page[-1].first_number)
        page = list(rest.order_by("first_number")[:BATCH])


def read_ballots(box: BallotBox, submissions: list[Submission]) -> Iterator[Ballot]:
    """The ballots of the submissions, by number, with all that their receipts say."""
    known = {submission.pk: submission for submission in submissions}
    for ballot in Ballot.objects.filter(submission__in=known).order_by("number"):
        ballot.box, ballot.submission = box, known[ballot.submission_id]
        yield ballot
