"""How one is shown, and which mails one gets."""

from http import HTTPStatus

from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.asking import ask

CHOICES, ACCOUNT = reverse("accounts:choices"), reverse("accounts:account")
ALL = {"is_shown_by_code": "on", "wants_receipts": "on", "wants_results": "on"}


def choices_of(user: User) -> tuple[bool, bool, bool]:
    user = User.objects.get(pk=user.pk)
    return user.is_shown_by_code, user.wants_receipts, user.wants_results


def test_at_first_all_are_off(alices_browser: Client, alice: User) -> None:
    assert choices_of(alice) == (False, False, False)
    assert "your username and your participant code are shown" in words(alices_browser)


def words(browser: Client) -> str:
    return " ".join(browser.get(ACCOUNT).content.decode().split())


def test_they_are_switched_on_and_off(alices_browser: Client, alice: User, bob: User) -> None:
    answer = alices_browser.post(CHOICES, ALL, follow=True)
    assert "Your choices are stored." in answer.content.decode()
    assert choices_of(alice) == (True, True, True)
    assert "your participant code alone is shown" in words(alices_browser)
    assert choices_of(bob) == (False, False, False)
    alices_browser.post(CHOICES, {"wants_results": "on"})
    assert choices_of(alice) == (False, False, True)
    alices_browser.post(CHOICES)
    assert choices_of(alice) == (False, False, False)


def test_nothing_else_is_chosen_there(alices_browser: Client, alice: User) -> None:
    alices_browser.post(CHOICES, {"is_staff": "on", "username": "other"})
    assert User.objects.get().username == "alice"
    assert not User.objects.get().is_staff


def test_the_form_says_when_it_counts(alices_browser: Client) -> None:
    page = alices_browser.get(CHOICES).content.decode()
    assert "What is chosen at the moment of a draw counts for it" in page


def test_it_needs_a_login(stranger: Client, alice: User) -> None:
    for method in (stranger.get, stranger.post):
        answer = method(CHOICES, ALL)
        assert answer.headers["Location"].startswith(reverse("accounts:sign_in"))
    assert choices_of(alice) == (False, False, False)


def test_looking_at_the_form_changes_nothing(alices_browser: Client, alice: User) -> None:
    assert alices_browser.get(CHOICES, ALL).status_code == HTTPStatus.OK
    assert choices_of(alice) == (False, False, False)


def test_the_api_tells_them(alice: User) -> None:
    User.objects.update(is_shown_by_code=True)
    answer = ask("GET", "/user/me", alice).json()
    assert (answer["is_shown_by_code"], answer["wants_results"]) == (True, False)
