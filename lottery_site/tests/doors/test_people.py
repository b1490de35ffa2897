"""The same person is registered, and signed in, alike at every door."""

from typing import Any

import pytest

from accounts.models import User
from accounts.tests.factories import PASSWORD
from lottery_site.tests.doors.outcomes import DONE, assert_outcome
from lottery_site.tests.doors.ways import Admin, Api, Command, Page

REGISTERING = [
    ("carol@example.org", "carol", PASSWORD, DONE),
    ("alice@example.org", "carol", PASSWORD, "already exists"),
    ("Alice@EXAMPLE.org", "carol", PASSWORD, "already exists"),
    ("carol@example.org", "alice", PASSWORD, "already exists"),
    ("carol@example.org", "ALICE", PASSWORD, "already exists"),
    ("carol", "carol", PASSWORD, "Enter a valid email address."),
    ("carol@example.org", "ab", PASSWORD, "at least 3 characters"),
    ("carol@example.org", "c" * 51, PASSWORD, "at most 50 characters"),
    ("carol@example.org", "carol\x07", PASSWORD, "Use letters, digits"),
    ("carol@example.org", "carol", "aB3$x", "This password is too short."),
    ("carol@example.org", "carol", "password", "This password is too common."),
    ("carol@example.org", "carol", "93847562", "This password is entirely numeric."),
    ("carol@example.org", "caroline", "caroline1", "too similar to the username"),
]
SIGNING_IN = [
    ("alice@example.org", PASSWORD, DONE),
    ("ALICE@example.ORG", PASSWORD, DONE),
    ("alice@example.org", "another password", "don't belong together"),
    ("nobody@example.org", PASSWORD, "don't belong together"),
    ("closed@example.org", PASSWORD, "don't belong together"),
]

RENAMING = [
    ("Carol", DONE),
    ("alice", "already exists"),
    ("ab", "at least 3 characters"),
    ("carol\x07", "Use letters, digits"),
]
MOVING = [
    ("carol@example.org", PASSWORD, DONE),
    ("ALICE@example.org", PASSWORD, "already exists"),
    ("Bob@example.org", PASSWORD, "the address of your account already"),
    ("carol", PASSWORD, "Enter a valid email address."),
    ("carol@example.org", "another password", "not your password"),
]
LEAVING = [(PASSWORD, DONE), ("another password", "not your password")]


@pytest.mark.parametrize("door", [Page, Api, Admin, Command])
@pytest.mark.parametrize(("email", "username", "password", "expected"), REGISTERING)
def test_registering(
    adam: User, alice: User, door: Any, email: str, username: str, password: str, expected: str
) -> None:
    way = door(adam if door is Admin else None).register
    assert_outcome(expected, way, email, username, password)


@pytest.mark.parametrize("door", [Page, Api, Admin])
@pytest.mark.parametrize(("email", "password", "expected"), SIGNING_IN)
def test_signing_in(
    alice: User, bob: User, door: Any, email: str, password: str, expected: str
) -> None:
    User.objects.filter(pk=bob.pk).update(email="closed@example.org", is_active=False)
    assert_outcome(expected, door().sign_in, email, password)


@pytest.mark.parametrize("door", [Page, Api])
@pytest.mark.parametrize(("username", "expected"), RENAMING)
def test_renaming(alice: User, bob: User, door: Any, username: str, expected: str) -> None:
    assert_outcome(expected, door(bob).rename, username)


@pytest.mark.parametrize("door", [Page, Api])
@pytest.mark.parametrize(("email", "password", "expected"), MOVING)
def test_moving(
    alice: User, bob: User, door: Any, email: str, password: str, expected: str
) -> None:
    assert_outcome(expected, door(bob).move, email, password)


@pytest.mark.parametrize("door", [Page, Api])
@pytest.mark.parametrize(("password", "expected"), LEAVING)
def test_leaving(bob: User, door: Any, password: str, expected: str) -> None:
    assert_outcome(expected, door(bob).leave, password)


@pytest.mark.parametrize("door", [Page, Api])
def test_admins_stay(adam: User, door: Any) -> None:
    assert_outcome("Admins cannot close their account.", door(adam).leave, PASSWORD)


@pytest.mark.parametrize("door", [Page, Api])
def test_whoever_won_stays(alice: User, days: dict[str, str], door: Any) -> None:
    assert_outcome("claim or decline it first", door(alice).leave, PASSWORD)
    assert_outcome("your username stays as it is", door(alice).rename, "carol")
