"""Whoever holds a place keeps their name until it is handed over, and their account until then."""

from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choosing import change_username
from accounts.closing import close_account
from accounts.mail.leases import mark_sent, take_mail
from accounts.mail.models import Kind, Mail
from accounts.mail.sending import insist
from accounts.models import User
from accounts.refusals import PlaceHeld, PlaceUnclaimed
from accounts.shared.refusals import Refusal
from accounts.tests.racing import at_once
from ballots.day_after import pass_over
from ballots.models import Answer, Draw, DrawnBallot, Ground, Holding
from ballots.tests.factories import BoxFactory, draw, submit

REASON = "not of the village"


@pytest.fixture
def won(alice: User) -> Draw:
    """A draw in which alice holds the place."""
    box = BoxFactory.create()
    submit(box, alice)
    return draw(box)


def answer(**values: object) -> None:
    Holding.objects.update(**({"answered_at": timezone.now()} | values))


def test_before_a_claim_neither_name_nor_account_changes(alice: User, won: Draw) -> None:
    with pytest.raises(PlaceHeld, match=f"place 1 in .*{won.box.lottery.closure_date}"):
        change_username(alice, "alicia")
    with pytest.raises(PlaceUnclaimed, match="claim or decline it first"):
        close_account(alice)


def test_the_page_says_why(alices_browser: Client, won: Draw) -> None:
    for name in ("change_username", "close_account"):
        page = alices_browser.get(reverse(f"accounts:{name}")).content.decode()
        assert "You hold place 1 in" in page


def test_a_claim_keeps_the_name_and_lets_the_account_go(
    alices_browser: Client, alice: User, won: Draw
) -> None:
    answer(answer=Answer.CLAIMED, message="By post, please", contact="Alice, 1 High Street")
    with pytest.raises(PlaceHeld):
        change_username(alice, "alicia")
    page = " ".join(alices_browser.get(reverse("accounts:close_account")).content.decode().split())
    assert "the prize is not handed over yet" in page
    close_account(alice)
    holding = Holding.objects.get()
    assert (holding.answer, holding.message, holding.contact) == (Answer.CLAIMED, "", "")
    assert DrawnBallot.objects.get().username == "alice"  # the record never changes


@pytest.mark.parametrize(
    "end",
    [
        partial(answer, answer=Answer.DECLINED),
        partial(answer, answer=Answer.CLAIMED, handed_over_at=timezone.now()),
    ],
)
def test_what_is_declined_or_handed_over_is_no_more_at_stake(
    alice: User, won: Draw, end: "partial[None]"
) -> None:
    end()
    change_username(alice, "alicia")
    assert DrawnBallot.objects.get().username == "alice"
    close_account(alice)


def test_nor_is_what_was_passed_over(alice: User, won: Draw) -> None:
    pass_over(won.box.lottery, number=1, ground=Ground.INELIGIBLE, reason=REASON)
    change_username(alice, "alicia")
    close_account(alice)


def test_others_hold_nothing(bob: User, won: Draw) -> None:
    change_username(bob, "robert")
    close_account(bob)


@pytest.mark.django_db(transaction=True)
def test_a_closing_a_passing_over_and_a_mail_that_is_sent_wait_for_each_other(
    alice: User, bob: User
) -> None:
    """Whoever waits for whom: none of them waits for ever, and each is done whole."""
    box = BoxFactory.create()
    submit(box, alice)
    draw(box)
    answer(answer=Answer.CLAIMED, message="By post, please", contact="High Street")
    mail = take_mail(at=timezone.now())
    assert mail
    outcomes = at_once(
        partial(close_account, alice),
        partial(pass_over, box.lottery, number=1, ground=Ground.INELIGIBLE, reason=REASON),
        partial(insist, partial(mark_sent, mail, at=timezone.now())),
    )
    assert not [each for each in outcomes if isinstance(each, (Refusal, ValidationError))]
    assert User.objects.get(pk=alice.pk).closed_at
    assert DrawnBallot.objects.get().passed_over_at
    assert Holding.objects.get().message == ""
    assert not Mail.objects.filter(user=alice, kind=Kind.WON).exists()
