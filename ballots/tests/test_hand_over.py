"""A prize that was handed over closes its place."""

import pytest
from django.test import Client

from accounts.audit.models import AuditEntry
from accounts.audit.writing import operator
from accounts.models import User
from ballots.claiming import claim
from ballots.day_after import hand_over, pass_over
from ballots.models import BallotBox, Ground
from ballots.refusals import HandedOver, LotteryNotClosed, NotAHolder, NoWinner
from ballots.tests.factories import open_box
from ballots.tests.winning import WORDS, drawn_box, holder, holding_of, page


@pytest.fixture
def box(alice: User) -> BallotBox:
    return drawn_box((alice, 3), claim_days=7)


@pytest.mark.parametrize("is_claimed", [True, False])
def test_it_is_marked_once_claimed_or_not(box: BallotBox, alice: User, is_claimed: bool) -> None:
    closes_at, number = box.lottery.closes_at, holder(box).number
    if is_claimed:
        claim(box.lottery, alice, **WORDS, clock=lambda: closes_at)
    hand_over(box.lottery, number=number, by=operator(), clock=lambda: closes_at)
    hand_over(box.lottery, number=number, by=operator())
    assert holding_of(box, alice).handed_over_at == closes_at
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.at, entry.new) == (
        "hand over",
        closes_at,
        {"place": 1, "ballot": number},
    )


@pytest.mark.parametrize("ground", [Ground.INELIGIBLE, Ground.UNREACHED])
def test_nobody_is_passed_over_after_it(box: BallotBox, ground: Ground) -> None:
    number = holder(box).number
    hand_over(box.lottery, number=number)
    with pytest.raises(HandedOver):
        pass_over(box.lottery, number=number, ground=ground, reason="does not answer us")


def test_a_number_that_holds_no_place_gets_nothing(box: BallotBox, alice: User) -> None:
    with pytest.raises(NotAHolder):
        hand_over(box.lottery, number=holder(box).number % 3 + 1)
    assert holding_of(box, alice).handed_over_at is None


def test_there_is_nothing_to_hand_over_without_a_holder(db: None) -> None:
    with pytest.raises(LotteryNotClosed):
        hand_over(open_box().lottery, number=1)
    with pytest.raises(NoWinner):
        hand_over(drawn_box().lottery, number=1)


def test_everybody_can_read_when(stranger: Client, box: BallotBox) -> None:
    assert "Handed over on" not in stranger.get(page(box, "lottery")).content.decode()
    hand_over(box.lottery, number=holder(box).number, clock=lambda: box.lottery.closes_at)
    closed = f"{box.lottery.closes_at:%-d %B %Y}"
    assert f"Handed over on {closed}." in stranger.get(page(box, "lottery")).content.decode()
