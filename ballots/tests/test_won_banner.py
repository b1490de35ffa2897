"""Who won is told so on every page while it is unanswered, and at their lottery for good."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from ballots.claiming import claim, decline
from ballots.day_after import hand_over
from ballots.models import BallotBox, Holding
from ballots.tests.winning import WORDS, drawn_box, drawn_of, holder, page, winner_and_other

BANNER = 'aria-label="You won"'
PAGES = ["ballots:home", "ballots:results", "ballots:fairness", "accounts:account"]


@pytest.fixture
def box(alice: User) -> BallotBox:
    return drawn_box((alice, 3), at=timezone.now(), claim_days=7, prize="A crate of pears\n(ripe)")


def show(browser: Client, url: str = "/") -> str:
    return " ".join(browser.get(url).content.decode().split())


@pytest.mark.parametrize("name", PAGES)
def test_it_is_on_every_page(alices_browser: Client, box: BallotBox, name: str) -> None:
    shown = show(alices_browser, reverse(name))
    assert f"You won in {box.lottery.name}: A crate of pears." in shown
    assert "Claim it before <time" in shown
    assert page(box) in shown


def test_it_is_on_a_page_that_does_not_exist(alices_browser: Client, box: BallotBox) -> None:
    assert BANNER in show(alices_browser, "/no/such/page/")


@pytest.mark.parametrize("name", ["claim", "decline"])
def test_the_page_that_it_leads_to_needs_none(
    alices_browser: Client, box: BallotBox, name: str
) -> None:
    assert BANNER not in show(alices_browser, page(box, name))


def test_nobody_else_sees_it(
    stranger: Client, bobs_browser: Client, adams_browser: Client, box: BallotBox
) -> None:
    for browser in (stranger, bobs_browser, adams_browser):
        assert BANNER not in show(browser)


def test_an_answer_ends_it(alices_browser: Client, alice: User, box: BallotBox) -> None:
    claim(box.lottery, alice, **WORDS)
    assert BANNER not in show(alices_browser)


def test_declining_ends_it(alices_browser: Client, alice: User, box: BallotBox) -> None:
    decline(box.lottery, alice)
    assert BANNER not in show(alices_browser)


def test_the_prize_ends_it(alices_browser: Client, box: BallotBox) -> None:
    hand_over(box.lottery, number=holder(box).number)
    assert BANNER not in show(alices_browser)


def test_the_deadline_ends_it_before_the_command_runs(
    alices_browser: Client, box: BallotBox
) -> None:
    Holding.objects.update(claim_until=timezone.now())
    assert BANNER not in show(alices_browser)


def test_of_several_it_shows_the_most_urgent(
    alices_browser: Client, alice: User, box: BallotBox
) -> None:
    more = drawn_box((alice, 1), places=2)
    soon = drawn_box((alice, 1), at=timezone.now(), claim_days=1)
    shown = show(alices_browser)
    assert page(soon) in shown
    assert page(box) not in shown
    assert page(more) not in shown
    assert "You won more" in shown


def test_the_lottery_says_you(
    alices_browser: Client, bobs_browser: Client, stranger: Client, box: BallotBox
) -> None:
    url = page(box, "lottery")
    assert "<strong>You</strong> won with ballot" in show(alices_browser, url)
    for browser in (bobs_browser, stranger):
        assert "<strong>alice</strong> won with ballot" in show(browser, url)
        assert page(box) not in show(browser, url)


def test_the_lottery_says_nothing_of_a_claim(stranger: Client, alice: User, box: BallotBox) -> None:
    before = show(stranger, page(box, "lottery"))
    claim(box.lottery, alice, **WORDS)
    assert show(stranger, page(box, "lottery")) == before


def test_my_ballots_say_what_became_of_it(
    alices_browser: Client, bobs_browser: Client, alice: User, bob: User
) -> None:
    box = drawn_box((alice, 1), (bob, 1), places=2)
    mine, places = reverse("ballots:my_ballots"), drawn_of(box, alice)
    assert f"<strong>won</strong>, not claimed yet</a> (place {places.place})" in show(
        alices_browser, mine
    )
    claim(box.lottery, alice, **WORDS)
    assert "won, claimed" in show(alices_browser, mine)
    hand_over(box.lottery, number=places.number)
    assert "won, handed over" in show(alices_browser, mine)
    decline(box.lottery, bob)
    assert "passed over" in show(bobs_browser, mine)
    assert "passed over on" in show(bobs_browser, page(box, "my_entry"))


def test_the_next_one_is_told_as_well(
    alices_browser: Client, bobs_browser: Client, alice: User, bob: User
) -> None:
    box = drawn_box((alice, 1), (bob, 1), at=timezone.now(), claim_days=7)
    first, second = winner_and_other(box, alice, bob)
    browsers = {alice: alices_browser, bob: bobs_browser}
    assert BANNER not in show(browsers[second])
    decline(box.lottery, first, clock=lambda: timezone.now() + timedelta(days=1))
    assert BANNER in show(browsers[second])
