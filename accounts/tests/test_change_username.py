"""Another username, while no place is held."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.stakes import held_places

CHANGE = reverse("accounts:change_username")


def name_of(user: User) -> str:
    return User.objects.get(pk=user.pk).username


@pytest.fixture
def place() -> Iterator[None]:
    """Everybody holds one."""
    held_places.append(lambda user: "place 1 in Advent")
    yield
    held_places.pop()


def test_it_is_changed(alices_browser: Client, alice: User) -> None:
    answer = alices_browser.post(CHANGE, {"username": "  Alicia  "}, follow=True)
    assert "Your username is changed." in answer.content.decode()
    assert "<h1>Alicia</h1>" in answer.content.decode()
    assert name_of(alice) == "Alicia"


def test_another_spelling_of_the_own_name_is_free(alices_browser: Client, alice: User) -> None:
    alices_browser.post(CHANGE, {"username": "ALICE"})
    assert name_of(alice) == "ALICE"


@pytest.mark.parametrize(
    ("username", "message"),
    [
        ("bob", "This username already exists."),
        ("B\u043eb", "This username already exists."),
        ("ab", "at least 3 characters"),
        ("", "This field is required."),
        ("al\u202eice", "Use letters, digits"),
    ],
)
def test_it_says_what_is_wrong(
    alices_browser: Client, alice: User, bob: User, username: str, message: str
) -> None:
    page = alices_browser.post(CHANGE, {"username": username}).content.decode()
    assert message in page
    assert f">{alice.username}</a>" in page  # the page goes on with the old one
    assert name_of(alice) == "alice"


def test_who_holds_a_place_keeps_the_name_until_it_is_handed_over(
    alices_browser: Client, alice: User, place: None
) -> None:
    for answer in (alices_browser.get(CHANGE), alices_browser.post(CHANGE, {"username": "other"})):
        assert "You hold place 1 in Advent" in answer.content.decode()
    assert name_of(alice) == "alice"


def test_it_needs_a_login(stranger: Client, alice: User) -> None:
    for method in (stranger.get, stranger.post):
        answer = method(CHANGE, {"username": "other"})
        assert answer.headers["Location"].startswith(reverse("accounts:sign_in"))
    assert name_of(alice) == "alice"


def test_looking_at_the_form_changes_nothing(alices_browser: Client, alice: User) -> None:
    assert alices_browser.get(CHANGE, {"username": "other"}).status_code == HTTPStatus.OK
    assert name_of(alice) == "alice"
