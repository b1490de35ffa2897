"""Participants are answered from memory with what is theirs, and never with what is another's."""

import re
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from accounts.tests.factories import UserFactory
from accounts.tests.racing import at_once
from ballots.claiming import decline
from ballots.editions.keeping import CSRF_TOKEN, FORM_TOKEN, MOMENT, USERNAME, WON
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, draw, open_box, submit
from ballots.tests.winning import drawn_box, page
from conftest import browser_of
from lotteries.noting import append_note
from lottery_site.keeping import KeepMiddleware, Kept

TOKENS = r'(?:csrfmiddlewaretoken|token)" value="([^"]+)"'
BLANKS = (USERNAME, CSRF_TOKEN, FORM_TOKEN, MOMENT, WON)
MANY = ["ballots:home", "ballots:open_lotteries", "ballots:results"]


@pytest.fixture
def process() -> Any:
    """One process of the site, which all ask here: each has a memory of its own.

    Its clock stands still: a countdown holds for a minute.
    """
    process: Any = ClientHandler(enforce_csrf_checks=False)
    at = timezone.now()
    process.load_middleware()
    found = process._middleware_chain
    while not isinstance(found, KeepMiddleware):
        found = getattr(found, "__wrapped__", None) or found.get_response
    found.kept = Kept(lambda: at)
    return process


@pytest.fixture(autouse=True)
def _share(process: ClientHandler, request: pytest.FixtureRequest) -> None:
    for name in ("alices_browser", "bobs_browser", "adams_browser"):
        if name in request.fixturenames:
            request.getfixturevalue(name).handler = process


def browser_in(process: ClientHandler, user: User) -> Client:
    browser = browser_of(user)
    browser.handler = process
    return browser


@pytest.fixture
def box(transactional_db: None) -> BallotBox:
    submit(past := BoxFactory.create(), UserFactory.create())
    draw(past)
    return open_box(days=3, prize="A red bicycle", terms="For adults.")


@pytest.fixture
def addresses(box: BallotBox) -> list[str]:
    return [page(box, "lottery"), f"{page(box, 'lottery')}?quantity=7", *map(reverse, MANY)]


def is_from_memory(answer: Any) -> bool:
    is_rendered = any(each.name == "base.html" for each in answer.templates)
    return answer.status_code == HTTPStatus.OK and not is_rendered


def show(answer: Any) -> str:
    """The page without what differs each time."""
    text = re.sub(TOKENS, "", answer.content.decode())
    return re.sub(r'data-countdown="\d+"', "", text)


def ask_anew(browser: Client, address: str) -> Any:
    """On a condition that is left to the view."""
    return browser.get(address, headers={"If-Match": '"x"'})


def test_they_are_shown_what_the_view_would_show(
    box: BallotBox, addresses: list[str], alices_browser: Client, bobs_browser: Client
) -> None:
    for browser in (bobs_browser, alices_browser):
        browser.get(reverse("accounts:account"))  # has a form, which comes with a cookie
    for address in addresses:
        assert not is_from_memory(alices_browser.get(address))
        for browser, name in [(bobs_browser, "bob"), (alices_browser, "alice")] * 2:
            kept, fresh = browser.get(address), ask_anew(browser, address)
            assert (address, is_from_memory(kept), is_from_memory(fresh)) == (address, True, False)
            assert show(kept) == show(fresh)
            assert f">{name}</a>" in kept.content.decode()
            assert kept.headers == fresh.headers


def test_no_blank_is_ever_sent(
    box: BallotBox, addresses: list[str], alices_browser: Client
) -> None:
    for address in addresses * 2:
        said = alices_browser.get(address).content.decode()
        assert not [each for each in BLANKS if each in said]


def test_each_form_works_once_and_for_whoever_was_shown_it(
    process: ClientHandler, box: BallotBox, alice: User, bob: User
) -> None:
    process.enforce_csrf_checks = True
    tokens = set()
    for user in (alice, bob, alice):
        browser = browser_in(process, user)
        said = browser.get(page(box, "lottery")).content.decode()
        csrf, *_, token = re.findall(TOKENS, said)
        form = {"quantity": 1, "token": token, "csrfmiddlewaretoken": csrf}
        assert browser.post(page(box, "submit_ballots"), form).status_code == HTTPStatus.FOUND
        tokens |= {csrf, token}
    assert len(tokens) == 6
    assert [entry.ballot_count for entry in box.entries.order_by("-ballot_count")] == [2, 1]


NAMES = {
    "marked up": "<b>bold</b>",
    "escaped": "a&amp;b \"'",
    "the blank of a name": USERNAME,
    "the blank of a cookie": CSRF_TOKEN,
    "the blank of a form": FORM_TOKEN,
    "the blank of the time": MOMENT,
    "the blank of a place": WON,
    "a pattern": "\\1 {0} %s",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)  # the blanks are random
def test_a_name_is_shown_as_it_is_whatever_it_looks_like(
    box: BallotBox, alices_browser: Client, bobs_browser: Client, alice: User, name: str
) -> None:
    User.objects.filter(pk=alice.pk).update(username=name)
    for _ in range(2):
        said = alices_browser.get(page(box, "lottery")).content.decode()
        assert said.count(f">{escape(name)}</a>") == 1
        assert escape(name) not in bobs_browser.get(page(box, "lottery")).content.decode()


def test_people_at_once_are_shown_their_own(process: ClientHandler, box: BallotBox) -> None:
    people = UserFactory.create_batch(4)
    browsers = {user.username: browser_in(process, user) for user in people}

    def look(name: str) -> None:
        for number in range(20):
            if number % 5 == 0:
                append_note(box.lottery, f"Note {number} of {name}.")
            said = browsers[name].get(page(box, "lottery")).content.decode()
            assert [each for each in browsers if f">{each}</a>" in said] == [name]

    assert at_once(*(lambda name=name: look(name) for name in browsers)) == [None] * 4


# --- Whoever is shown more than others


def fresh_pages(browser: Client, addresses: list[str]) -> list[str]:
    answers = [browser.get(address) for address in addresses for _ in range(2)]
    assert not any(map(is_from_memory, answers))
    return [show(answer) for answer in answers]


def test_an_admin_is(addresses: list[str], alices_browser: Client, adams_browser: Client) -> None:
    for address in addresses:
        alices_browser.get(address)
    assert all("Admin" in said for said in fresh_pages(adams_browser, addresses))


def test_who_won_is_until_they_answer(
    addresses: list[str], alices_browser: Client, bobs_browser: Client, alice: User
) -> None:
    for address in addresses * 2:
        for browser in (alices_browser, bobs_browser):
            assert "You won" not in browser.get(address).content.decode()
    won = drawn_box((alice, 1), at=timezone.now(), claim_days=7)
    for address in addresses:
        bobs_browser.get(address)
        kept = show(alices_browser.get(address))
        assert kept.split() == show(ask_anew(alices_browser, address)).split()
        assert kept.count("You won</strong>") + kept.count('aria-label="You won"') == 1
    assert "You won" not in bobs_browser.get(addresses[0]).content.decode()
    decline(won.lottery, alice)
    for browser in (bobs_browser, alices_browser):
        assert "You won" not in browser.get(addresses[0]).content.decode()


def test_who_has_ballots_is_where_they_are_limited(
    transactional_db: None, alices_browser: Client, bobs_browser: Client, alice: User
) -> None:
    box = open_box(days=3, ballots_each=5)
    submit(box, alice, 2, at=timezone.now())
    for _ in range(2):
        assert "You have 2 of at most 5" in show(alices_browser.get(page(box, "lottery")))
        assert "You have 0 of at most 5" in show(bobs_browser.get(page(box, "lottery")))


def test_who_won_a_drawn_lottery_is(
    transactional_db: None, alices_browser: Client, bobs_browser: Client, alice: User
) -> None:
    submit(box := BoxFactory.create(), alice)
    draw(box)
    for _ in range(2):
        assert "<strong>You</strong>" in show(alices_browser.get(page(box, "lottery")))
        assert "<strong>alice</strong>" in show(bobs_browser.get(page(box, "lottery")))
