"""The accounts in Django admin."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.audit.writing import operator
from accounts.groups import ADMIN_GROUP
from accounts.models import User
from accounts.refusals import AccountGone
from accounts.registering import change_account, delete_account
from accounts.tests.factories import PASSWORD

LIST, ADD = reverse("admin:accounts_user_changelist"), reverse("admin:accounts_user_add")


def change(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def delete(user: User) -> str:
    return reverse("admin:accounts_user_delete", args=[user.pk])


def fields(user: User, **changes: str) -> dict[str, str]:
    """What the form sends when nothing but the changes is edited."""
    form = {"username": user.username, "email": user.email, "is_active": "on"}
    return form | ({"is_staff": "on"} if user.is_staff else {}) | changes


def test_an_account_that_another_admin_deleted_meanwhile_is_refused(alice: User) -> None:
    User.objects.filter(pk=alice.pk).delete()
    verbs: list[Callable[..., None]] = [change_account, delete_account]
    for verb in verbs:
        with pytest.raises(AccountGone):
            verb(alice, by=operator())


@pytest.mark.parametrize("is_staff", [True, False])
def test_an_admin_makes_accounts_of_both_roles(adams_browser: Client, is_staff: bool) -> None:
    form = {"email": "carol@example.org", "username": "carol", "password": PASSWORD}
    adams_browser.post(ADD, form | ({"is_staff": "on"} if is_staff else {}))
    carol = User.objects.get(username="carol")
    assert carol.is_admin is is_staff
    assert carol.groups.filter(name=ADMIN_GROUP).exists() is is_staff
    assert carol.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"email": "ALICE@example.org"}, "e-mail address already exists"),
        ({"username": "Alice"}, "This username already exists"),
        ({"username": "x"}, "at least 3 characters"),
        ({"password": "1"}, "too short"),
        ({"password": ""}, "This field is required"),
    ],
)
def test_it_says_what_is_wrong(
    adams_browser: Client, alice: User, form: dict[str, str], message: str
) -> None:
    carol = {"email": "carol@example.org", "username": "carol", "password": PASSWORD}
    answer = adams_browser.post(ADD, carol | form)
    assert message in answer.content.decode()
    assert not User.objects.filter(username="carol").exists() or "username" in form


def test_a_participant_becomes_admin_and_back(adams_browser: Client, alice: User) -> None:
    group = Group.objects.get(name=ADMIN_GROUP)
    adams_browser.post(change(alice), fields(alice, is_staff="on"))
    alice.refresh_from_db()
    assert alice.is_admin
    assert group in alice.groups.all()
    adams_browser.post(change(alice), {**fields(alice), "is_staff": ""})
    alice.refresh_from_db()
    assert not alice.is_admin
    assert group not in alice.groups.all()


def test_an_account_is_renamed_and_closed(adams_browser: Client, alice: User) -> None:
    form = {"username": "alicia", "email": "alicia@example.org"}
    adams_browser.post(change(alice), form)
    alice.refresh_from_db()
    assert (alice.username, alice.email, alice.is_active) == (*form.values(), False)


def test_a_name_that_is_taken_is_refused_kindly(
    adams_browser: Client, alice: User, bob: User
) -> None:
    answer = adams_browser.post(
        change(alice), fields(alice, username="BOB", email="BOB@example.org")
    )
    assert "This username already exists" in answer.content.decode()
    assert "e-mail address already exists" in answer.content.decode()


def test_no_password_is_to_be_seen_or_set(
    adams_browser: Client, roots_browser: Client, alice: User
) -> None:
    for browser in (adams_browser, roots_browser):
        page = browser.get(change(alice)).content.decode()
        assert alice.password not in page
        assert "md5" not in page
        browser.post(change(alice), fields(alice, password="x", password1="x"))
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_a_hash_cannot_be_guessed_by_searching(adams_browser: Client, alice: User) -> None:
    for lookup in ("password__startswith", "password", "is_superuser", "groups__name"):
        answer = adams_browser.get(LIST, {lookup: "md5"})
        assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert not adams_browser.get(LIST, {"q": "md5"}).context["cl"].result_list


def test_the_participant_code_never_changes(roots_browser: Client, alice: User) -> None:
    roots_browser.post(change(alice), fields(alice, participant=str(uuid4())))
    assert User.objects.get(username="alice").participant == alice.participant


def test_permissions_are_not_handed_out(adams_browser: Client, alice: User) -> None:
    group = str(Group.objects.get().pk)
    adams_browser.post(change(alice), fields(alice, is_superuser="on", groups=group))
    alice.refresh_from_db()
    assert not alice.is_superuser
    assert not alice.groups.exists()


def test_nobody_locks_themselves_out(adams_browser: Client, adam: User) -> None:
    adams_browser.post(change(adam), {"username": "adam", "email": adam.email})
    adam.refresh_from_db()
    assert adam.is_admin
    assert adam.is_active


def test_superusers_are_for_superusers(adams_browser: Client, root: User) -> None:
    answer = adams_browser.post(change(root), fields(root, email="adam@evil.example.org"))
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert User.objects.get(username="root").email == root.email


def test_a_lottery_admin_deletes_nobody(adams_browser: Client, alice: User) -> None:
    answer = adams_browser.post(delete(alice), {"post": "yes"})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert User.objects.filter(pk=alice.pk).exists()


def test_a_superuser_deletes_who_never_took_part(
    roots_browser: Client, root: User, alice: User
) -> None:
    roots_browser.post(delete(alice), {"post": "yes"})
    roots_browser.post(delete(root), {"post": "yes"})
    assert set(User.objects.all()) == {root}


@pytest.mark.parametrize("query", ["ALICE", "lic", "alice@EXAMPLE"])
def test_accounts_are_searched_by_name_and_address(
    adams_browser: Client, alice: User, bob: User, query: str
) -> None:
    assert list(adams_browser.get(LIST, {"q": query}).context["cl"].result_list) == [alice]


def test_accounts_are_filtered_by_role(adams_browser: Client, adam: User, alice: User) -> None:
    found = adams_browser.get(LIST, {"is_staff__exact": "1"}).context["cl"].result_list
    assert list(found) == [adam]


def test_groups_are_not_to_be_edited(roots_browser: Client) -> None:
    assert roots_browser.get("/admin/auth/group/").status_code == HTTPStatus.NOT_FOUND
