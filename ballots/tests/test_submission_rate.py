"""How fast one account may submit, in all lotteries together, at page and API alike."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.tests.asking import ask
from accounts.tests.factories import UserFactory
from accounts.tests.racing import at_once
from ballots.models import Ballot, BallotBox, Submission
from ballots.refusals import TooManySubmissions
from ballots.tests.factories import NOON, BoxFactory, open_box, submit

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def two_a_minute(settings: Settings) -> None:
    settings.SUBMISSION_RATE = (2, 60)


@pytest.fixture
def box(db: None) -> BallotBox:
    return BoxFactory.create(closure_date=NOON.date())


def test_it_refuses_one_too_many_and_says_how_long_to_wait(box: BallotBox, alice: User) -> None:
    submit(box, alice, at=NOON)
    submit(box, alice, at=NOON + 10 * SECOND)
    with pytest.raises(TooManySubmissions, match="Wait 40 seconds") as refused:
        submit(box, alice, at=NOON + 20 * SECOND)
    assert refused.value.headers == {"Retry-After": "40"}
    assert Ballot.objects.count() == 2


def test_a_minute_after_the_first_there_is_room_for_one(box: BallotBox, alice: User) -> None:
    for seconds in (0, 10, 60, 70):
        submit(box, alice, at=NOON + seconds * SECOND)
    with pytest.raises(TooManySubmissions):
        submit(box, alice, at=NOON + 119 * SECOND)


def test_others_are_not_slowed_down(box: BallotBox, alice: User, bob: User) -> None:
    for participant in (alice, alice, bob, bob):
        submit(box, participant, at=NOON)


def test_all_lotteries_count_together(box: BallotBox, alice: User) -> None:
    other = BoxFactory.create(closure_date=NOON.date() + timedelta(days=1), at=NOON)
    submit(box, alice, at=NOON)
    submit(other, alice, at=NOON)
    for again in (box, other):
        with pytest.raises(TooManySubmissions):
            submit(again, alice, at=NOON)


def test_a_repeated_token_still_gets_its_ballots(box: BallotBox, alice: User) -> None:
    tokens = [uuid4(), uuid4()]
    made = [submit(box, alice, at=NOON, token=token) for token in tokens]
    assert [submit(box, alice, at=NOON, token=token) for token in tokens] == made


def test_a_clock_that_is_put_back_stops_nobody(box: BallotBox, alice: User) -> None:
    for _ in range(2):
        submit(box, alice, at=NOON + timedelta(hours=1))
    submit(box, alice, at=NOON)


def test_demo_data_is_not_slowed_down(db: None) -> None:
    call_command("populate_demo", "-l", "1", "-u", "1", "-b", "500", "-d", "2020-02-29")
    assert Ballot.objects.count() == 500


def send(browser: Client, box: BallotBox) -> Any:
    address = reverse("ballots:submit_ballots", args=[box.lottery.closure_date])
    return browser.post(address, {"quantity": 3, "token": str(uuid4())})


def test_page_and_api_count_together(alices_browser: Client, alice: User) -> None:
    box = open_box()
    path = f"/ballots?lottery_date={box.lottery.closure_date}"
    assert send(alices_browser, box).status_code == HTTPStatus.FOUND
    assert ask("POST", path, alice).status_code == HTTPStatus.CREATED
    for refused in (send(alices_browser, box), ask("POST", path, alice)):
        assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert 50 <= int(refused["Retry-After"]) <= 60
        assert "this one was not made. Wait" in refused.content.decode()
    assert Ballot.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_as_many_get_through_as_there_may() -> None:
    box, participant = open_box(), UserFactory.create()
    outcomes = at_once(*[lambda: submit(box, participant)] * 6)
    assert len([outcome for outcome in outcomes if isinstance(outcome, Submission)]) == 2
    assert len([outcome for outcome in outcomes if isinstance(outcome, TooManySubmissions)]) == 4
