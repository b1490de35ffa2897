"""The draw protocol's own vectors, and the box that they describe."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from accounts.tests.factories import UserFactory
from ballots.life import open_lottery, submit_ballots
from ballots.models import BallotBox
from ballots.public.receipts import receipt
from lotteries.models import Lottery
from lotteries.tests.known_answers import BALLOTS, KNOWN, VECTORS


def read_vector(name: str) -> dict[str, Any]:
    vector: dict[str, Any] = json.loads((VECTORS / name).read_text())
    return vector


RECORD = read_vector("record-offline.json")
DRAND_RECORD = read_vector("record-drand.json")


def fill_as_known() -> BallotBox:
    """The box of the vectors, through the verbs: announced in mode drand if settings say so."""
    codes = {ballot["participant"]: f"user {ballot['participant'][-1]}" for ballot in BALLOTS}
    codes[RECORD["winners"][0]["participant"]] = RECORD["winners"][0]["username"]
    people = {
        code: UserFactory.create(participant=UUID(code), username=name)
        for code, name in codes.items()
    }
    announced = datetime.fromisoformat("2023-09-14T12:00:00Z")
    lottery = Lottery(
        id=UUID(KNOWN["lottery"]), closure_date=date(2023, 9, 14), name=RECORD["name"]
    )
    box = open_lottery(lottery, at=announced, random_bytes=lambda _: bytes.fromhex(KNOWN["seed"]))
    for ballot in KNOWN["ballots"]:
        submission, _ = submit_ballots(
            lottery=lottery,
            participant=people[ballot["participant"]],
            quantity=1,
            token=UUID(ballot["ballot"]),
            clock=lambda: announced,
            random_bytes=lambda _, ballot=ballot: UUID(ballot["ballot"]).bytes,  # type: ignore[misc]
        )
        assert receipt(submission.ballots.get())["head"]["root"] == ballot["root_after"]
    return box
