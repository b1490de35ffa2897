"""While something is locked, or the database away, each door says so, and all come back."""

import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.shared.troubles import NOTHING
from accounts.shared.turns import Turns
from accounts.tests.trouble import away, lock, waits
from accounts.tokens import issue_token
from ballots.models import Ballot, BallotBox
from ballots.tests.factories import open_box
from lottery_site.logs import InALine, Seldom

pytestmark = pytest.mark.django_db(transaction=True)
PROBLEM = "application/problem+json"
TOKEN = {"Authorization": "Bearer of-somebody"}


@pytest.fixture
def box() -> BallotBox:
    return open_box()


def browser_of(user: User) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def trouble() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def assert_busy(answer: Any, sentence: str, kind: str = "text/html; charset=utf-8") -> None:
    assert (answer.status_code, answer["Content-Type"]) == (503, kind)
    assert int(answer["Retry-After"]) > 0
    assert sentence in answer.content.decode()
    assert 'href="/static/site.css"' in answer.content.decode() or kind == PROBLEM


def test_a_form_is_busy_and_can_be_sent_again(
    alice: User, box: BallotBox, trouble: ExitStack
) -> None:
    browser = browser_of(alice)
    address = reverse("ballots:submit_ballots", args=[box.lottery.closure_date])
    form = {"quantity": 3, "token": uuid4()}
    trouble.enter_context(waits(lock=0.1, write=0.1))
    trouble.enter_context(lock(box))
    assert_busy(browser.post(address, form), f"The site is busy. {NOTHING}")
    trouble.close()
    assert not Ballot.objects.exists()
    assert browser.post(address, form).status_code == HTTPStatus.FOUND
    assert Ballot.objects.count() == 3


def test_the_api_is_busy(alice: User, box: BallotBox, trouble: ExitStack) -> None:
    address = f"/api/ballots?lottery_date={box.lottery.closure_date}"
    headers = {"Authorization": f"Bearer {issue_token(alice)}"}
    client = Client(raise_request_exception=False)
    trouble.enter_context(waits(lock=0.1, write=0.1))
    trouble.enter_context(lock(box))
    assert_busy(client.post(address, headers=headers), NOTHING.strip(), PROBLEM)


def test_who_finds_no_turn_to_wait_is_told_the_same(
    alice: User, box: BallotBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, date_of_box = browser_of(alice), box.lottery.closure_date
    headers = {"Authorization": f"Bearer {issue_token(alice)}"}
    monkeypatch.setattr(Turns, "most", 0)
    form = {"quantity": 3, "token": uuid4()}
    page = browser.post(reverse("ballots:submit_ballots", args=[date_of_box]), form)
    answer = browser.post(f"/api/ballots?lottery_date={date_of_box}", headers=headers)
    for each in (page, answer):
        assert (each.status_code, each["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "3")
        assert f"The site is busy. {NOTHING}" in each.content.decode()


def test_the_admin_is_busy(adam: User, box: BallotBox, trouble: ExitStack) -> None:
    browser = browser_of(adam)
    trouble.enter_context(waits(lock=0.1, write=0.1))
    trouble.enter_context(lock(box))
    answer = browser.post(reverse("admin:lotteries_lottery_close", args=[box.pk]), {"early": "on"})
    assert_busy(answer, "The site is busy.")


def test_a_command_is_busy_in_one_sentence(box: BallotBox, trouble: ExitStack) -> None:
    trouble.enter_context(waits(lock=0.1, write=0.1))
    trouble.enter_context(lock(box))
    options = {"date": box.lottery.closure_date, "early": True}
    with pytest.raises(CommandError, match=r"^The site is busy\. Please try again"):
        call_command("close_lotteries", **options)


def test_without_the_database_a_command_ends_with_one_line() -> None:
    with away(), pytest.raises(CommandError) as ended:
        call_command("close_lotteries")
    assert re.fullmatch(r"The site cannot reach its database\. .+ Reason: .+", str(ended.value))


PAGES = ["/", "/lotteries/", "/ballots/", "/accounts/", "/admin/", "/fairness/"]
FILES = ["/api/lotteries", "/api/ballots/mine", "/feed.atom", "/results.csv", "/calendar.ics"]


def test_without_the_database_each_address_says_so_and_comes_back(alice: User) -> None:
    browser = browser_of(alice)
    record = reverse("ballots:record", args=[date(2026, 12, 24)])
    with away():
        pages = [browser.get(path) for path in PAGES]
        files = [browser.get(path, headers=TOKEN) for path in (*FILES, record)]
    for answer in pages:
        assert_busy(answer, "The site cannot reach its database. Please try again")
    for answer in files:
        assert_busy(answer, "The site cannot reach its database. Please try again", PROBLEM)
    assert {browser.get(path).status_code for path in PAGES} <= {200, 302}


def test_without_the_database_the_site_is_not_healthy() -> None:
    with away():
        answer = Client().get(reverse("ballots:health"))
        assert Client().get(reverse("ping")).status_code == HTTPStatus.OK
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer.json()["reason"] == "The database does not answer."
    assert Client().get(reverse("ballots:health")).status_code == HTTPStatus.OK


def test_the_log_has_it_once_a_minute_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    now = [100.0]
    seldom = Seldom(lambda: now[0])
    logger = logging.getLogger("django.request")
    before, logger.filters = logger.filters, [seldom, InALine()]
    try:
        with away():
            for _ in range(3):
                Client(raise_request_exception=False).get("/")
            now[0] += 60
            Client(raise_request_exception=False).get("/")
    finally:
        logger.filters = before
    said = [record for record in caplog.records if record.name == "django.request"]
    assert [record.exc_info for record in said] == [None, None]
    assert said[0].getMessage().startswith("Service Unavailable: / ")
    assert "\n" not in said[0].getMessage()


def test_refusals_of_those_who_come_too_late_are_logged_as_seldom() -> None:
    now, record = [100.0], logging.makeLogRecord({"name": "django.request", "status_code": 503})
    seldom = Seldom(lambda: now[0])
    assert [seldom.filter(record) for _ in range(2)] == [True, False]
    now[0] += 60
    assert seldom.filter(record)


def test_the_log_keeps_the_traceback_of_an_error_of_ours() -> None:
    record = logging.makeLogRecord({"msg": "x", "exc_info": (ValueError, ValueError(), None)})
    assert Seldom().filter(record)
    assert InALine().filter(record)
    assert record.exc_info
