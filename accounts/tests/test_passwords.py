"""Changing a password, and getting a new one by e-mail."""

import re
from http import HTTPStatus

import pytest
from django.conf import settings as site
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.mail.models import Kind, Mail
from accounts.mail.sending import send_due
from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.guesses import guess, guess_from_everywhere
from accounts.tokens import issue_token

CHANGE, RESET = reverse("accounts:change_password"), reverse("accounts:reset_password")
SIGN_IN, ACCOUNT = reverse("accounts:sign_in"), reverse("accounts:account")
NEW = "another horse, another staple"
NEW_TWICE = {"new_password1": NEW, "new_password2": NEW}


def test_changing_it_ends_all_other_sessions(alices_browser: Client, alice: User) -> None:
    other = Client()
    other.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    answer = alices_browser.post(CHANGE, {"old_password": PASSWORD} | NEW_TWICE, follow=True)
    assert "Your password is changed." in answer.content.decode()
    assert answer.redirect_chain == [(ACCOUNT, HTTPStatus.FOUND)]
    assert other.get(ACCOUNT).status_code == HTTPStatus.FOUND
    alice.refresh_from_db()
    assert alice.check_password(NEW)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"old_password": "wrong"} | NEW_TWICE, "Your old password was entered incorrectly."),
        ({"old_password": PASSWORD, "new_password1": NEW, "new_password2": "x"}, "match"),
        ({"old_password": PASSWORD, "new_password1": "1", "new_password2": "1"}, "too short"),
    ],
)
def test_it_says_what_is_wrong(
    alices_browser: Client, alice: User, form: dict[str, str], message: str
) -> None:
    assert message in alices_browser.post(CHANGE, form).content.decode()
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_changing_it_needs_a_login(stranger: Client) -> None:
    assert stranger.get(CHANGE).headers["Location"] == f"{SIGN_IN}?next={CHANGE}"
    assert stranger.post(CHANGE, NEW_TWICE).headers["Location"] == f"{SIGN_IN}?next={CHANGE}"


def ask(email: str, **headers: str) -> str:
    """Asks for a new password, has the mail sent, and returns the page that answers."""
    answer = Client(headers=headers).post(RESET, {"email": email}, follow=True)
    send_due()
    assert answer.status_code == HTTPStatus.OK
    return re.sub(r'name="csrf[^>]*>', "", answer.content.decode())


@pytest.fixture
def carol(db: None) -> User:
    return UserFactory.create(username="carol", email="carol@example.org")


def link() -> str:
    (message,) = mail.outbox
    found = re.search(r"^https?://\S+$", str(message.body), re.M)
    assert found
    return found[0]


def set_new(browser: Client, address: str) -> str:
    page = browser.get(address.removeprefix(site.SITE_URL), follow=True)
    return str(page.redirect_chain[-1][0]) if page.redirect_chain else ""


def test_a_forgotten_password_is_replaced_by_e_mail(stranger: Client, carol: User) -> None:
    ask("Carol@Example.org")
    assert mail.outbox[0].to == [carol.email]
    assert mail.outbox[0].subject == f"A new password for {site.PROJECT_NAME}"
    form = set_new(stranger, link())
    answer = stranger.post(form, NEW_TWICE, follow=True)
    assert "Your new password is set." in answer.content.decode()
    carol.refresh_from_db()
    assert carol.check_password(NEW)


def test_a_link_works_once(stranger: Client, carol: User) -> None:
    ask(carol.email)
    stranger.post(set_new(stranger, link()), NEW_TWICE)
    page = Client().get(link().removeprefix(site.SITE_URL), follow=True)
    assert "This link works no more" in page.content.decode()


@pytest.mark.parametrize("token", ["Mg/set-password", "Mg/x-y", "%00/%00"])
def test_a_made_up_link_does_not_work(stranger: Client, db: None, token: str) -> None:
    page = stranger.get(f"/accounts/reset-password/{token}/", follow=True)
    assert "This link works no more" in page.content.decode()


def test_a_stranger_learns_nothing(carol: User) -> None:
    known, unknown = ask(carol.email), ask("nobody@example.org")
    assert known == unknown
    User.objects.update(is_active=False)
    assert ask(carol.email) == known
    assert len(mail.outbox) == 1


def test_the_same_work_is_done_for_all_addresses(carol: User) -> None:
    """So that the time that it takes tells nothing, either."""
    work = []
    for email in (carol.email, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            Client().post(RESET, {"email": email})
        work.append([" ".join(query["sql"].split()[:3]) for query in queries])
    work = [[sql for sql in statements if "SAVEPOINT" not in sql] for statements in work]
    assert work[0] == work[1]
    assert len(work[0]) == 3


def test_the_link_leads_to_this_site_whatever_the_request_claims(
    carol: User, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    ask(carol.email, host="evil.example.org")
    assert link().startswith(f"{site.SITE_URL}/accounts/reset-password/")


def test_a_new_password_ends_the_waiting(stranger: Client, carol: User) -> None:
    guess(stranger, carol.email)
    guess_from_everywhere(carol.email)
    ask(carol.email)
    stranger.post(set_new(stranger, link()), NEW_TWICE)
    answer = stranger.post(SIGN_IN, {"username": carol.email, "password": NEW})
    assert answer.status_code == HTTPStatus.FOUND


@pytest.mark.parametrize("door", ["page", "api", "link"])
def test_its_owner_is_told_of_it(alices_browser: Client, alice: User, door: str) -> None:
    if door == "page":
        alices_browser.post(CHANGE, {"old_password": PASSWORD} | NEW_TWICE)
    elif door == "api":
        body = {"old_password": PASSWORD, "new_password": NEW}
        headers = {"authorization": f"Bearer {issue_token(alice)}"}
        browser = Client(headers=headers)
        browser.post("/api/user/password", body, content_type="application/json")
    else:
        ask(alice.email)
        alices_browser.post(set_new(alices_browser, link()), NEW_TWICE)
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    (told,) = Mail.objects.filter(kind=Kind.PASSWORD_CHANGED)
    assert told.address == alice.email


def test_a_password_that_is_refused_tells_nobody(alices_browser: Client) -> None:
    alices_browser.post(CHANGE, {"old_password": "wrong"} | NEW_TWICE)
    assert not Mail.objects.exists()
