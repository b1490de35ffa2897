"""Submitting ballots through the API, and their receipts."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.tests.asking import ask
from ballots.api.schemas import Submitted
from ballots.checkers import verify_draw
from ballots.models import Ballot, BallotBox
from ballots.tests.factories import day


def test_my_receipt_any_time(box: BallotBox, alice: User) -> None:
    ballot = Ballot.objects.get(box=box, number=2)
    found = ask("GET", f"/ballots/{ballot.pk}/receipt", alice).json()
    verify_draw.conform("the receipt", found, verify_draw.RECEIPT)
    assert (found["number"], found["ballot"]) == (2, str(ballot.pk))


def test_a_quantity_with_its_receipts(box: BallotBox, bob: User) -> None:
    answer = ask("POST", f"/ballots?lottery_date={day(box)}&quantity=4", bob)
    receipts = answer.json()["receipts"]
    assert [receipt["number"] for receipt in receipts] == [4, 5, 6, 7]
    for receipt in receipts:
        verify_draw.conform("the receipt", receipt, verify_draw.RECEIPT)
    assert receipts[0]["ballot"] == answer.json()["id"]


@pytest.mark.parametrize("query", ["", "&quantity=3"])
def test_the_answer_is_as_described(box: BallotBox, bob: User, query: str) -> None:
    """It is not validated where it is made."""
    answer = ask("POST", f"/ballots?lottery_date={day(box)}{query}", bob).json()
    described = Submitted.model_validate(answer, extra="forbid")
    assert list(answer) == list(described.model_dump(exclude_unset=True))
    assert str(Ballot.objects.get(box=box, number=4).pk) == answer["id"]


@pytest.mark.parametrize("quantity", ["0", "-1", "101", "x", "1.5", "9" * 30])
def test_a_quantity_that_is_none(box: BallotBox, bob: User, quantity: str) -> None:
    answer = ask("POST", f"/ballots?lottery_date={day(box)}&quantity={quantity}", bob)
    assert answer.status_code == 422
    assert BallotBox.objects.get(pk=box.pk).ballot_count == 3


def test_a_repeated_key_makes_no_new_ballots(box: BallotBox, bob: User) -> None:
    path, headers = f"/ballots?lottery_date={day(box)}&quantity=2", {"Idempotency-Key": "one"}
    first, again = (ask("POST", path, bob, headers=dict(headers)) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert BallotBox.objects.get(pk=box.pk).ballot_count == 5


@pytest.mark.parametrize("odd", ["1_0", "%D9%A3", "%2B3", "3.0", "1e1", "0x3", "true", "", "%203"])
def test_a_number_that_could_be_misread_is_refused(box: BallotBox, alice: User, odd: str) -> None:
    answer = ask("POST", f"/ballots?lottery_date={day(box)}&quantity={odd}", alice)
    assert answer.status_code == 422
    assert answer.json()["detail"] == ("quantity: Write a whole number in digits, for example 10.")
    assert Ballot.objects.count() == 3


def test_a_key_is_its_owners_and_of_one_quantity(box: BallotBox, alice: User, bob: User) -> None:
    path, headers = f"/ballots?lottery_date={day(box)}", {"Idempotency-Key": "one"}
    one, other = (ask("POST", path, user, headers=dict(headers)) for user in (alice, bob))
    assert one.json()["id"] != other.json()["id"]
    changed = ask("POST", f"{path}&quantity=2", bob, headers=dict(headers))
    assert changed.status_code == 422
    assert "was sent before, for 1 ballot." in changed.json()["detail"]


def test_submitting_is_limited_by_account(
    box: BallotBox, alice: User, bob: User, settings: Settings
) -> None:
    settings.SUBMISSION_RATE = (3, 3600)  # one was made by the page
    path = f"/ballots?lottery_date={day(box)}"
    assert [ask("POST", path, alice).status_code for _ in range(3)] == [201, 201, 429]
    assert ask("POST", path, bob).status_code == 201


def test_an_honest_client_meets_no_limit(box: BallotBox, alice: User) -> None:
    path = f"/ballots?lottery_date={day(box)}"
    assert {ask("POST", path, alice).status_code for _ in range(40)} == {201}


def test_a_session_signs_nobody_in(box: BallotBox, alices_browser: Client) -> None:
    assert alices_browser.get("/api/ballots/mine").status_code == 401
    assert alices_browser.post(f"/api/ballots?lottery_date={day(box)}").status_code == 401


def test_an_answer_with_a_token_is_kept_by_no_cache(alice: User) -> None:
    assert ask("GET", "/ballots/mine", alice)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_is_none_is_refused_by_its_name(box: BallotBox, bob: User, key: str) -> None:
    path, headers = f"/ballots?lottery_date={day(box)}", {"Idempotency-Key": key}
    answer = ask("POST", path, bob, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("Idempotency-Key: ")
    assert BallotBox.objects.get(pk=box.pk).ballot_count == 3
