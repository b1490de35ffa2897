"""Countdowns and closing times in a browser: by the site's clock, and in the visitor's zone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from ballots.models import BallotBox
from ballots.tests.factories import open_box
from conftest import needs
from lottery_site.tests.browsers import CHROMIUM, sign_in

pytestmark = [
    pytest.mark.once,
    needs("browser", present=CHROMIUM),
    pytest.mark.django_db(transaction=True),
    pytest.mark.once,
]

DAY = 24 * 3600 * 1000  # milliseconds
# A visitor's clock that is wrong by so many milliseconds.
WRONG_CLOCK = (
    "const now = Date.now; globalThis.wrong = {}; Date.now = () => now() + globalThis.wrong;"
)


@pytest.fixture
def box(db: None) -> BallotBox:
    return open_box()


def url(box: BallotBox) -> str:
    return reverse("ballots:lottery", args=[box.lottery.closure_date])


def seconds_left(page: Page) -> int:
    """What the first countdown of the page says."""
    said = page.locator("[data-running] time").first.inner_text()
    found = re.fullmatch(r"in (?:(\d+) days?, )?(\d\d):(\d\d):(\d\d)", said)
    assert found, said
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def is_right(page: Page, box: BallotBox) -> bool:
    left = (box.lottery.closes_at - datetime.now(UTC)).total_seconds()
    return abs(seconds_left(page) - left) < 10


def test_the_countdown_counts(page: Page, box: BallotBox) -> None:
    page.goto("/")
    first = seconds_left(page)
    page.wait_for_function(
        "first => document.querySelector('[data-running]').innerText !== first",
        arg=page.locator("[data-running]").first.inner_text(),
    )
    assert 0 < first - seconds_left(page) < 10


@pytest.mark.parametrize("wrong", [-3 * DAY, 3 * DAY])
def test_a_wrong_clock_makes_no_difference(page: Page, box: BallotBox, wrong: int) -> None:
    page.add_init_script(WRONG_CLOCK.format(wrong))
    page.goto("/")
    assert is_right(page, box)


def test_a_clock_that_jumps_has_the_site_asked_for_the_time(page: Page, box: BallotBox) -> None:
    """It does where somebody sets it, and where a computer has slept."""
    page.add_init_script(WRONG_CLOCK.format(0))
    page.goto("/")
    with page.expect_response("**/ping"):
        page.evaluate(f"globalThis.wrong = {DAY}")
    page.wait_for_timeout(1100)
    assert is_right(page, box)


def test_an_old_copy_of_the_page_asks_the_site_for_the_time(page: Page, box: BallotBox) -> None:
    """Without an answer it goes on as it was."""
    page.goto("/")
    page.evaluate("ahead -= 3600 * 1000")  # as if it had been kept for an hour
    page.evaluate("askForTheTime()")
    page.wait_for_timeout(1100)
    assert is_right(page, box)
    page.route("**/ping", lambda route: route.fulfill(status=404))
    page.evaluate("askForTheTime()")
    assert is_right(page, box)


def shorten(box: BallotBox) -> Callable[[Route], None]:
    """Answers with the page as it is two seconds before the lottery closes."""

    def answer(route: Route) -> None:
        response = route.fetch()
        moment = int(box.lottery.closes_at.timestamp()) - 2
        body = re.sub(r'data-countdown="\d+"', f'data-countdown="{moment}"', response.text())
        route.fulfill(response=response, body=body)

    return answer


def test_at_zero_it_says_what_comes_next(page: Page, box: BallotBox, alice: User) -> None:
    sign_in(page, alice)
    page.route(f"**{url(box)}", shorten(box))
    page.goto(url(box))
    page.get_by_role("button", name="Submit ballots").wait_for()
    page.get_by_text("The draw follows within minutes").wait_for()
    assert page.get_by_role("link", name="see the result").is_visible()
    assert page.get_by_role("button", name="Submit ballots").count() == 0
    assert not page.locator("[data-running]").is_visible()
    page.unroute_all()


@pytest.mark.parametrize(
    ("zone", "shown"), [("Asia/Tokyo", True), ("UTC", False), ("Africa/Abidjan", False)]
)
def test_the_closing_time_is_shown_in_the_visitors_zone_where_it_differs(
    chromium: Browser, live_server: LiveServer, box: BallotBox, zone: str, shown: bool
) -> None:
    context = chromium.new_context(base_url=live_server.url, timezone_id=zone)
    page = context.new_page()
    page.goto(url(box))
    own = page.locator("[data-own-zone]")
    assert own.is_visible() == shown
    if shown:
        day = box.lottery.closes_at
        assert own.inner_text() == f"For you: {day.day} {day:%B %Y}, 09:00, {zone}."
    assert ", UTC" in page.locator("p", has=own).inner_text() if shown else True
    context.close()
