"""What a winner has at stake: the account stays while a place waits."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.stakes import what_is_at_stake
from ballots.claiming import claim, decline
from ballots.day_after import hand_over, pass_over
from ballots.models import BallotBox, Ground
from ballots.stakes import held_place, unclaimed_place
from ballots.tests.winning import WORDS, drawn_box, holder


@pytest.fixture
def box(alice: User) -> BallotBox:
    return drawn_box((alice, 1), at=timezone.now() - timedelta(hours=1), claim_days=7)


def test_an_unanswered_place_is_unclaimed_and_held(box: BallotBox, alice: User) -> None:
    place = f"place 1 in {box.lottery}"
    assert unclaimed_place(alice) == held_place(alice) == place
    assert what_is_at_stake(alice) == f"{place}, until it is handed over"


def test_a_claimed_place_is_held_until_it_is_handed_over(box: BallotBox, alice: User) -> None:
    claim(box.lottery, alice, **WORDS)
    assert unclaimed_place(alice) is None
    assert held_place(alice)
    assert what_is_at_stake(alice)
    hand_over(box.lottery, number=holder(box).number)
    assert held_place(alice) is None
    assert what_is_at_stake(alice) is None


@pytest.mark.parametrize("is_declined", [True, False])
def test_whoever_is_passed_over_has_nothing_at_stake(
    box: BallotBox, alice: User, is_declined: bool
) -> None:
    if is_declined:
        decline(box.lottery, alice)
    else:
        number, reason = holder(box).number, "is under 18 years"
        pass_over(box.lottery, number=number, ground=Ground.INELIGIBLE, reason=reason)
    assert [ask(alice) for ask in (unclaimed_place, held_place, what_is_at_stake)] == [None] * 3


def test_nobody_elses_place_is_at_stake(box: BallotBox, bob: User) -> None:
    assert [ask(bob) for ask in (unclaimed_place, held_place, what_is_at_stake)] == [None] * 3


def test_admins_keep_off_the_account(adams_browser: Client, box: BallotBox, alice: User) -> None:
    url = reverse("admin:accounts_user_change", args=[alice.pk])
    form = {"username": "alice", "email": "adam@example.org", "is_active": "on"}
    answer = adams_browser.post(url, form, follow=True)
    assert "until it is handed over" in answer.content.decode()
    alice.refresh_from_db()
    assert alice.email == "alice@example.org"
