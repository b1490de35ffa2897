"""The boxes that the draw protocol's own vectors describe."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.life import open_lottery, submit_ballots
from ballots.models import BallotBox
from ballots.public.receipts import receipt
from lotteries.models import Lottery
from lotteries.tests.known_answers import BALLOTS, RECORDS

PROMISES = ("name", "prize", "terms", "places", "ballots_each", "claim_days")


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def known_people() -> dict[str, User]:
    """By their codes: those without a name in the records are shown by their codes alone."""
    rows = [row for record in RECORDS.values() for row in record["drawn"]]
    names = {row["participant"]: row["username"] for row in rows}
    return {
        code: UserFactory.create(
            participant=UUID(code), username=name or "nobody", is_shown_by_code=name is None
        )
        for code, name in names.items()
    }


def fill_as_known(name: str) -> BallotBox:
    """The box of this record, through the verbs: announced in mode drand if settings say so."""
    record, people = RECORDS[name], known_people()
    lottery = Lottery(
        id=UUID(record["lottery"]),
        closure_date=date.fromisoformat(record["closure_date"]),
        **{promise: record[promise] for promise in PROMISES},
    )
    announced = moment(record["announced_at"])
    box = open_lottery(
        lottery, at=announced, random_bytes=lambda _: bytes.fromhex(RECORDS["drand"]["seed"])
    )
    for ballot in BALLOTS[name]:
        made = submit_known(lottery, people[ballot["participant"]], UUID(ballot["ballot"]))
        assert made["head"]["root"] == ballot["root_after"]
    return box


def submit_known(lottery: Lottery, participant: User, ballot: UUID) -> dict[str, Any]:
    """The receipt of this one ballot."""
    submission, _ = submit_ballots(
        closure_date=lottery.closure_date,
        participant=participant,
        quantity=1,
        token=ballot,
        clock=lambda: lottery.announced_at,
        random_bytes=lambda _: ballot.bytes,
    )
    return receipt(submission.ballots.get())
