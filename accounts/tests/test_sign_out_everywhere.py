"""An end to all sessions and access tokens of an account, but the browser that asks for it."""

from http import HTTPStatus

from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tokens import issue_token, user_of
from conftest import browser_of

SIGN_OUT, ACCOUNT = reverse("accounts:sign_out_everywhere"), reverse("accounts:account")


def is_signed_in(browser: Client) -> bool:
    return browser.get(ACCOUNT).status_code == HTTPStatus.OK


def test_it_ends_the_others(alices_browser: Client, alice: User) -> None:
    other, token = browser_of(alice), issue_token(alice)
    answer = alices_browser.post(SIGN_OUT, follow=True)
    assert "You are signed out everywhere else" in answer.content.decode()
    assert is_signed_in(alices_browser)
    assert not is_signed_in(other)
    assert user_of(token) is None


def test_whoever_knows_the_password_signs_in_again(alices_browser: Client, alice: User) -> None:
    alices_browser.post(SIGN_OUT)
    form = {"username": alice.email, "password": PASSWORD}
    other = Client()
    other.post(reverse("accounts:sign_in"), form)
    assert is_signed_in(other)
    assert user_of(issue_token(User.objects.get(pk=alice.pk)))


def test_others_stay(alices_browser: Client, bobs_browser: Client, bob: User) -> None:
    token = issue_token(bob)
    alices_browser.post(SIGN_OUT)
    assert is_signed_in(bobs_browser)
    assert user_of(token) == bob


def test_looking_at_the_page_ends_nothing(alices_browser: Client, alice: User) -> None:
    other = browser_of(alice)
    assert alices_browser.get(SIGN_OUT).status_code == HTTPStatus.OK
    assert is_signed_in(other)


def test_it_needs_a_login(stranger: Client, alices_browser: Client) -> None:
    for method in (stranger.get, stranger.post):
        sign_in = f"{reverse('accounts:sign_in')}?next={SIGN_OUT}"
        assert method(SIGN_OUT).headers["Location"] == sign_in
    assert is_signed_in(alices_browser)
