"""Admins change nothing of an account that has ballots in an undrawn lottery."""

from http import HTTPStatus
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.audit.writing import operator
from accounts.mail.sending import send_due
from accounts.models import User
from accounts.refusals import AccountAtStake
from accounts.registering import delete_account, set_role
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.racing import at_once
from ballots.day_after import hand_over
from ballots.models import BallotBox, Entry
from ballots.refusals import AdminsTakeNoPart
from ballots.tests.factories import draw, open_box, submit

CHANGES: list[dict[str, str]] = [
    {"email": "other@example.org"},
    {"username": "another"},
    {"is_staff": "on"},
    {"is_active": ""},
]


@pytest.fixture
def box(alice: User) -> BallotBox:
    """An open one with a ballot of alice."""
    made = open_box()
    submit(made, alice)
    return made


def change(browser: Client, user: User, **changes: str) -> str:
    form = {"username": user.username, "email": user.email, "is_active": "on"} | changes
    address = reverse("admin:accounts_user_change", args=[user.pk])
    form = {name: value for name, value in form.items() if value}
    answer = browser.post(address, form, follow=True)
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


@pytest.mark.parametrize("changes", CHANGES)
def test_it_is_refused_with_why_and_until_when(
    adams_browser: Client, roots_browser: Client, alice: User, box: BallotBox, changes: Any
) -> None:
    before = User.objects.filter(pk=alice.pk).values().get()
    for browser in (adams_browser, roots_browser):
        page = change(browser, alice, **changes)
        assert f"account alice has ballots in {box.lottery}, until its draw" in page
        assert f"{box.lottery.closes_at_local:%Y-%m-%d %H:%M %Z}" in page
    assert User.objects.filter(pk=alice.pk).values().get() == before
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("changes", CHANGES)
def test_after_the_draw_it_is_done_told_and_written(
    adams_browser: Client,
    alice: User,
    box: BallotBox,
    changes: Any,
) -> None:
    winner = draw(box).winner
    assert winner
    hand_over(box.lottery, number=winner.number)  # until then the place is at stake
    ((field, value),) = changes.items()
    before = getattr(alice, field)
    change(adams_browser, alice, **changes)
    send_due()
    alice.refresh_from_db()
    after = getattr(alice, field)
    assert after == {"on": True, "": False}.get(value, value)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.who, entry.name) == ("change", "adam", str(alice))
    assert (entry.old, entry.new) == ({field: before}, {field: after})
    (message,) = [one for one in mail.outbox if "was changed" in one.subject]
    assert message.to == ["alice@example.org"]
    assert 'changed your account "alice"' in str(message.body)


def test_a_form_that_changes_nothing_is_no_act(
    adams_browser: Client, alice: User, box: BallotBox
) -> None:
    assert "until its draw" not in change(adams_browser, alice)
    assert not AuditEntry.objects.exists()


def test_a_form_that_is_refused_keeps_what_was_typed(
    adams_browser: Client, alice: User, box: BallotBox
) -> None:
    page = change(adams_browser, alice, email="alice@work.example")
    assert "until its draw" in page
    assert 'value="alice@work.example"' in page


def test_the_person_can_still_change_the_password(
    alices_browser: Client, alice: User, box: BallotBox
) -> None:
    new = "another horse, another staple"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    alices_browser.post(reverse("accounts:change_password"), form)
    alice.refresh_from_db()
    assert alice.check_password(new)


def test_no_door_makes_an_admin_of_a_participant(alice: User, box: BallotBox) -> None:
    with pytest.raises(AccountAtStake):
        set_role(alice, is_admin=True, by=operator())
    alice.refresh_from_db()
    assert not alice.is_admin


def test_nobody_deletes_the_account(roots_browser: Client, alice: User, box: BallotBox) -> None:
    with pytest.raises(AccountAtStake):
        delete_account(alice, by=operator())
    address = reverse("admin:accounts_user_delete", args=[alice.pk])
    assert roots_browser.post(address, {"post": "yes"}).status_code == HTTPStatus.OK
    assert User.objects.filter(pk=alice.pk).exists()


def test_an_account_without_ballots_is_deleted_and_written(
    roots_browser: Client, bob: User
) -> None:
    roots_browser.post(reverse("admin:accounts_user_delete", args=[bob.pk]), {"post": "yes"})
    assert not User.objects.filter(pk=bob.pk).exists()
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.name, entry.old["email"]) == ("delete", "bob", bob.email)


@pytest.mark.django_db(transaction=True)
def test_nobody_becomes_an_admin_while_their_ballots_come_in() -> None:
    for _ in range(5):
        user, box = UserFactory.create(), BallotBox.objects.first() or open_box()
        jobs: list[Any] = [
            lambda box=box, user=user: submit(box, user),
            lambda user=user: set_role(User.objects.get(pk=user.pk), is_admin=True),
        ]
        outcomes = at_once(*jobs)
        refused = [each for each in outcomes if isinstance(each, Exception)]
        assert [type(each) for each in refused] in ([AccountAtStake], [AdminsTakeNoPart])
        user.refresh_from_db()
        assert user.is_admin is not Entry.objects.filter(participant=user).exists()
