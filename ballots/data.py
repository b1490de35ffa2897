"""What is kept of a person's part in the lotteries, for the file with all of their data."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from accounts.data import CHUNK, Part
from accounts.models import User
from ballots.models import DrawnBallot, Entry, Submission
from ballots.public.receipts import read_receipts

DRAWN = (
    "draw_id",
    "ballot__number",
    "position",
    "place",
    "username",
    "taken_at",
    "passed_over_at",
    "reason",
)
HOLDING = (
    "holding__told_at",
    "holding__claim_until",
    "holding__answer",
    "holding__answered_at",
    "holding__message",
    "holding__contact",
    "holding__handed_over_at",
)


def parts_of_ballots(user: User, at: datetime) -> Iterator[Part]:
    yield "lotteries", list_lotteries(user)
    yield "submissions", list_submissions(user)
    yield "receipts", list_receipts(user)
    yield "drawn", list_drawn(user)


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
    """Those of all ballots, by lottery and number."""
    entries = Entry.objects.of(user).select_related("box__lottery")
    for entry in entries.order_by("box__lottery__closure_date").iterator(CHUNK):
        yield from read_receipts(entry.box, entry.submissions)


def list_drawn(user: User) -> Iterator[dict[str, Any]]:
    """Those of the person's ballots that a draw took, and what became of the places they got."""
    rows = DrawnBallot.objects.filter(participant=user).order_by("taken_at", "position")
    for row in rows.values(*DRAWN, *HOLDING).iterator(CHUNK):
        lottery, number = row.pop("draw_id"), row.pop("ballot__number")
        rest = {name.removeprefix("holding__"): value for name, value in row.items()}
        yield {"lottery": lottery, "number": number} | rest
