"""The answers that the draw protocol gives for its own vectors."""

import json
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.life import close_lottery, open_lottery, submit_ballots
from ballots.models import BallotBox
from ballots.public.receipts import receipt
from ballots.public.records import record
from ballots.tests import rfc9162
from lotteries.models import Lottery
from lotteries.protocol import merkle
from lotteries.protocol.drawing import draw_key, draw_order
from lotteries.protocol.leaves import ballot_leaf
from lotteries.protocol.seeds import seed_commitment

VECTORS = Path(__file__).parent / "vectors"
KNOWN: dict[str, Any] = json.loads((VECTORS / "known-answers.json").read_text())
RECORD: dict[str, Any] = json.loads((VECTORS / "record-offline.json").read_text())
BALLOTS: list[dict[str, Any]] = KNOWN["ballots"]
LEAVES = [bytes.fromhex(ballot["leaf"]) for ballot in BALLOTS]


def test_the_seed_commitment() -> None:
    assert seed_commitment(KNOWN["lottery"], KNOWN["seed"]) == KNOWN["seed_commitment"]


@pytest.mark.parametrize("ballot", BALLOTS)
def test_the_leaf_of_each_ballot(ballot: dict[str, Any]) -> None:
    names = UUID(KNOWN["lottery"]), ballot["number"], ballot["ballot"], ballot["participant"]
    assert ballot_leaf(*names).hex() == ballot["leaf"]


def test_the_root_without_ballots() -> None:
    assert merkle.root_of_peaks([]).hex() == KNOWN["empty_root"]


def test_the_root_after_each_ballot() -> None:
    peaks: list[bytes] = []
    for size, (leaf, ballot) in enumerate(zip(LEAVES, BALLOTS, strict=True)):
        peaks = merkle.append(peaks, size, leaf)
        assert merkle.root_of_peaks(peaks).hex() == ballot["root_after"]


@pytest.mark.parametrize("ballot", BALLOTS)
def test_the_proofs_of_each_ballot(ballot: dict[str, Any]) -> None:
    number = ballot["number"]
    inclusion = [node.hex() for node in rfc9162.inclusion_proof(number - 1, LEAVES)]
    consistency = [node.hex() for node in rfc9162.consistency_proof(number, LEAVES)]
    assert inclusion == ballot["proof_in_5"]
    assert consistency == ballot["consistency_to_5"]


@pytest.mark.parametrize("draw", KNOWN["draws"])
def test_the_key_and_order_of_a_draw(draw: dict[str, Any]) -> None:
    fixed = {"lottery": KNOWN["lottery"], "seed": KNOWN["seed"]}
    key = draw_key(**fixed, **{k: draw[k] for k in ("ballot_count", "root", "beacon")})
    assert key.hex() == draw["key"]
    assert list(draw_order(key, draw["ballot_count"])) == draw["order"]


@pytest.mark.parametrize("order", KNOWN["orders"], ids=lambda order: str(order["ballot_count"]))
def test_the_first_numbers_drawn_from_boxes_of_many_sizes(order: dict[str, Any]) -> None:
    numbers = draw_order(bytes.fromhex(order["key"]), order["ballot_count"])
    assert list(islice(numbers, len(order["first"]))) == order["first"]


def filled_as_known(known: dict[str, Any]) -> BallotBox:
    """The box of the vectors, through the verbs: announced in mode drand if settings say so."""
    codes = {ballot["participant"]: f"user {ballot['participant'][-1]}" for ballot in BALLOTS}
    codes[RECORD["winners"][0]["participant"]] = RECORD["winners"][0]["username"]
    people = {
        code: UserFactory.create(participant=UUID(code), username=name)
        for code, name in codes.items()
    }
    announced = datetime.fromisoformat("2023-09-14T12:00:00Z")
    lottery = Lottery(
        id=UUID(known["lottery"]), closure_date=date(2023, 9, 14), name=RECORD["name"]
    )
    box = open_lottery(lottery, at=announced, random_bytes=lambda _: bytes.fromhex(known["seed"]))
    for ballot in known["ballots"]:
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


def test_a_whole_lottery_ends_as_the_record_says(db: None) -> None:
    box = filled_as_known(KNOWN)
    close_lottery(box.lottery, clock=lambda: datetime.fromisoformat(RECORD["sealed_at"]))
    assert record(BallotBox.objects.with_results().get(pk=box.pk)) == RECORD


def test_a_receipt_has_what_the_protocol_lists(alice: User) -> None:
    lottery = Lottery(closure_date=date(2023, 9, 14))
    at = datetime.fromisoformat("2023-09-14T12:00:00Z")
    open_lottery(lottery, at=at)
    submission, _ = submit_ballots(
        lottery=lottery, participant=alice, quantity=3, token=UUID(int=1), clock=lambda: at
    )
    ballot = submission.ballots.get(number=2)
    assert receipt(ballot) == {
        "version": 1,
        "lottery": str(lottery.id),
        "closure_date": "2023-09-14",
        "number": 2,
        "ballot": str(ballot.id),
        "participant": str(alice.participant),
        "leaf": ballot_leaf(lottery.id, 2, ballot.id, alice.participant).hex(),
        "head": {"ballot_count": 3, "root": draw_root(submission.ballots.order_by("number"))},
        "seed_commitment": lottery.seed_commitment,
        "beacon_round": None,
    }


def draw_root(ballots: Any) -> str:
    return rfc9162.tree_head([bytes.fromhex(ballot.leaf) for ballot in ballots]).hex()
