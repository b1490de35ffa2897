"""Declining a place: it goes to the next person drawn, at once and for good."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.audit.models import AuditEntry
from accounts.models import User
from ballots.claiming import claim, decline
from ballots.day_after import hand_over
from ballots.models import BallotBox, DrawnBallot, Ground
from ballots.refusals import ClaimTooLate, NoPlace, PrizeHandedOver
from ballots.tests.winning import WORDS, drawn_box, drawn_of, holder, winner_and_other


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    return drawn_box((alice, 2), (bob, 2), claim_days=7)


@pytest.fixture
def winner(box: BallotBox, alice: User, bob: User) -> User:
    return winner_and_other(box, alice, bob)[0]


@pytest.fixture
def other(box: BallotBox, alice: User, bob: User) -> User:
    return winner_and_other(box, alice, bob)[1]


def decline_at(box: BallotBox, user: User, at: datetime | None = None) -> DrawnBallot:
    return decline(box.lottery, user, clock=lambda: at or box.lottery.closes_at)


def test_the_next_person_drawn_gets_the_place(box: BallotBox, winner: User, other: User) -> None:
    decline_at(box, winner)
    declined, next_one = drawn_of(box, winner), drawn_of(box, other)
    assert (declined.ground, declined.reason) == (Ground.DECLINED, "Declined.")
    assert declined.passed_over_at == box.lottery.closes_at
    assert declined.passed_over_by is None
    assert declined.holding.answer == "declined"
    assert next_one.is_standing
    assert (next_one.place, next_one.after) == (1, declined)


def test_it_is_no_act_of_an_admin(box: BallotBox, winner: User) -> None:
    decline_at(box, winner)
    assert not AuditEntry.objects.exists()


def test_declined_twice_it_changes_nothing(box: BallotBox, winner: User) -> None:
    decline_at(box, winner)
    before = list(DrawnBallot.objects.values())
    decline_at(box, winner, box.lottery.closes_at + timedelta(days=1))
    assert list(DrawnBallot.objects.values()) == before


def test_a_claim_can_be_taken_back_and_its_words_go(
    box: BallotBox, winner: User, other: User
) -> None:
    clock = lambda: box.lottery.closes_at  # noqa: E731
    claim(box.lottery, winner, **WORDS, clock=clock)
    decline_at(box, winner)
    holding = drawn_of(box, winner).holding
    assert (holding.answer, holding.message, holding.contact) == ("declined", "", "")
    assert holder(box).participant == other


def test_the_last_one_leaves_the_place_vacant(box: BallotBox, winner: User, other: User) -> None:
    for user in (winner, other):
        decline_at(box, user)
    assert not DrawnBallot.objects.standing().exists()


def test_what_was_handed_over_cannot_be_declined(box: BallotBox, winner: User) -> None:
    hand_over(box.lottery, number=holder(box).number)
    with pytest.raises(PrizeHandedOver):
        decline_at(box, winner)


def test_at_the_deadline_it_is_too_late(box: BallotBox, winner: User) -> None:
    with pytest.raises(ClaimTooLate):
        decline_at(box, winner, box.lottery.closes_at + timedelta(days=7))
    assert holder(box).participant == winner


def test_who_holds_no_place_cannot(box: BallotBox, other: User) -> None:
    with pytest.raises(NoPlace):
        decline_at(box, other)


def test_it_takes_so_many_queries(
    alice: User, bob: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Lock, place, person, answer, passed over, mail, walk (4), new place, its mail and holding."""
    box = drawn_box((alice, 1), (bob, 1), claim_days=7)  # no repeat, so one look at the ballots
    winner, _ = winner_and_other(box, alice, bob)
    with django_assert_num_queries(14):
        decline_at(box, winner)
