"""The first admin, and those made by hand."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("create_admin", *arguments, stdout=output)
    return output.getvalue()


def test_it_makes_an_admin_and_tells_the_password_once() -> None:
    output = run()
    admin = User.objects.get()
    assert (admin.username, admin.email) == ("admin", "admin@localhost")
    assert admin.is_admin
    assert not admin.is_superuser
    assert admin.groups.exists()
    password = re.search(r"Password: (\S{16}) ", output)
    assert password
    assert admin.check_password(password[1])
    assert "sign in at http://localhost:8000/admin/" in output
    assert "Password" not in run()


def test_its_admin_signs_in(stranger: Client) -> None:
    password = run().split("Password: ")[1].split()[0]
    form = {"username": "admin@localhost", "password": password, "next": "/admin/"}
    assert stranger.post(reverse("accounts:sign_in"), form).headers["Location"] == "/admin/"


def test_it_uses_the_settings(settings: Settings) -> None:
    settings.LOTTERY_ADMIN_USERNAME, settings.LOTTERY_ADMIN_EMAIL = "eve", "eve@example.org"
    settings.LOTTERY_ADMIN_PASSWORD = PASSWORD
    output = run()
    assert User.objects.get(username="eve", email="eve@example.org").check_password(PASSWORD)
    assert PASSWORD not in output


def test_it_is_safe_to_repeat() -> None:
    run()
    before = User.objects.values().get()
    output = run()
    assert "Admin: admin@localhost" in output
    assert "It was an admin already, and nothing was changed." in output
    assert User.objects.values().get() == before


def test_another_one_by_hand() -> None:
    run()
    run("--username", "eve", "--email", "Eve@example.org")
    assert User.objects.filter(is_staff=True).count() == 2


def test_first_leaves_it_at_the_admins_there_are(adam: User) -> None:
    assert adam.email in run("--first")
    assert User.objects.get() == adam


def test_first_makes_one_where_the_others_are_closed(adam: User) -> None:
    User.objects.update(is_active=False)
    run("--first")
    assert User.objects.filter(is_active=True).get().email == "admin@localhost"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--email", "alice@example.org"], "--email: This e-mail address already exists"),
        (["--username", "Alice"], "--username: This username already exists"),
        (["--username", "x"], "--username: "),
        (["--email", "nonsense"], "--email: Enter a valid email"),
    ],
)
def test_what_cannot_be_is_one_clear_line(alice: User, arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message) as error:
        run(*arguments)
    assert "\n" not in str(error.value)
    assert User.objects.get() == alice
    assert not alice.is_admin


def test_a_weak_password_is_refused(settings: Settings) -> None:
    settings.LOTTERY_ADMIN_PASSWORD = "123"
    with pytest.raises(CommandError, match="LOTTERY_ADMIN_PASSWORD: This password is too short"):
        run()
    assert not User.objects.exists()
