"""The page of a place: its holder sees what was won, and claims or declines it."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from ballots.claiming import claim, decline
from ballots.day_after import hand_over, pass_over
from ballots.models import BallotBox, Ground
from ballots.tests.factories import BoxFactory, submit
from ballots.tests.winning import WORDS, drawn_box, drawn_of, holder, holding_of, page


@pytest.fixture
def box(alice: User) -> BallotBox:
    """Alice holds the one place, and has a week from now on."""
    prize = "A crate of pears\nof the best"
    return drawn_box((alice, 3), at=timezone.now(), claim_days=7, prize=prize)


def show(browser: Client, box: BallotBox, name: str = "claim") -> str:
    answer = browser.get(page(box, name))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def move_deadline(box: BallotBox, user: User, until: datetime) -> None:
    holding = holding_of(box, user)
    holding.claim_until = until
    holding.save()


# --- What it says


def test_it_says_what_was_won_and_until_when(alices_browser: Client, box: BallotBox) -> None:
    shown = show(alices_browser, box)
    assert "<h1>You won</h1>" in shown
    assert "A crate of pears<br>of the best" in shown
    until = holder(box).holding.claim_until
    assert until
    assert f"Claim it before <time" in shown  # noqa: F541
    assert f"{until:%-d %B %Y, %H:%M}</time>, UTC" in shown


def test_it_names_the_place_where_there_are_several(alices_browser: Client, alice: User) -> None:
    box = drawn_box((alice, 1), places=3)
    assert "You won place 1 of 3" in show(alices_browser, box)


def test_it_says_that_there_is_no_deadline(alices_browser: Client, alice: User) -> None:
    assert "there is no deadline" in show(alices_browser, drawn_box((alice, 1)))


def test_it_says_that_no_time_runs_before_the_mail_is_out(
    alices_browser: Client, alice: User, settings: Settings
) -> None:
    settings.SENDS_MAIL = True
    box = drawn_box((alice, 1), claim_days=7)
    assert "within 7 days of our mail" in show(alices_browser, box)


def test_it_says_who_reads_the_words_and_for_how_long(
    alices_browser: Client, box: BallotBox, settings: Settings
) -> None:
    settings.CLAIM_MESSAGE_DAYS = 30
    shown = show(alices_browser, box)
    assert "admins alone read it" in shown
    assert "deleted 30 days after you send it" in shown


def test_it_asks_first_for_an_address_that_was_confirmed(
    alices_browser: Client, box: BallotBox, settings: Settings
) -> None:
    assert "confirm your address" not in show(alices_browser, box)
    settings.SENDS_MAIL = True
    assert "confirm your address" in show(alices_browser, box)


def test_it_says_what_was_claimed_and_takes_changes(
    alices_browser: Client, alice: User, box: BallotBox
) -> None:
    claim(box.lottery, alice, **WORDS)
    shown = show(alices_browser, box)
    assert "<dt>Claimed</dt>" in shown
    assert WORDS["contact"] in shown
    assert WORDS["message"] in shown
    assert "Change it" in shown


@pytest.mark.parametrize("how", ["handed over", "declined", "passed over", "too late"])
def test_it_says_that_it_is_over(
    alices_browser: Client, alice: User, box: BallotBox, how: str
) -> None:
    end(box, alice, how)
    shown = show(alices_browser, box)
    assert "<button>Claim it</button>" not in shown
    expected = {
        "handed over": "The prize was handed over",
        "declined": "You were passed over: “Declined.”",
        "passed over": "You were passed over: “Not eligible: is under 18 years”",
        "too late": "The time to claim was over on",
    }
    assert expected[how] in shown


def end(box: BallotBox, user: User, how: str) -> None:
    number, reason = holder(box).number, "is under 18 years"
    if how == "handed over":
        hand_over(box.lottery, number=number)
    elif how == "declined":
        decline(box.lottery, user)
    elif how == "passed over":
        pass_over(box.lottery, number=number, ground=Ground.INELIGIBLE, reason=reason)
    else:
        move_deadline(box, user, timezone.now())


# --- Claiming


def test_it_claims(alices_browser: Client, alice: User, box: BallotBox) -> None:
    answer = alices_browser.post(page(box), WORDS, follow=True)
    assert answer.redirect_chain == [(page(box), 302)]
    assert "You claimed your place" in answer.content.decode()
    assert holding_of(box, alice).contact == WORDS["contact"]


def test_it_offers_the_accounts_address(alices_browser: Client, box: BallotBox) -> None:
    assert 'value="alice@example.org"' in show(alices_browser, box)


def test_pressed_twice_it_claims_once(alices_browser: Client, alice: User, box: BallotBox) -> None:
    for _ in range(2):
        assert alices_browser.post(page(box), WORDS).status_code == 302
    assert holding_of(box, alice).is_claimed


@pytest.mark.parametrize("form", [{}, {"contact": ""}, {"contact": "a\0b"}, {"contact": "x" * 301}])
def test_it_says_what_is_missing(
    alices_browser: Client, alice: User, box: BallotBox, form: dict[str, str]
) -> None:
    answer = alices_browser.post(page(box), form | {"message": "Kept, whatever happens."})
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert "Kept, whatever happens." in answer.content.decode()
    assert holding_of(box, alice).answer == ""


def test_it_refuses_who_has_confirmed_no_address_and_keeps_the_words(
    alices_browser: Client, alice: User, box: BallotBox, settings: Settings
) -> None:
    settings.SENDS_MAIL = True
    answer = alices_browser.post(page(box), WORDS)
    assert answer.status_code == 403
    assert "confirm your e-mail address first" in answer.content.decode()
    assert WORDS["message"] in answer.content.decode()


@pytest.mark.parametrize("how", ["handed over", "declined", "passed over", "too late"])
def test_it_claims_nothing_that_is_over(
    alices_browser: Client, alice: User, box: BallotBox, how: str
) -> None:
    end(box, alice, how)
    before = holding_of(box, alice).answer
    answer = alices_browser.post(page(box), WORDS)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert holding_of(box, alice).answer == before


# --- Declining


def test_it_declines_after_it_asked(alices_browser: Client, alice: User, box: BallotBox) -> None:
    assert page(box, "decline") in show(alices_browser, box)
    assert "you cannot take this back" in show(alices_browser, box, "decline")
    assert drawn_of(box, alice).is_standing
    answer = alices_browser.post(page(box, "decline"), follow=True)
    assert "You declined your place." in answer.content.decode()
    assert drawn_of(box, alice).ground == Ground.DECLINED


def test_declined_twice_it_says_the_same(alices_browser: Client, box: BallotBox) -> None:
    for _ in range(2):
        answer = alices_browser.post(page(box, "decline"), follow=True)
        assert "You declined your place." in answer.content.decode()


@pytest.mark.parametrize("how", ["handed over", "passed over", "too late"])
def test_it_declines_nothing_that_is_over(
    alices_browser: Client, alice: User, box: BallotBox, how: str
) -> None:
    end(box, alice, how)
    assert alices_browser.get(page(box, "decline")).status_code == 302
    assert alices_browser.post(page(box, "decline")).status_code == 400
    assert holding_of(box, alice).answer == ""


# --- Whose it is


@pytest.mark.parametrize("name", ["claim", "decline"])
def test_a_stranger_is_sent_to_sign_in(
    stranger: Client, alice: User, box: BallotBox, name: str
) -> None:
    for answer in (stranger.get(page(box, name)), stranger.post(page(box, name), WORDS)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("accounts:sign_in"))
    assert holding_of(box, alice).answer == ""


@pytest.mark.parametrize("name", ["claim", "decline"])
def test_nobody_else_finds_it(
    bobs_browser: Client, adams_browser: Client, alice: User, box: BallotBox, name: str
) -> None:
    for browser in (bobs_browser, adams_browser):
        assert browser.get(page(box, name)).status_code == 404
        assert browser.post(page(box, name), WORDS).status_code == 404
    assert holding_of(box, alice).answer == ""


@pytest.mark.parametrize("name", ["claim", "decline"])
def test_it_takes_nothing_by_get_or_put(
    alices_browser: Client, alice: User, box: BallotBox, name: str
) -> None:
    alices_browser.get(page(box, name), WORDS)
    assert alices_browser.put(page(box, name)).status_code == 405
    assert holding_of(box, alice).answer == ""
    assert drawn_of(box, alice).is_standing


@pytest.mark.parametrize("name", ["claim", "decline"])
def test_a_ballot_that_was_not_drawn_has_no_page(
    alices_browser: Client, alice: User, name: str
) -> None:
    box = BoxFactory.create()
    submit(box, alice)
    assert alices_browser.get(page(box, name)).status_code == 404
    assert alices_browser.post(page(box, name), WORDS).status_code == 404
