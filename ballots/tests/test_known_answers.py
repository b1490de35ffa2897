"""A lottery through the verbs gives the answers that the draw protocol lists."""

import pytest
from django.test import override_settings

from accounts.models import User
from ballots.day_after import find_holder, set_aside
from ballots.life import close_lottery, draw_lottery, open_lottery
from ballots.models import Ballot, BallotBox, Ground
from ballots.public.receipts import receipt
from ballots.public.records import record
from ballots.tests.factories import ANSWER, DRAND_DATE, DRAND_DELAY, NOON, reload, submit
from ballots.tests.known_answers import fill_as_known, moment
from lotteries.models import Lottery
from lotteries.tests.known_answers import RECORDS, read_vector


def seal_as_known(name: str) -> BallotBox:
    mode = "none" if name == "offline" else "drand"
    with override_settings(DRAW_BEACON=mode, BEACON_DELAY=DRAND_DELAY):
        box = fill_as_known(name)
    close_lottery(box.lottery, clock=lambda: moment(RECORDS[name]["sealed_at"]))
    return box


def pass_over_as_known(box: BallotBox, name: str) -> None:
    for row in RECORDS[name]["drawn"]:
        if row["passed_over"]:
            holder = find_holder(reload(box), row["number"])
            set_aside(holder, Ground.UNCLAIMED, row["passed_over"], by=None, at=NOON)


@pytest.mark.parametrize("name", RECORDS)
def test_a_whole_lottery_ends_as_the_record_says(db: None, name: str) -> None:
    box = seal_as_known(name)
    if name != "offline":
        draw_lottery(box.lottery, ANSWER, clock=lambda: moment(RECORDS[name]["drawn_at"]))
    pass_over_as_known(box, name)
    assert record(reload(box)) == RECORDS[name] | {"sealed_evidence": None}


@pytest.mark.parametrize("name", RECORDS)
def test_a_receipt_is_the_one_of_the_vectors(db: None, name: str) -> None:
    box = seal_as_known(name)
    known = read_vector(f"receipt-{name}.json")
    ballot = Ballot.objects.with_receipts().get(box=box, number=known["number"])
    # Its head is that after the submission of ballot 4, which had ballot 3 as well.
    head = {"ballot_count": 3, "root": ballot.submission.root}
    assert receipt(ballot) == known | {"checkpoint": None, "head": head}


def test_a_receipt_names_the_head_right_after_its_submission(alice: User) -> None:
    lottery = Lottery(closure_date=DRAND_DATE)
    box = open_lottery(lottery, at=moment(RECORDS["drand"]["announced_at"]))
    made = submit(box, alice, 3)
    submit(box, alice, 2)
    heads = [receipt(ballot)["head"] for ballot in made.ballots.all()]
    assert heads == [{"ballot_count": 3, "root": made.root}] * 3
