"""The doors that an account is made at, each as a function."""

import secrets
from collections.abc import Callable

from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from accounts.tests.asking import ask
from accounts.tests.factories import PASSWORD, admin

Door = Callable[..., str]


def page(**account: str) -> str:
    return Client().post(reverse("accounts:register"), account).content.decode()


def api(**account: str) -> str:
    answer = ask("POST", "/user/register", body=account)
    assert answer.status_code in {201, 400, 422}
    return str(answer.json().get("detail", ""))


def admin_page(**account: str) -> str:
    adam = User.objects.filter(username="door keeper").first() or admin("door keeper")
    browser = Client()
    browser.force_login(adam, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post(reverse("admin:accounts_user_add"), account)
    assert answer.status_code in {200, 302}
    return answer.content.decode()


def command(email: str, username: str, password: str) -> str:
    with override_settings(LOTTERY_ADMIN_PASSWORD=password):
        try:
            call_command("create_admin", f"--email={email}", f"--username={username}")
        except CommandError as error:
            return str(error)
    return ""


DOORS: dict[str, Door] = {"page": page, "api": api, "admin": admin_page, "command": command}


def make(door: str, **account: str) -> tuple[User | None, str]:
    """The account that is new after this, if any, and what was said."""
    before = set(User.objects.values_list("pk", flat=True))
    email = f"{secrets.token_hex(8)}@example.org"
    said = DOORS[door](**{"email": email, "username": "carol", "password": PASSWORD} | account)
    new = User.objects.exclude(pk__in=before).exclude(username="door keeper")
    return new.first(), said
