"""An address is confirmed by a link that was mailed to it."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from pytest_django import Settings

from accounts.confirming import AGE
from accounts.mail.models import Kind
from accounts.models import User
from accounts.tests.asking import ask
from accounts.tests.confirmations import link, link_in_mail, queued
from accounts.tests.doors import DOORS, make

SEND, ACCOUNT = reverse("accounts:send_confirmation"), reverse("accounts:account")
DONE = "Your e-mail address is confirmed"
NO_MORE = "This link works no more"


def is_confirmed(user: User) -> bool:
    return User.objects.get(pk=user.pk).email_confirmed_at is not None


@pytest.mark.parametrize("door", ["page", "api", "admin"])
def test_registering_mails_a_link_that_confirms(db: None, stranger: Client, door: str) -> None:
    user, _ = make(door)
    assert user
    assert queued(Kind.CONFIRM) == [user.email]
    assert not is_confirmed(user)
    page = stranger.post(link_in_mail()).content.decode()
    assert DONE in page
    assert is_confirmed(user)


def test_a_made_admin_has_nothing_to_confirm(db: None) -> None:
    assert set(DOORS) == {"page", "api", "admin", "command"}
    call_command("create_admin", "--email=root@example.org", "--username=root")
    make("admin", is_staff="on")
    assert queued(Kind.CONFIRM) == []


def test_following_the_link_confirms_nothing(stranger: Client, alice: User) -> None:
    page = stranger.get(link(alice)).content.decode()
    assert "Yes, confirm it" in page
    assert alice.email in page
    assert not is_confirmed(alice)


def test_it_works_for_whoever_is_signed_in(alices_browser: Client, alice: User) -> None:
    assert DONE in alices_browser.post(link(alice)).content.decode()
    assert "confirmed on" in alices_browser.get(ACCOUNT).content.decode()


def test_twice_is_as_good_as_once(stranger: Client, alice: User) -> None:
    address = link(alice)
    stranger.post(address)
    first = User.objects.get().email_confirmed_at
    assert DONE in stranger.get(address).content.decode()
    assert DONE in stranger.post(address).content.decode()
    assert User.objects.get().email_confirmed_at == first


def assert_dead(address: str, user: User) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(address)
        assert answer.status_code == HTTPStatus.GONE
        assert NO_MORE in answer.content.decode()
    assert not is_confirmed(user)


def test_it_ends_after_three_days(alice: User, stranger: Client) -> None:
    at = timezone.now() - AGE
    assert_dead(link(alice, at=at - timedelta(seconds=1)), alice)
    assert DONE in stranger.post(link(alice, at=at + timedelta(minutes=1))).content.decode()


def test_an_altered_one_works_for_nobody(alice: User, bob: User) -> None:
    address = link(alice)
    for altered in (address[:-2] + "/", address.replace("confirm/", "confirm/x"), f"{SEND}token/"):
        assert_dead(altered, alice)
    _, signature = link(bob).rsplit(":", 1)
    assert_dead(f"{address.rsplit(':', 1)[0]}:{signature}", alice)


def test_it_ends_with_the_password_the_sessions_and_the_address(alice: User) -> None:
    address = link(alice)
    User.objects.filter(pk=alice.pk).update(email="other@example.org")
    assert_dead(address, alice)
    User.objects.filter(pk=alice.pk).update(email=alice.email, sign_outs=1)
    assert_dead(address, alice)
    User.objects.filter(pk=alice.pk).update(password="another", sign_outs=0)
    assert_dead(address, alice)


def test_it_is_worth_nothing_for_an_account_that_is_not_active(alice: User) -> None:
    address = link(alice)
    User.objects.update(is_active=False)
    assert_dead(address, alice)
    User.objects.all().delete()
    assert Client().post(address).status_code == HTTPStatus.GONE


def test_a_mail_that_waited_holds_a_link_of_when_it_was_queued(
    alices_browser: Client, alice: User
) -> None:
    alices_browser.post(SEND)
    alice.set_password("another horse")
    alice.save()
    assert_dead(link_in_mail(), alice)


def test_the_link_is_sent_again(alices_browser: Client, alice: User, bob: User) -> None:
    assert "not confirmed yet" in alices_browser.get(ACCOUNT).content.decode()
    assert alices_browser.get(SEND).status_code == HTTPStatus.OK
    assert queued(Kind.CONFIRM) == []
    answer = alices_browser.post(SEND, {"email": bob.email}, follow=True)
    assert f"A link is on its way to {alice.email}." in answer.content.decode()
    assert queued(Kind.CONFIRM) == [alice.email]


def test_it_is_sent_three_times_an_hour(alices_browser: Client, alice: User) -> None:
    for _ in range(3):
        assert alices_browser.post(SEND).status_code == HTTPStatus.FOUND
    answer = alices_browser.post(SEND)
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert answer.headers["Retry-After"]
    assert len(queued(Kind.CONFIRM)) == 3


def test_it_is_not_sent_once_it_is_confirmed(alices_browser: Client, alice: User) -> None:
    alices_browser.post(link(alice))
    for method in (alices_browser.get, alices_browser.post):
        assert "confirmed already" in method(SEND, follow=True).content.decode()
    assert queued(Kind.CONFIRM) == []


def test_sending_needs_a_login(stranger: Client) -> None:
    for method in (stranger.get, stranger.post):
        sign_in = f"{reverse('accounts:sign_in')}?next={SEND}"
        assert method(SEND).headers["Location"] == sign_in


def test_a_new_password_by_mail_proves_the_address_as_well(stranger: Client, alice: User) -> None:
    key, token = force_bytes(alice.pk), default_token_generator.make_token(alice)
    address = reverse("accounts:set_new_password", args=[urlsafe_base64_encode(key), token])
    form = stranger.get(address).headers["Location"]
    assert not is_confirmed(alice)
    stranger.post(form, {"new_password1": "green suede 8", "new_password2": "green suede 8"})
    assert is_confirmed(alice)


def test_the_api_says_whether_it_is_confirmed(alice: User, stranger: Client) -> None:
    assert ask("GET", "/user/me", alice).json()["email_confirmed_at"] is None
    stranger.post(link(alice))
    assert ask("GET", "/user/me", alice).json()["email_confirmed_at"]


def test_an_admin_who_changes_the_address_has_it_confirmed_anew(
    adams_browser: Client, stranger: Client, alice: User
) -> None:
    stranger.post(link(alice))
    form = {"username": "alice", "email": "new@example.org", "is_active": "on"}
    adams_browser.post(reverse("admin:accounts_user_change", args=[alice.pk]), form)
    assert not is_confirmed(alice)
    assert queued(Kind.CONFIRM) == ["new@example.org"]


@pytest.mark.parametrize("sends_mail", [True, False])
def test_the_pages_say_where_no_mail_is_sent(
    alices_browser: Client, settings: Settings, sends_mail: bool
) -> None:
    settings.SENDS_MAIL = sends_mail
    for page in (ACCOUNT, SEND, reverse("accounts:change_email")):
        text = alices_browser.get(page).content.decode()
        assert ("This site sends no mail" in text) is not sends_mail
