"""A date is written as YYYY-MM-DD at every door, and in no other way."""

from http import HTTPStatus
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.asking import ask
from lottery_site.tests.doors.outcomes import assert_outcome
from lottery_site.tests.doors.ways import Admin, Api, Command

pytestmark = pytest.mark.once

DATES = [
    "2026-W48-5",
    "20261224",
    "2026-1-5",
    " 2026-01-05",
    "2026-01-05 ",
    "2026-01-05\n",
    "２０２６-01-05",
    "2026-02-30",
    "0000-01-01",
    "2026-01-05T00:00:00",
    "1767571200",
    "tomorrow",
]
HOW = "Write a date as YYYY-MM-DD, for example 2026-12-24"
LISTS = ["open_lotteries?after=", "results?date=", "results?before=", "my_ballots?before="]


@pytest.mark.parametrize("date", DATES)
def test_in_the_address_of_a_page(stranger: Client, date: str) -> None:
    for part in ("", "check/", "record.json"):
        url = f"{reverse('ballots:open_lotteries')}{quote(date)}/{part}"
        assert stranger.get(url).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize("address", LISTS)
def test_in_the_query_of_a_page(alices_browser: Client, address: str, date: str) -> None:
    name, _, query = address.partition("?")
    url = f"{reverse(f'ballots:{name}')}?{query}{quote(date)}"
    assert alices_browser.get(url).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("date", DATES)
def test_in_a_form(adam: User, date: str) -> None:
    assert_outcome(HOW, Admin(adam).open, date, "Advent")


@pytest.mark.parametrize("date", DATES)
def test_in_the_body_and_the_query_of_the_api(adam: User, date: str) -> None:
    assert_outcome(HOW, Api(adam).open, date, "Advent")
    assert_outcome(HOW, Api(adam).close, date)
    assert_outcome(HOW, Api(adam).pass_over, date, 1, "declined")
    assert_outcome(HOW, Api(adam).hand_over, date, 1)
    for name in ("from", "to"):
        assert HOW in ask("GET", f"/lotteries?{name}={quote(date)}").json()["detail"]


@pytest.mark.parametrize("date", DATES)
def test_in_the_address_of_the_api(adam: User, date: str) -> None:
    for path in ("", "/record", "/head", "/winner"):
        assert HOW in ask("GET", f"/lotteries/{quote(date)}{path}").json()["detail"]


@pytest.mark.parametrize("date", DATES)
def test_in_the_option_of_a_command(db: None, date: str) -> None:
    assert_outcome(HOW, Command().close, date)
    assert_outcome(HOW, Command().pass_over, date, 1, "declined")
    assert_outcome(HOW, Command().hand_over, date, 1)
    assert_outcome(HOW, Command().draw, date)
