"""An account that is closed while its ballots are in a lottery, and what comes in meanwhile."""

from threading import Event
from time import sleep

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.closing import close_account
from accounts.models import User
from accounts.refusals import AccountGone, PlaceUnclaimed
from accounts.shared.refusals import Refusal
from accounts.tests.factories import PASSWORD
from accounts.tests.racing import at_once
from ballots.models import Ballot, Draw
from ballots.places import take_numbers
from ballots.tests.factories import draw, open_box, reload, submit

CLOSE = reverse("accounts:close_account")


def test_the_page_says_that_the_ballots_stay_in_the_draw(
    alices_browser: Client, alice: User
) -> None:
    box = open_box()
    submit(box, alice)
    page = " ".join(alices_browser.get(CLOSE).content.decode().split())
    assert f"You have ballots in {box.lottery}, until its draw" in page
    assert "nobody can claim the prize" in page
    alices_browser.post(CLOSE, {"password": PASSWORD})
    assert not User.objects.get().is_active
    assert Ballot.objects.count() == 1


def test_a_closed_account_that_wins_is_shown_by_its_code(
    alices_browser: Client, stranger: Client, alice: User
) -> None:
    box = open_box()
    submit(box, alice)
    close_account(alice)
    draw(box)
    page = stranger.get(reverse("ballots:lottery", args=[box.lottery.closure_date]))
    assert str(alice.pk) in page.content.decode()
    assert "alice" not in page.content.decode()


def test_a_closed_account_submits_no_more(alice: User) -> None:
    box = open_box()
    close_account(alice)
    with pytest.raises(AccountGone):
        submit(box, alice)
    assert not Ballot.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_closings_at_once_one_closes(alice: User) -> None:
    outcomes = at_once(*[lambda: close_account(alice)] * 4)
    assert len([each for each in outcomes if isinstance(each, AccountGone)]) == 3
    assert User.objects.get().closed_at


@pytest.mark.django_db(transaction=True)
def test_ballots_that_race_with_the_closing_are_in_or_refused(alice: User) -> None:
    box = open_box()
    submissions = [lambda: submit(box, alice)] * 6
    outcomes = at_once(*submissions, lambda: close_account(alice))
    refused = [each for each in outcomes if isinstance(each, Refusal)]
    assert all(isinstance(each, AccountGone) for each in refused)
    box.refresh_from_db()
    assert box.ballot_count == Ballot.objects.count() == 6 - len(refused)
    assert User.objects.get().closed_at


@pytest.mark.django_db(transaction=True)
def test_a_closing_waits_for_the_draw_that_was_first(alice: User) -> None:
    box, is_drawn = open_box(), Event()
    submit(box, alice)

    def drawing() -> None:
        with transaction.atomic():
            at = box.lottery.closes_at
            take_numbers(Draw.objects.create(box=reload(box), drawn_at=at), at=at)
            is_drawn.set()
            sleep(0.5)

    def closing() -> None:
        is_drawn.wait(30)
        close_account(alice)

    _, outcome = at_once(drawing, closing)
    assert isinstance(outcome, PlaceUnclaimed)
    assert not User.objects.get().closed_at
