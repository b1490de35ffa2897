from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import PASSWORD

REGISTER = reverse("accounts:register")
CAROL = {"email": "carol@example.org", "username": "carol", "password": PASSWORD}


def test_it_makes_a_participant_who_is_signed_in(stranger: Client) -> None:
    answer = stranger.post(REGISTER, CAROL, follow=True)
    carol = User.objects.get()
    assert (carol.email, carol.username, carol.is_admin) == ("carol@example.org", "carol", False)
    assert carol.check_password(PASSWORD)
    assert carol.participant.version == 4
    assert answer.wsgi_request.user == carol
    assert "Welcome, carol." in answer.content.decode()


def test_its_form_asks_browsers_for_a_new_password(stranger: Client) -> None:
    page = stranger.get(REGISTER).content.decode()
    assert 'autocomplete="new-password"' in page
    assert "at least 8 characters" in page


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": ""}, "This field is required."),
        ({"email": "carol"}, "Enter a valid email address."),
        ({"email": f"{'c' * 300}@example.org"}, "at most 254 characters"),
        ({"username": "ca"}, "at least 3 characters"),
        ({"username": "  ca  "}, "at least 3 characters"),
        ({"username": "c" * 51}, "at most 50 characters"),
        ({"username": "ca\u202erol"}, "Use letters, digits, spaces and punctuation only."),
        ({"username": "ca\0rol"}, "Null characters are not allowed."),
        ({"password": ""}, "This field is required."),
        ({"password": "x7-Qp"}, "too short"),
        ({"password": "password1"}, "too common"),
        ({"password": "8273645182"}, "entirely numeric"),
        ({"password": "carol@example.org"}, "too similar"),
    ],
)
def test_it_says_what_is_wrong(stranger: Client, changes: dict[str, str], message: str) -> None:
    answer = stranger.post(REGISTER, CAROL | changes)
    assert answer.status_code == HTTPStatus.OK
    assert message in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("email", ["alice@example.org", "ALICE@Example.ORG"])
def test_an_address_has_one_account_whatever_its_case(
    stranger: Client, alice: User, email: str
) -> None:
    answer = stranger.post(REGISTER, CAROL | {"email": email})
    assert "This e-mail address already exists." in answer.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize("username", ["alice", "ALICE", " Alice ", "ａｌｉｃｅ"])
def test_a_username_is_taken_whatever_its_spelling(
    stranger: Client, alice: User, username: str
) -> None:
    answer = stranger.post(REGISTER, CAROL | {"username": username})
    assert "This username already exists. Choose another." in answer.content.decode()
    assert User.objects.count() == 1


def test_nobody_makes_themselves_an_admin(stranger: Client) -> None:
    extra: dict[str, Any] = {"is_staff": "on", "is_superuser": "on", "participant": "1" * 32}
    stranger.post(REGISTER, CAROL | extra)
    carol = User.objects.get()
    assert not carol.is_staff
    assert not carol.is_superuser
    assert carol.participant.hex != "1" * 32


def test_who_is_signed_in_is_sent_on(alices_browser: Client) -> None:
    assert alices_browser.get(REGISTER).headers["Location"] == reverse("ballots:home")
    assert alices_browser.post(REGISTER, CAROL).status_code == HTTPStatus.FOUND
    assert User.objects.count() == 1
