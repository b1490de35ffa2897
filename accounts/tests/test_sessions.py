"""A session brings its account along, and is worth something only while all of it holds."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import settings as site
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.db.models import F
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.closing import close_account
from accounts.models import Session, User
from accounts.sessions.store import SessionStore
from conftest import browser_of

ACCOUNT = reverse("accounts:account")


def is_signed_in(browser: Client) -> bool:
    return browser.get(ACCOUNT).status_code == HTTPStatus.OK


def change(browser: Client, name: str, value: str) -> None:
    session = browser.session
    session[name] = value
    session.save()


def test_it_is_read_with_its_account_by_one_query(
    adams_browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert is_signed_in(adams_browser)


def test_the_row_knows_whose_it_is_and_shows_no_key(alices_browser: Client, alice: User) -> None:
    session = Session.objects.get()
    assert session.user == alice
    assert str(session) == "session of alice"


ENDS: list[Callable[[Client, User], object]] = [
    lambda browser, user: User.objects.filter(pk=user.pk).update(is_active=False),
    lambda browser, user: User.objects.filter(pk=user.pk).update(password="another"),
    lambda browser, user: User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1),
    lambda browser, user: User.objects.get(pk=user.pk).delete(),
    lambda browser, user: close_account(user),
    lambda browser, user: Session.objects.update(expire_date=F("expire_date") - timedelta(15)),
    lambda browser, user: Session.objects.all().delete(),
    lambda browser, user: change(browser, HASH_SESSION_KEY, "another"),
    lambda browser, user: change(browser, HASH_SESSION_KEY, ""),
    lambda browser, user: change(browser, BACKEND_SESSION_KEY, "no.such.Backend"),
    lambda browser, user: change(browser, BACKEND_SESSION_KEY, ""),
]


@pytest.mark.parametrize("end", ENDS)
def test_it_ends_with_what_it_was_given_for(
    alices_browser: Client, alice: User, end: Callable[[Client, User], object]
) -> None:
    assert is_signed_in(alices_browser)
    end(alices_browser, alice)
    assert not is_signed_in(alices_browser)


def test_what_it_says_counts_and_not_the_row(alices_browser: Client, bob: User) -> None:
    Session.objects.update(user=bob)
    page = alices_browser.get(ACCOUNT).content.decode()
    assert "alice" in page
    assert "bob" not in page


def test_a_session_of_nobody_signs_nobody_in(stranger: Client, alice: User) -> None:
    session = stranger.session
    session["quantity"] = 7
    session.save()
    stranger.cookies[site.SESSION_COOKIE_NAME] = str(session.session_key)
    assert not is_signed_in(stranger)
    assert Session.objects.get().user is None


def test_a_key_that_somebody_chose_opens_none(stranger: Client, alice: User) -> None:
    stranger.cookies[site.SESSION_COOKIE_NAME] = "chosen-by-somebody"
    assert not is_signed_in(stranger)
    stranger.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.session.session_key != "chosen-by-somebody"


@pytest.mark.parametrize("key", ["x", "a\\000bcdefghij", "\\377\\376abcdefghij", "é" * 40])
def test_what_is_no_key_is_none(stranger: Client, db: None, key: str) -> None:
    answer = stranger.get(ACCOUNT, headers={"Cookie": f'{site.SESSION_COOKIE_NAME}="{key}"'})
    assert answer.status_code == HTTPStatus.FOUND


def test_signing_out_deletes_it(alices_browser: Client, alice: User) -> None:
    browser_of(alice)
    alices_browser.post(reverse("accounts:sign_out"))
    assert Session.objects.count() == 1
    assert not is_signed_in(alices_browser)


def test_closing_the_account_deletes_all(alices_browser: Client, bobs_browser: Client) -> None:
    close_account(User.objects.get(username="alice"))
    assert [session.user and session.user.username for session in Session.objects.all()] == ["bob"]


def test_a_new_secret_key_ends_it(alices_browser: Client, settings: Settings) -> None:
    settings.SECRET_KEY = "x" * 50
    assert not is_signed_in(alices_browser)


def test_unless_it_names_the_old_one(alices_browser: Client, settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "x" * 50
    before = Session.objects.get().session_key
    assert is_signed_in(alices_browser)
    assert Session.objects.get().session_key != before
    settings.SECRET_KEY_FALLBACKS = []
    assert is_signed_in(alices_browser)


def test_what_was_changed_and_not_stored_is_read_by_nobody(db: None) -> None:
    session = SessionStore()
    session["list"] = ["stored"]
    session.save()
    SessionStore(session.session_key)["list"].append("not stored")
    assert SessionStore(session.session_key)["list"] == ["stored"]
