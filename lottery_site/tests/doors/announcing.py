"""The doors that a lottery is announced at, each as a function."""

from collections.abc import Callable
from typing import Any

from django.core.management import CommandError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.asking import ask
from accounts.tests.factories import admin
from conftest import browser_of
from lotteries.models import Lottery
from lottery_site.tests.doors.outcomes import words_of
from lottery_site.tests.doors.ways import run

Door = Callable[..., str]


def organiser() -> User:
    return User.objects.filter(username="organiser").first() or admin("organiser")


def api(**promises: Any) -> str:
    body = {"closure_date": str(timezone.localdate())} | promises
    answer = ask("POST", "/lotteries", organiser(), body=body)
    assert answer.status_code in {201, 422}
    return words_of(answer)


def admin_page(**promises: Any) -> str:
    """The form as the page gives it, with some of its fields filled in anew."""
    browser, url = browser_of(organiser()), reverse("admin:lotteries_lottery_add")
    form = browser.get(url).context["adminform"].form
    return words_of(browser.post(url, form.initial | promises, follow=True))


def command(**promises: Any) -> str:
    options = [f"--{name.replace('_', '-')}={value}" for name, value in promises.items()]
    try:
        return run("plan_lotteries", "--days=1", *options)
    except CommandError as error:
        return str(error)


DOORS: dict[str, Door] = {"api": api, "admin": admin_page, "command": command}


def announce(door: str, **promises: Any) -> tuple[Lottery | None, str]:
    """The lottery that is new after this, if any, and what was said."""
    said = DOORS[door](**promises)
    return Lottery.objects.first(), said
