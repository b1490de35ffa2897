"""Claiming a place: who may, until when, and what is stored of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.refusals import AccountGone
from ballots.claiming import claim
from ballots.day_after import hand_over, pass_over
from ballots.models import BallotBox, Ground, Holding
from ballots.refusals import (
    AddressUnconfirmed,
    ClaimTooLate,
    HolderHasClaimed,
    NoPlace,
    PlaceGone,
    PrizeHandedOver,
)
from ballots.tests.winning import WORDS, drawn_box, holder, holding_of

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)


@pytest.fixture
def box(alice: User) -> BallotBox:
    """Alice holds the place, and has a week from the draw to claim it."""
    return drawn_box((alice, 3), claim_days=7)


def claim_at(box: BallotBox, user: User, days: int = 1, **words: str) -> Holding:
    at = box.lottery.closes_at + days * DAY
    return claim(box.lottery, user, **WORDS | words, clock=lambda: at)


def test_it_is_stored_with_what_the_holder_wrote(box: BallotBox, alice: User) -> None:
    claim_at(box, alice, message="  Ring in\r\nthe evening. ")
    holding = holding_of(box, alice)
    assert holding.answer == "claimed"
    assert holding.answered_at == box.lottery.closes_at + DAY
    assert (holding.contact, holding.message) == (WORDS["contact"], "Ring in\nthe evening.")


def test_a_repeat_changes_nothing(box: BallotBox, alice: User) -> None:
    claim_at(box, alice)
    before = Holding.objects.values().get()
    claim_at(box, alice, days=2)
    assert Holding.objects.values().get() == before


def test_it_can_be_changed_also_after_the_deadline(box: BallotBox, alice: User) -> None:
    claim_at(box, alice)
    claim_at(box, alice, days=30, contact="bob@example.org")
    holding = holding_of(box, alice)
    assert holding.contact == "bob@example.org"
    assert holding.answered_at == box.lottery.closes_at + 30 * DAY


def test_it_counts_until_the_moment_and_not_at_it(box: BallotBox, alice: User) -> None:
    until = holding_of(box, alice).claim_until
    assert until == box.lottery.closes_at + 7 * DAY
    with pytest.raises(ClaimTooLate, match=f"was over on {until:%Y-%m-%d}"):
        claim(box.lottery, alice, **WORDS, clock=lambda: until)
    assert holding_of(box, alice).answer == ""
    claim(box.lottery, alice, **WORDS, clock=lambda: until - MOMENT)
    assert holding_of(box, alice).is_claimed


def test_without_days_to_claim_there_is_no_deadline(alice: User) -> None:
    box = drawn_box((alice, 1))
    assert holding_of(box, alice).claim_until is None
    assert claim_at(box, alice, days=1000).is_claimed


def test_who_holds_no_place_cannot(box: BallotBox, bob: User) -> None:
    with pytest.raises(NoPlace):
        claim_at(box, bob)


def test_who_was_passed_over_cannot(box: BallotBox, alice: User) -> None:
    number = holder(box).number
    pass_over(box.lottery, number=number, ground=Ground.INELIGIBLE, reason="is under 18 years")
    with pytest.raises(PlaceGone, match="is under 18 years"):
        claim_at(box, alice)


def test_what_was_handed_over_is_closed(box: BallotBox, alice: User) -> None:
    claim_at(box, alice)
    hand_over(box.lottery, number=holder(box).number)
    with pytest.raises(PrizeHandedOver):
        claim_at(box, alice, contact="other")


def test_who_claimed_is_passed_over_only_as_not_eligible(box: BallotBox, alice: User) -> None:
    claim_at(box, alice)
    number = holder(box).number
    with pytest.raises(HolderHasClaimed):
        pass_over(box.lottery, number=number, ground=Ground.UNREACHED, reason="no answer at all")


def test_it_needs_an_address_that_was_confirmed(
    box: BallotBox, alice: User, settings: Settings
) -> None:
    settings.SENDS_MAIL = True
    with pytest.raises(AddressUnconfirmed, match="confirm your e-mail address first"):
        claim_at(box, alice)
    User.objects.filter(pk=alice.pk).update(email_confirmed_at=timezone.now())
    assert claim_at(box, alice).is_claimed


def test_none_is_asked_where_no_mail_could_confirm_it(box: BallotBox, alice: User) -> None:
    assert alice.email_confirmed_at is None
    assert claim_at(box, alice).is_claimed


@pytest.mark.parametrize(
    ("words", "field", "why"),
    [
        ({"contact": " "}, "contact", "Say how the organiser can reach you"),
        ({"contact": "x" * 301}, "contact", "at most 300"),
        ({"contact": "a\u202eb"}, "contact", "Leave out U\\+202E"),
        ({"message": "x" * 2001}, "message", "at most 2000"),
        ({"message": "a\0b"}, "message", "Leave out U\\+0000"),
    ],
)
def test_it_takes_words_that_can_be_read(
    box: BallotBox, alice: User, words: dict[str, Any], field: str, why: str
) -> None:
    with pytest.raises(ValidationError, match=why) as error:
        claim_at(box, alice, **words)
    assert set(error.value.message_dict) == {field}
    assert holding_of(box, alice).answer == ""


@pytest.mark.parametrize("changes", [{"is_active": False}, {"is_active": False, "closed_at": DAY}])
def test_an_account_that_is_no_more_claims_nothing(
    box: BallotBox, alice: User, changes: dict[str, Any]
) -> None:
    if "closed_at" in changes:
        changes = changes | {"closed_at": timezone.now()}
    User.objects.filter(pk=alice.pk).update(**changes)
    with pytest.raises(AccountGone):
        claim_at(box, alice)
