"""What is kept of a person's part in the lotteries, for the file with all of their data."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from accounts.data import CHUNK, Part
from accounts.models import User
from ballots.models import Ballot, Entry, Submission
from ballots.public.receipts import receipt

SUBMISSIONS = 100  # whose ballots are read in one query


def parts_of_ballots(user: User, at: datetime) -> Iterator[Part]:
    yield "lotteries", list_lotteries(user)
    yield "submissions", list_submissions(user)
    yield "receipts", list_receipts(user)


def list_lotteries(user: User) -> Iterator[dict[str, Any]]:
    entries = Entry.objects.of(user).select_related("box__lottery")
    for entry in entries.order_by("box__lottery__closure_date").iterator(CHUNK):
        lottery = entry.box.lottery
        yield {
            "lottery": lottery.id,
            "closure_date": lottery.closure_date,
            "ballots": entry.ballot_count,
        }


def list_submissions(user: User) -> Iterator[dict[str, Any]]:
    rows = Submission.objects.of(user).order_by("id")
    columns = ("box_id", "submitted_at", "first_number", "last_number", "token")
    for row in rows.values(*columns).iterator(CHUNK):
        yield {"lottery": row.pop("box_id")} | row


def list_receipts(user: User) -> Iterator[dict[str, Any]]:
    """Those of all ballots. What a submission has in common is read once for all of its ballots."""
    rows = Submission.objects.of(user).select_related("box__lottery").order_by("id")
    for submissions in batches(rows.iterator(SUBMISSIONS)):
        ballots = Ballot.objects.filter(submission__in=submissions.values())
        for ballot in ballots.order_by("submission", "number").iterator(CHUNK):
            ballot.submission = submissions[ballot.submission_id]
            ballot.box = ballot.submission.box
            yield receipt(ballot)


def batches(rows: Iterable[Submission]) -> Iterator[dict[int, Submission]]:
    rows = iter(rows)
    while batch := {row.pk: row for row in islice(rows, SUBMISSIONS)}:
        yield batch
