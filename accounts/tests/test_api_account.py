"""The account of the one who calls, and another password for it."""

from typing import Any

import pytest

from accounts.models import User
from accounts.tests.asking import ask
from accounts.tests.factories import PASSWORD


def test_whose_token_it_is(alice: User) -> None:
    answer = ask("GET", "/user/me", alice).json()
    assert (answer["id"], answer["email"]) == (str(alice.pk), "alice@example.org")


def test_another_password(alice: User) -> None:
    body = {"old_password": PASSWORD, "new_password": "green suede shoes 8"}
    assert ask("POST", "/user/password", alice, body=body).status_code == 204
    assert User.objects.get(pk=alice.pk).check_password("green suede shoes 8")


def test_a_wrong_password_is_explained(alice: User) -> None:
    body = {"old_password": "wrong", "new_password": "123"}
    said = ask("POST", "/user/password", alice, body=body).json()["detail"]
    assert "old_password: Your old password was entered incorrectly" in said
    assert "This password is too short" in said


@pytest.mark.parametrize(
    "wrong", [{"old_password": "wrong"}, {"new_password": "123"}, {"new_password": None}]
)
def test_a_password_that_is_none(alice: User, wrong: dict[str, Any]) -> None:
    body = {"old_password": PASSWORD, "new_password": "green suede shoes 8"} | wrong
    assert ask("POST", "/user/password", alice, body=body).status_code == 422
    assert User.objects.get(pk=alice.pk).check_password(PASSWORD)
