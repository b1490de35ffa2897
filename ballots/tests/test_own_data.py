"""What the file with all of a person's data has of the lotteries."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from ballots import data
from ballots.models import Answer, Ballot, BallotBox, Holding
from ballots.public.receipts import receipt
from ballots.tests.factories import BoxFactory, draw, submit
from conftest import browser_of


@pytest.fixture
def boxes(alice: User, bob: User) -> list[BallotBox]:
    """Two in which alice and bob have ballots."""
    boxes = BoxFactory.create_batch(2)
    for box in boxes:
        for participant, quantity in ((alice, 2), (bob, 1), (alice, 3)):
            submit(box, participant, quantity)
    return boxes


def download(browser: Client) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(browser.get(reverse("accounts:data")).getvalue())
    return found


def test_it_has_every_receipt(alices_browser: Client, alice: User, boxes: list[BallotBox]) -> None:
    ballots = Ballot.objects.of(alice).with_receipts().order_by("submission", "number")
    assert download(alices_browser)["receipts"] == [receipt(ballot) for ballot in ballots]


def test_it_has_lotteries_and_submissions(alices_browser: Client, boxes: list[BallotBox]) -> None:
    found = download(alices_browser)
    assert [each["ballots"] for each in found["lotteries"]] == [5, 5]
    assert [each["lottery"] for each in found["lotteries"]] == [str(box.pk) for box in boxes]
    numbers = [(each["first_number"], each["last_number"]) for each in found["submissions"]]
    assert numbers == [(1, 2), (4, 6)] * 2


def test_it_has_nothing_of_others(
    alices_browser: Client, bob: User, boxes: list[BallotBox]
) -> None:
    text = json.dumps(download(alices_browser))
    assert str(bob.pk) not in text
    for ballot in Ballot.objects.of(bob):
        assert str(ballot.pk) not in text


def test_many_submissions_are_read_in_batches(
    alice: User, boxes: list[BallotBox], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1 + 3 * len(boxes)):
        assert len(list(data.list_receipts(alice))) == 10


def test_it_has_what_was_drawn_and_what_one_wrote(
    alices_browser: Client, alice: User, bob: User
) -> None:
    box = BoxFactory.create()
    submit(box, alice)
    draw(box)
    Holding.objects.update(
        answer=Answer.CLAIMED, answered_at=timezone.now(), message="By post", contact="High Street"
    )
    (drawn,) = download(alices_browser)["drawn"]
    assert (drawn["lottery"], drawn["number"], drawn["place"]) == (str(box.pk), 1, 1)
    assert (drawn["username"], drawn["message"]) == ("alice", "By post")
    assert download(browser_of(bob))["drawn"] == []
