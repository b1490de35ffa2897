"""The rows of the files that admins take along, however many: read in portions by key.

No query stays open while a slow reader takes the rows, so none holds up the database.
"""

from collections.abc import Iterator
from datetime import datetime

from ballots.models import Ballot, BallotBox

PORTION = 2000  # rows

BALLOTS = ("number", "ballot", "username", "participant", "submitted_at_utc")
PARTICIPANTS = ("username", "participant", "ballots")


def list_ballots(box: BallotBox, portion: int = PORTION) -> Iterator[list[object]]:
    """The ballots that the box has now, by number."""
    rows = (
        Ballot.objects.filter(box=box)
        .order_by("number")
        .values_list(
            "number",
            "id",
            "submission__participant__username",
            "submission__participant",
            "submission__submitted_at",
        )
    )
    for first in range(1, box.ballot_count + 1, portion):
        last = min(first + portion - 1, box.ballot_count)
        for *names, submitted_at in rows.filter(number__range=(first, last)):
            yield [*names, moment(submitted_at)]


def list_participants(box: BallotBox, portion: int = PORTION) -> Iterator[tuple[object, ...]]:
    """Who has ballots in the box and how many, by participant code.

    While it is open, whoever comes in meanwhile may be missing.
    """
    names = ("participant__username", "participant", "ballot_count")
    rows = box.entries.order_by("participant").values_list(*names)
    found = list(rows[:portion])
    while found:
        yield from found
        found = list(rows.filter(participant__gt=found[-1][1])[:portion])


def moment(at: datetime) -> str:
    """In UTC, to the second, as spreadsheets read it."""
    return f"{at:%Y-%m-%d %H:%M:%S}"
