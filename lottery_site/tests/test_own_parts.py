"""What is for its owner alone stands in a page that is kept, and is written anew each time."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory, admin
from ballots.claiming import claim
from ballots.editions.keeping import CONTENT, TITLE
from ballots.models import BallotBox
from ballots.paging import PAGE_SIZE
from ballots.tests.factories import BoxFactory, draw, open_box, pass_over, submit
from ballots.tests.winning import WORDS, drawn_box, holder, page
from lotteries.models import Lottery
from lottery_site.tests.answering import Process, ask, ask_view, cookie_of, show

MINE = reverse("ballots:my_ballots")


@pytest.fixture
def process() -> Process:
    return Process()


@pytest.fixture
def box(transactional_db: None, alice: User, bob: User) -> BallotBox:
    """Open, with more submissions of alice than a page has, and one of bob."""
    box = open_box(days=3, name="<Pears> & 'apples'", prize='A "crate" <b>')
    for _ in range(PAGE_SIZE + 2):
        submit(box, alice, 2, at=timezone.now())
    submit(box, bob, at=timezone.now())
    return box


@pytest.fixture
def others(box: BallotBox, alice: User, bob: User) -> list[BallotBox]:
    """Not drawn yet, won and claimed, lost, and passed over."""
    submit(waiting := BoxFactory.create(), alice)
    claimed = drawn_box((alice, 3), (bob, 1), places=2, claim_days=7, at=timezone.now())
    for user in (alice, bob):
        claim(claimed.lottery, user, **WORDS)
    submit(lost := BoxFactory.create(), alice)
    submit(lost, UserFactory.create(), 50)
    draw(lost)
    passed = drawn_box((alice, 1))
    pass_over(passed.lottery, number=holder(passed).number, reason="away & <gone>")
    return [waiting, claimed, lost, passed]


def test_it_is_what_the_view_answers(
    process: Process, box: BallotBox, others: list[BallotBox], alice: User, bob: User
) -> None:
    entry, cookies = page(box, "my_entry"), [cookie_of(user) for user in (alice, bob)]
    before = box.lottery.closure_date
    mine = [MINE, f"{MINE}?before={before}", f"{MINE}?before=2020-01-01", entry]
    mine += [f"{entry}?before=7", *(page(each, "my_entry") for each in others)]
    for address in mine:
        ask(process, address, cookies[0])
        for cookie in cookies * 2:
            answer, fresh = ask(process, address, cookie), ask_view(address, cookie)
            assert (address, process.is_early) == (address, answer.status_code == HTTPStatus.OK)
            assert show(answer) == show(fresh)
            assert TITLE not in answer.content.decode()
            assert CONTENT not in answer.content.decode()


def test_names_are_escaped(process: Process, box: BallotBox, alice: User) -> None:
    for _ in range(2):
        said = ask(process, page(box, "my_entry"), cookie_of(alice)).content.decode()
        name = "My ballots in &lt;Pears&gt; &amp; &#x27;apples&#x27;"
        assert (f"<title>{name} ·" in said, f"<h1>{name}</h1>" in said) == (True, True)
        assert "A &quot;crate&quot; &lt;b&gt;</p>" in said
    assert process.is_early


def test_a_header_of_one_does_not_change_what_others_are_shown(
    process: Process, box: BallotBox, alice: User, bob: User
) -> None:
    address = f"{MINE}?before=2020-01-0+ADE-"
    for user, kind in [(alice, "text/plain; charset=utf-7"), (bob, "")]:
        answer = process.get(address, headers={"Cookie": cookie_of(user), "Content-Type": kind})
        assert answer.status_code == HTTPStatus.NOT_FOUND


def test_each_has_their_own(process: Process, box: BallotBox, alice: User, bob: User) -> None:
    for user, has in [(alice, 64), (bob, 1)] * 2:
        entry = ask(process, page(box, "my_entry"), cookie_of(user)).content.decode()
        mine = ask(process, MINE, cookie_of(user)).content.decode()
        assert f"I have {has} of 65 ballots." in entry
        assert f'<td class="number">{has}</td>' in mine


def test_whoever_has_none_is_told_so_by_the_view(
    process: Process, box: BallotBox, alice: User
) -> None:
    somebody = cookie_of(UserFactory.create())
    ask(process, page(box, "my_entry"), cookie_of(alice))
    answer = ask(process, page(box, "my_entry"), somebody)
    assert (process.is_early, answer.status_code) == (False, HTTPStatus.NOT_FOUND)
    for _ in range(2):
        assert "You have not taken part yet." in ask(process, MINE, somebody).content.decode()
    assert process.is_early


def test_admins_see_the_views_own(process: Process, box: BallotBox, alice: User) -> None:
    ask(process, MINE, cookie_of(alice))
    assert "You are an admin" in ask(process, MINE, cookie_of(admin("another"))).content.decode()
    assert not process.is_early


def test_a_change_is_shown_at_once(process: Process, box: BallotBox, alice: User) -> None:
    changes: dict[str, Callable[[], Any]] = {
        "I have 64 of 65 ballots.": lambda: None,
        "I have 65 of 66 ballots.": lambda: submit(box, alice, at=datetime.now(UTC)),
        "My ballots in Plums": lambda: Lottery.objects.update(name="Plums"),
        "closed, waiting for its draw": lambda: Lottery.objects.update(closes_at=timezone.now()),
    }
    cookie = cookie_of(alice)
    ask(process, page(box, "my_entry"), cookie)
    for word, change in changes.items():
        change()
        assert word in ask(process, page(box, "my_entry"), cookie).content.decode()
        assert process.is_early


def test_a_place_that_waits_for_an_answer_is_told(
    process: Process, box: BallotBox, alice: User, bob: User
) -> None:
    cookies = [cookie_of(user) for user in (alice, bob)]
    addresses = [MINE, page(box, "my_entry")]
    for address in addresses:
        ask(process, address, cookies[0])
    won = drawn_box((alice, 1), at=timezone.now(), claim_days=7)
    for address in addresses:
        for cookie, is_told in zip(cookies, (True, False), strict=True):
            said = ask(process, address, cookie).content.decode()
            assert (process.is_early, 'aria-label="You won"' in said) == (True, is_told)
    claim(won.lottery, alice, **WORDS)
    for address in addresses:
        assert 'aria-label="You won"' not in ask(process, address, cookies[0]).content.decode()


def test_it_costs_so_many_queries(
    process: Process, box: BallotBox, others: list[BallotBox], alice: User
) -> None:
    """One for who asks, and for the page one, two, or three where a place was won."""
    cookie = cookie_of(alice)
    entries = [page(each, "my_entry") for each in (box, others[1])]
    for address, number in zip([MINE, *entries], (2, 3, 4), strict=True):
        ask(process, address, cookie)
        with CaptureQueriesContext(connection) as queries:
            ask(process, address, cookie)
        assert (address, process.is_early, len(queries)) == (address, True, number)
