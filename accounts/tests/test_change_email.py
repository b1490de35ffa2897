"""Another e-mail address: it is the account's once it is confirmed, and both are told."""

from functools import partial
from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.confirming import Confirmation, confirm_address
from accounts.mail.models import Kind, Mail
from accounts.mail.rendering import write_mail
from accounts.models import User
from accounts.tests.confirmations import link, link_in_mail, queued
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.racing import at_once

CHANGE, SIGN_IN = reverse("accounts:change_email"), reverse("accounts:sign_in")
NEW = "alicia@example.org"
FORM = {"email": NEW, "password": PASSWORD}


def email_of(user: User) -> str:
    return User.objects.get(pk=user.pk).email


def test_it_is_changed_when_the_new_one_is_confirmed(
    alices_browser: Client, stranger: Client, alice: User
) -> None:
    answer = alices_browser.post(CHANGE, {"email": "ALICIA@Example.org", "password": PASSWORD})
    assert answer.headers["Location"] == reverse("accounts:account")
    assert (email_of(alice), queued(Kind.CONFIRM)) == (alice.email, [NEW])
    assert NEW in stranger.post(link_in_mail()).content.decode()
    changed = User.objects.get()
    assert (changed.email, changed.email_confirmed_at is not None) == (NEW, True)
    signed_in = stranger.post(SIGN_IN, {"username": NEW, "password": PASSWORD})
    assert signed_in.status_code == HTTPStatus.FOUND


def test_both_addresses_are_told(stranger: Client, alice: User) -> None:
    stranger.post(link(alice, NEW))
    assert sorted(queued(Kind.EMAIL_CHANGED)) == [alice.email, NEW]
    for mail in Mail.objects.filter(kind=Kind.EMAIL_CHANGED):
        message = write_mail(mail, alice)
        for text in (message.body, message.alternatives[0][0]):
            assert alice.email in str(text)
            assert NEW in str(text)


def test_twice_is_as_good_as_once(stranger: Client, alice: User) -> None:
    address = link(alice, NEW)
    for _ in range(2):
        assert "is confirmed" in stranger.post(address).content.decode()
    assert len(queued(Kind.EMAIL_CHANGED)) == 2


def test_an_older_link_changes_nothing_back(stranger: Client, alice: User) -> None:
    first, second = link(alice, "first@example.org"), link(alice, "second@example.org")
    stranger.post(first)
    assert stranger.post(second).status_code == HTTPStatus.GONE
    assert email_of(alice) == "first@example.org"


def test_a_link_that_was_used_works_no_more_after_a_change_back(
    stranger: Client, alice: User
) -> None:
    there = link(alice, NEW)
    stranger.post(there)
    stranger.post(link(User.objects.get(), alice.email))
    assert email_of(alice) == alice.email
    assert stranger.post(there).status_code == HTTPStatus.GONE
    assert email_of(alice) == alice.email


@pytest.mark.parametrize("door", ["link", "admin"])
def test_links_to_a_new_password_at_the_old_address_are_nobodys(
    stranger: Client, adams_browser: Client, alice: User, door: str
) -> None:
    stranger.post(reverse("accounts:reset_password"), {"email": alice.email})
    assert queued(Kind.RESET) == [alice.email]
    if door == "link":
        stranger.post(link(alice, NEW))
    else:
        form = {"username": "alice", "email": NEW, "is_active": "on"}
        adams_browser.post(reverse("admin:accounts_user_change", args=[alice.pk]), form)
    assert email_of(alice) == NEW
    assert queued(Kind.RESET) == []


def test_a_link_asked_for_by_whoever_knew_the_old_password_ends_with_it(
    stranger: Client, alice: User
) -> None:
    address = link(alice, NEW)
    alice.set_password("green suede shoes 8")
    alice.save()
    assert stranger.post(address).status_code == HTTPStatus.GONE
    assert email_of(alice) == alice.email


def test_an_address_that_is_taken_meanwhile_stays_with_its_account(
    stranger: Client, alice: User
) -> None:
    address = link(alice, NEW)
    UserFactory.create(email=NEW)
    page = stranger.post(address).content.decode()
    assert "This e-mail address already exists." in page
    assert "Your account keeps the one that it has." in page
    assert email_of(alice) == alice.email
    assert queued(Kind.EMAIL_CHANGED) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": "bob@example.org"}, "This e-mail address already exists."),
        ({"email": "BOB@example.org"}, "This e-mail address already exists."),
        ({"email": "Alice@example.org"}, "This is the address of your account already."),
        ({"email": "alicia"}, "Enter a valid email address."),
        ({"email": ""}, "This field is required."),
        ({"password": "wrong"}, "This is not your password."),
        ({"password": ""}, "This field is required."),
    ],
)
def test_it_says_what_is_wrong(
    alices_browser: Client, alice: User, bob: User, changes: dict[str, str], message: str
) -> None:
    answer = alices_browser.post(CHANGE, FORM | changes)
    assert message in answer.content.decode()
    assert queued(Kind.CONFIRM) == []


def test_the_password_is_not_to_be_guessed_here(alices_browser: Client, alice: User) -> None:
    for _ in range(5):
        answer = alices_browser.post(CHANGE, FORM | {"password": "wrong"})
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert alices_browser.post(CHANGE, FORM).status_code == HTTPStatus.TOO_MANY_REQUESTS
    # One count for all that ask for it.
    form = {"old_password": PASSWORD, "new_password1": "x", "new_password2": "x"}
    answer = alices_browser.post(reverse("accounts:change_password"), form)
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_nobody_is_sent_more_than_three_links_an_hour(
    alices_browser: Client, bobs_browser: Client
) -> None:
    for browser in (alices_browser, bobs_browser, alices_browser):
        assert browser.post(CHANGE, FORM).status_code == HTTPStatus.FOUND
    assert bobs_browser.post(CHANGE, FORM).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert len(queued(Kind.CONFIRM)) == 3


def test_it_needs_a_login(stranger: Client, alice: User) -> None:
    for method in (stranger.get, stranger.post):
        assert method(CHANGE, FORM).headers["Location"].startswith(SIGN_IN)
    assert queued(Kind.CONFIRM) == []


def test_looking_at_the_form_changes_nothing(alices_browser: Client, alice: User) -> None:
    assert alices_browser.get(CHANGE, FORM).status_code == HTTPStatus.OK
    assert queued(Kind.CONFIRM) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_the_same_address_at_once_one_gets_it(alice: User, bob: User) -> None:
    tokens = [link(user, NEW).split("/")[-2] for user in (alice, bob)]
    outcomes = at_once(*[partial(confirm_address, token) for token in tokens])
    assert len([each for each in outcomes if isinstance(each, ValidationError)]) == 1
    assert User.objects.filter(email=NEW).count() == 1
    assert len(queued(Kind.EMAIL_CHANGED)) == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_changes_it(alice: User) -> None:
    token = link(alice, NEW).split("/")[-2]
    outcomes = at_once(*[partial(confirm_address, token)] * 4)
    assert all(isinstance(each, Confirmation) and each.is_done for each in outcomes)
    assert len(queued(Kind.EMAIL_CHANGED)) == 2
