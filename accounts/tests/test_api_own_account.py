"""What people do with their own account through the API: the rules are those of the pages."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.mail.models import Kind
from accounts.models import User
from accounts.stakes import held_places, unclaimed_places
from accounts.tests.asking import ask
from accounts.tests.confirmations import link, queued
from accounts.tests.factories import PASSWORD
from accounts.tokens import issue_token, user_of
from conftest import browser_of

NEW = "alicia@example.org"
CLOSING = {"password": PASSWORD}


@pytest.fixture
def place() -> Iterator[None]:
    """Everybody has won one, and said nothing yet."""
    for questions in (held_places, unclaimed_places):
        questions.append(lambda user: "place 1 in Advent")
    yield
    held_places.pop()
    unclaimed_places.pop()


def change(user: User, **changes: Any) -> Any:
    return ask("PATCH", "/user/me", user, body=changes)


def test_name_and_choices_are_changed(alice: User) -> None:
    answer = change(alice, username="Alicia", is_shown_by_code=True, wants_results=True)
    assert answer.status_code == 200
    account = answer.json()
    assert (account["username"], account["is_shown_by_code"]) == ("Alicia", True)
    assert (account["wants_results"], account["wants_receipts"]) == (True, False)


def test_what_is_left_out_stays(alice: User) -> None:
    change(alice, wants_receipts=True)
    change(alice, is_shown_by_code=True, username=None)
    stored = User.objects.get()
    assert (stored.username, stored.wants_receipts) == ("alice", True)
    assert change(alice).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"username": "bob"}, 400),
        ({"username": "ab"}, 422),
        ({"wants_results": "yes"}, 422),
        ({"wants_results": 1}, 422),
        ({"is_staff": True}, 422),
        ({"username": "bob", "is_shown_by_code": True}, 400),
    ],
)
def test_what_cannot_be_is_explained(
    alice: User, bob: User, changes: dict[str, Any], status: int
) -> None:
    answer = change(alice, **changes)
    assert answer.status_code == status
    assert next(iter(changes)) in answer.json()["detail"]
    stored = User.objects.get(pk=alice.pk)
    assert (stored.username, stored.is_shown_by_code, stored.is_staff) == ("alice", False, False)


def test_who_holds_a_place_keeps_name_and_account(alice: User, place: None) -> None:
    for answer in (
        change(alice, username="other", is_shown_by_code=True),
        ask("POST", "/user/close", alice, body=CLOSING),
    ):
        assert answer.status_code == 409
        assert "You hold place 1 in Advent" in answer.json()["detail"]
    stored = User.objects.get()
    assert (stored.username, stored.is_shown_by_code, stored.closed_at) == ("alice", False, None)


def test_another_address_is_asked_for_with_the_password(alice: User, bob: User) -> None:
    for body, words in (
        ({"email": NEW, "password": "wrong"}, "password: This is not your password"),
        ({"email": bob.email, "password": PASSWORD}, "already exists"),
        ({"email": "alicia", "password": PASSWORD}, "Enter a valid email address"),
    ):
        assert words in ask("POST", "/user/email", alice, body=body).json()["detail"]
    assert queued(Kind.CONFIRM) == []
    body = {"email": NEW, "password": PASSWORD}
    assert ask("POST", "/user/email", alice, body=body).status_code == 204
    assert queued(Kind.CONFIRM) == [NEW]
    assert User.objects.get(pk=alice.pk).email == alice.email


def test_the_link_is_sent_again_three_times_an_hour(alice: User, stranger: Client) -> None:
    answers = [ask("POST", "/user/confirmation", alice).status_code for _ in range(4)]
    assert answers == [204, 204, 204, 429]
    assert len(queued(Kind.CONFIRM)) == 3
    stranger.post(link(alice))
    assert ask("POST", "/user/confirmation", alice).status_code == 204
    assert len(queued(Kind.CONFIRM)) == 3


def test_signing_out_everywhere_ends_all(alice: User) -> None:
    browser, token = browser_of(alice), issue_token(alice)
    assert ask("POST", "/auth/logout_everywhere", alice).status_code == 204
    assert user_of(token) is None
    assert browser.get("/accounts/").status_code == 302


def test_closing_asks_for_the_password(alice: User) -> None:
    answer = ask("POST", "/user/close", alice, body={"password": "wrong"})
    assert (answer.status_code, User.objects.get().closed_at) == (422, None)
    assert ask("POST", "/user/close", alice, body=CLOSING).status_code == 204
    assert User.objects.get().closed_at
    assert user_of(issue_token(alice)) is None


def test_admins_stay(adam: User) -> None:
    answer = ask("POST", "/user/close", adam, body=CLOSING)
    assert (answer.status_code, User.objects.get().closed_at) == (403, None)


def test_guesses_are_limited(alice: User) -> None:
    answers = [ask("POST", "/user/close", alice, body={"password": "wrong"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429, 429]


def test_all_that_is_kept_is_had(alice: User) -> None:
    answer = ask("GET", "/user/data", alice)
    assert answer["Content-Type"] == "application/json"
    assert json.loads(answer.getvalue())["account"]["email"] == alice.email
