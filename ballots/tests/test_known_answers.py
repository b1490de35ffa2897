"""A lottery through the verbs gives the answers that the draw protocol lists."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.test import override_settings

from accounts.models import User
from ballots.life import close_lottery, draw_lottery, open_lottery, submit_ballots
from ballots.models import BallotBox
from ballots.public.receipts import receipt
from ballots.public.records import record
from ballots.tests.factories import ANSWER, DRAND_DELAY
from ballots.tests.known_answers import DRAND_RECORD, RECORD, fill_as_known
from lotteries.models import Lottery
from lotteries.protocol.leaves import ballot_leaf
from lotteries.tests import rfc9162


def test_a_whole_lottery_ends_as_the_record_says(db: None) -> None:
    box = fill_as_known()
    close_lottery(box.lottery, clock=lambda: datetime.fromisoformat(RECORD["sealed_at"]))
    assert record(BallotBox.objects.with_results().get(pk=box.pk)) == RECORD


def test_a_whole_lottery_with_a_beacon_ends_as_the_record_says(db: None) -> None:
    with override_settings(DRAW_BEACON="drand", BEACON_DELAY=DRAND_DELAY):
        box = fill_as_known()
    sealed_at = datetime.fromisoformat(DRAND_RECORD["sealed_at"])
    close_lottery(box.lottery, clock=lambda: sealed_at)
    drawn_at = datetime.fromisoformat(DRAND_RECORD["drawn_at"])
    draw_lottery(box.lottery, ANSWER, clock=lambda: drawn_at)
    assert record(BallotBox.objects.with_results().get(pk=box.pk)) == DRAND_RECORD


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
