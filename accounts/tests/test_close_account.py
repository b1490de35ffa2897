"""What closing an account takes away, what it leaves, and who may not."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.audit.writing import operator
from accounts.closing import close_account, removals
from accounts.mail.models import Kind, Mail
from accounts.mail.queueing import queue_mail
from accounts.models import AccessToken, User
from accounts.refusals import AccountClosed, AccountGone
from accounts.registering import change_account, delete_account, set_role
from accounts.stakes import unclaimed_places
from accounts.tests.confirmations import link
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tokens import issue_token, user_of
from conftest import browser_of

CLOSE, SIGN_IN = reverse("accounts:close_account"), reverse("accounts:sign_in")
FORM = {"password": PASSWORD}


@pytest.fixture
def place() -> Iterator[None]:
    """Everybody has won one, and said nothing yet."""
    unclaimed_places.append(lambda user: "place 1 in Advent")
    yield
    unclaimed_places.pop()


def is_closed(user: User) -> bool:
    return User.objects.get(pk=user.pk).closed_at is not None


def test_it_closes_and_signs_out(alices_browser: Client, alice: User) -> None:
    answer = alices_browser.post(CLOSE, FORM, follow=True)
    assert "Your account is closed." in answer.content.decode()
    assert is_closed(alice)
    assert not answer.wsgi_request.user.is_authenticated


def test_name_and_address_are_gone_from_all_rows(alices_browser: Client, alice: User) -> None:
    queue_mail(Kind.CONFIRM, alice, to="alicia@example.org")
    issue_token(alice)
    alices_browser.post(CLOSE, FORM)
    closed = User.objects.get()
    assert closed.pk == alice.pk
    assert closed.username.startswith("closed ")
    assert closed.email.endswith("@closed.invalid")
    assert not closed.has_usable_password()
    assert (closed.is_active, closed.email_confirmed_at, closed.last_login) == (False, None, None)
    assert (closed.is_shown_by_code, closed.wants_receipts) == (True, False)
    assert not Mail.objects.exists()
    assert not AccessToken.objects.exists()
    values = str(User.objects.values_list().get())
    assert "alice" not in values


def test_django_admin_forgets_the_name_too(roots_browser: Client, alice: User) -> None:
    form = {"username": "alice", "email": "alicia@example.org", "is_active": "on"}
    roots_browser.post(reverse("admin:accounts_user_change", args=[alice.pk]), form)
    assert LogEntry.objects.get().object_repr == "alice"
    close_account(alice)
    assert LogEntry.objects.get().object_repr.startswith("closed ")


def test_nothing_signs_in_any_more(alices_browser: Client, alice: User) -> None:
    other, token, confirmation = browser_of(alice), issue_token(alice), link(alice)
    alices_browser.post(CLOSE, FORM)
    assert other.get(reverse("accounts:account")).status_code == HTTPStatus.FOUND
    assert user_of(token) is None
    assert other.post(confirmation).status_code == HTTPStatus.GONE
    for email in (alice.email, User.objects.get().email):
        answer = Client().post(SIGN_IN, {"username": email, "password": PASSWORD})
        assert "belong together" in answer.content.decode()


def test_address_and_name_are_free_again(alices_browser: Client, alice: User) -> None:
    alices_browser.post(CLOSE, FORM)
    again = UserFactory.create(username="alice", email=alice.email)
    assert again.pk != alice.pk


def test_what_the_apps_keep_of_it_goes_in_the_same_transaction(alice: User) -> None:
    def fail(user: User) -> None:
        assert user == alice
        raise RuntimeError

    removals.append(fail)
    try:
        with pytest.raises(RuntimeError):
            close_account(alice)
    finally:
        removals.pop()
    assert not is_closed(alice)


def test_the_page_says_what_goes_and_what_stays(alices_browser: Client, alice: User) -> None:
    page = alices_browser.get(CLOSE).content.decode()
    assert "What goes" in page
    assert "What stays" in page
    assert "It cannot be undone." in page
    assert not is_closed(alice)


@pytest.mark.parametrize(
    ("password", "message"),
    [("wrong", "This is not your password."), ("", "This field is required.")],
)
def test_it_asks_for_the_password(
    alices_browser: Client, alice: User, password: str, message: str
) -> None:
    page = alices_browser.post(CLOSE, {"password": password}).content.decode()
    assert message in page
    assert not is_closed(alice)


def test_the_password_is_not_to_be_guessed_here(alices_browser: Client, alice: User) -> None:
    for _ in range(5):
        answer = alices_browser.post(CLOSE, {"password": "wrong"})
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert alices_browser.post(CLOSE, FORM).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert not is_closed(alice)


def test_an_unclaimed_place_comes_first(alices_browser: Client, alice: User, place: None) -> None:
    for answer in (alices_browser.get(CLOSE), alices_browser.post(CLOSE, FORM)):
        assert "You hold place 1 in Advent: claim or decline it first." in answer.content.decode()
    assert not is_closed(alice)


def test_admins_stay(adams_browser: Client, adam: User) -> None:
    for answer in (adams_browser.get(CLOSE), adams_browser.post(CLOSE, FORM)):
        assert "Admins cannot close their account." in answer.content.decode()
    assert not is_closed(adam)


def test_it_needs_a_login(stranger: Client, alice: User) -> None:
    for method in (stranger.get, stranger.post):
        assert method(CLOSE, FORM).headers["Location"].startswith(f"{SIGN_IN}?next={CLOSE}")
    assert not is_closed(alice)


def test_twice_is_refused(alice: User) -> None:
    close_account(alice)
    before = User.objects.values().get()
    with pytest.raises(AccountGone):
        close_account(alice)
    assert User.objects.values().get() == before


def test_nobody_changes_a_closed_account(roots_browser: Client, alice: User) -> None:
    close_account(alice)
    closed = User.objects.get(pk=alice.pk)
    renamed = User.objects.get(pk=alice.pk)
    renamed.username, renamed.is_active = "alice", True
    for change in (
        lambda: change_account(renamed, by=operator()),
        lambda: set_role(closed, is_admin=True, by=operator()),
        lambda: set_role(closed, is_admin=False, by=operator()),
        lambda: delete_account(closed, by=operator()),
    ):
        with pytest.raises(AccountClosed):
            change()
    page = reverse("admin:accounts_user_change", args=[alice.pk])
    assert "Closed at" in roots_browser.get(page).content.decode()
    form = {"username": "alice", "email": "alice@example.org", "is_active": "on"}
    assert roots_browser.post(page, form).status_code == HTTPStatus.FORBIDDEN
    delete = reverse("admin:accounts_user_delete", args=[alice.pk])
    assert roots_browser.post(delete, {"post": "yes"}).status_code == HTTPStatus.FORBIDDEN
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("wrong", [{"is_active": True}, {"is_active": False, "is_staff": True}])
def test_the_database_has_no_closed_account_that_signs_in(
    alice: User, wrong: dict[str, bool]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.update(closed_at=timezone.now(), **wrong)
