"""The same name, by two at once."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_registers_and_the_others_are_told() -> None:
    form = {"email": "carol@example.org", "username": "carol", "password": PASSWORD}

    def registering() -> str:
        return Client().post(reverse("accounts:register"), form, follow=True).content.decode()

    pages = list(map(str, at_once(*[registering] * 6)))
    assert User.objects.count() == 1
    assert len([page for page in pages if "Welcome, carol" in page]) == 1
    assert len([page for page in pages if "already exists" in page]) == 5


def test_first_starts_at_once_make_one_admin() -> None:
    def starting() -> str:
        output = StringIO()
        call_command("create_admin", "--first", stdout=output)
        return output.getvalue()

    outputs = list(map(str, at_once(*[starting] * 6)))
    assert User.objects.count() == 1
    assert len([output for output in outputs if "Password" in output]) == 1
    assert all("Admin: admin@localhost" in output for output in outputs)
