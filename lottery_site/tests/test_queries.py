"""How many queries each page makes, however many lotteries and ballots there are."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, draw, open_box, submit

# For a stranger, for the participant, for an admin. Who is signed in costs one of them; what a
# participant has won, and not answered yet, costs one on each page.
PAGES: dict[str, tuple[int | None, int | None, int | None]] = {
    "ballots:home": (3, 5, 4),
    "ballots:open_lotteries": (1, 3, 2),
    "ballots:lottery": (3, 5, 4),
    "ballots:results": (2, 4, 3),
    "ballots:health": (2, 2, 2),
    "ballots:check": (4, 6, 5),
    "ballots:record": (3, 3, 3),
    "ballots:head": (2, 2, 2),
    "ballots:proof": (3, 3, 3),
    "ballots:consistency": (3, 3, 3),
    "ballots:feed": (5, 5, 5),
    "ballots:calendar": (1, 1, 1),
    "ballots:lottery_calendar": (2, 2, 2),
    "ballots:fairness": (0, 2, 1),
    "ballots:draw_protocol": (0, 2, 1),
    "ballots:my_ballots": (None, 3, 2),
    "ballots:my_entry": (None, 5, None),
    "ballots:claim": (None, 2, None),
    "ballots:decline": (None, 2, None),
    "ballots:submission": (None, 4, None),
    "ballots:receipt": (None, 3, None),
    "ballots:receipt_json": (None, 2, None),
    "ballots:receipts": (None, 2, None),
    "ballots:submission_receipts": (None, 4, None),
    "ballots:submission_receipts_json": (None, 3, None),
    "accounts:account": (None, 2, 1),
    "accounts:change_username": (None, 4, 3),
    "accounts:choices": (None, 3, 2),
    "accounts:close_account": (None, 3, 1),
    "accounts:sign_in": (0, None, None),
    "accounts:register": (0, None, None),
    "admin:lotteries_lottery_changelist": (None, None, 9),
    "admin:lotteries_lottery_add": (None, None, 4),
    "admin:lotteries_lottery_change": (None, None, 6),
    "admin:lotteries_lottery_close": (None, None, 5),
    "admin:lotteries_lottery_pass_over": (None, None, 5),
    "admin:lotteries_lottery_places": (None, None, 5),
    "admin:lotteries_lottery_hand_over": (None, None, 5),
    "admin:ballots_holding_changelist": (None, None, 5),
    "admin:ballots_ballot_changelist": (None, None, 6),
    "admin:ballots_draw_changelist": (None, None, 7),
    "admin:accounts_user_changelist": (None, None, 6),
}


@pytest.fixture
def box(alice: User) -> BallotBox:
    """Drawn, with a ballot of alice."""
    open_box(days=1)
    box = BoxFactory.create()
    submit(box, alice)
    draw(box)
    return box


@pytest.fixture
def much_more(box: BallotBox, alice: User) -> None:
    for number in range(2, 42):
        more = BoxFactory.create()
        submit(more, alice, 20)
        submit(more, UserFactory.create(), 20)
        draw(more)
        open_box(days=number)


def url(name: str, box: BallotBox) -> str:
    day = box.lottery.closure_date
    args: dict[str, list[Any]] = {
        "ballots:lottery": [day],
        "ballots:check": [day],
        "ballots:record": [day],
        "ballots:head": [day],
        "ballots:proof": [day],
        "ballots:consistency": [day],
        "ballots:receipts": [day],
        "ballots:submission_receipts": [day, 1],
        "ballots:submission_receipts_json": [day, 1],
        "ballots:lottery_calendar": [day],
        "ballots:my_entry": [day],
        "ballots:claim": [day],
        "ballots:decline": [day],
        "ballots:submission": [day, 1],
        "ballots:receipt": [day, 1],
        "ballots:receipt_json": [day, 1],
        "admin:lotteries_lottery_change": [box.pk],
        "admin:lotteries_lottery_close": [box.pk],
        "admin:lotteries_lottery_pass_over": [box.pk],
        "admin:lotteries_lottery_places": [box.pk],
        "admin:lotteries_lottery_hand_over": [box.pk],
    }
    queries = {
        "admin:ballots_ballot_changelist": f"?box__exact={box.pk}",
        "ballots:proof": "?number=1",
        "ballots:consistency": "?from=1",
    }
    return reverse(name, args=args.get(name)) + queries.get(name, "")


@pytest.fixture
def browsers(stranger: Client, alices_browser: Client, adams_browser: Client) -> list[Client]:
    return [stranger, alices_browser, adams_browser]


def count(
    browsers: list[Client], box: BallotBox, name: str, expect: DjangoAssertNumQueries
) -> None:
    for browser, number in zip(browsers, PAGES[name], strict=True):
        if number is not None:
            browser.get(url(name, box))  # the first request fills the cache of content types
            with expect(number):
                assert browser.get(url(name, box)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_page_makes_so_many(
    browsers: list[Client],
    box: BallotBox,
    name: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    count(browsers, box, name, django_assert_num_queries)


def test_and_no_more_when_there_is_much_more(
    browsers: list[Client],
    box: BallotBox,
    much_more: None,
    subtests: pytest.Subtests,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for name in PAGES:
        with subtests.test(name):
            count(browsers, box, name, django_assert_num_queries)


@pytest.mark.parametrize("quantity", [1, 100])
def test_a_submission_makes_so_many(
    box: BallotBox,
    bob: User,
    quantity: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """Begin, lock, participant, commit (savepoints, inside a test), and what is written between.

    That is one statement, or on SQLite one each for box, entry, submission and ballots.
    """
    opened = open_box(days=7)
    submit(opened, bob, at=opened.lottery.announced_at)
    with django_assert_num_queries(5 if connection.vendor == "postgresql" else 8):
        submit(opened, bob, quantity, at=opened.lottery.announced_at)


@pytest.mark.parametrize("ballots", [1, 100])
def test_a_draw_makes_so_many(
    alice: User, ballots: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    box = BoxFactory.create()
    submit(box, alice, ballots)
    with django_assert_num_queries(12):
        draw(box)
