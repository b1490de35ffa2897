"""The rows of the files to take along, however many: read in portions by key.

No query stays open while a slow reader takes the rows, so none holds up the database.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from ballots.damage import find_damage
from ballots.models import Ballot, BallotBox, BallotBoxQuerySet, DrawnBallot

PORTION = 1000  # rows
FEW = 100  # lotteries, each with all who hold a place

BALLOTS = ("number", "ballot", "username", "participant", "submitted_at_utc")
PARTICIPANTS = ("username", "participant", "ballots")
RESULTS = ("date", "lottery", "prize", "place", "holder", "number", "ballots", "handed_over_on")
HOLDERS = (
    "date",
    "lottery",
    "prize",
    "place",
    "username",
    "shown_as",
    "participant",
    "number",
    "ballot",
    "taken_at_utc",
    "passed_over_at_utc",
    "reason",
    "told_at_utc",
    "claim_until_utc",
    "answer",
    "handed_over_at_utc",
)


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
    rows = box.entries.order_by("participant").values_list("participant", "ballot_count")
    found = list(rows[:portion])
    while found:
        # Not joined: PostgreSQL would read all users before these again, at each portion.
        users = User.objects.filter(pk__in=[participant for participant, _ in found])
        names = dict(users.values_list("pk", "username"))
        for participant, ballots in found:
            yield names[participant], participant, ballots
        found = list(rows.filter(participant__gt=found[-1][0])[:portion])


def list_results(portion: int = FEW) -> Iterator[list[object]]:
    """Each place of each draw, by date, with who holds it now: what everybody may know."""
    for boxes in portions(BallotBox.objects.with_results(), portion):
        for box in boxes:
            yield from describe_places(box)


def describe_places(box: BallotBox) -> Iterator[list[object]]:
    lottery = box.lottery
    if find_damage(box):
        yield [lottery.closure_date, lottery.name, "", "", "its data is damaged", "", "", ""]
        return
    for place in box.draw.places:
        holder = place.holder
        handed_over_at = holder.holding.handed_over_at if holder else None
        yield [
            lottery.closure_date,
            lottery.name,
            lottery.headline,
            place.number,
            holder.shown_as if holder else "",
            holder.number if holder else "",
            box.ballot_count,
            timezone.localdate(handed_over_at) if handed_over_at else "",
        ]


def list_holders(portion: int = FEW) -> Iterator[list[object]]:
    """All who hold or held a place, by date, with what admins know of them.

    What a holder wrote to the organiser is left out: it is deleted after a time, and no file is.
    """
    holders = DrawnBallot.objects.holders().select_related(
        "draw__box__lottery", "participant", "ballot", "holding"
    )
    for boxes in portions(BallotBox.objects.select_related("lottery"), portion):
        found = holders.filter(draw__in=[box.pk for box in boxes])
        for drawn in found.order_by("draw__box__lottery__closure_date", "position"):
            yield describe_holder(drawn)


def describe_holder(drawn: DrawnBallot) -> list[object]:
    lottery, holding = drawn.draw.box.lottery, drawn.holding
    return [
        lottery.closure_date,
        lottery.name,
        lottery.headline,
        drawn.place,
        drawn.participant.username,
        drawn.shown_as,
        drawn.participant_id,
        drawn.number,
        drawn.ballot_id,
        moment(drawn.taken_at),
        moment(drawn.passed_over_at),
        drawn.reason,
        moment(holding.told_at),
        moment(holding.claim_until),
        holding.answer,
        moment(holding.handed_over_at),
    ]


def portions(boxes: BallotBoxQuerySet, size: int) -> Iterator[list[BallotBox]]:
    """The drawn ones by closure date, so many at a time."""
    boxes = boxes.drawn().order_by("lottery__closure_date")
    found = list(boxes[:size])
    while found:
        yield found
        last = found[-1].lottery.closure_date
        found = list(boxes.filter(lottery__closure_date__gt=last)[:size])


def moment(at: datetime | None) -> str:
    """In UTC, to the second, as spreadsheets read it; empty where there is none."""
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""
