"""A real browser, for the tests of the pages, and a lottery that was drawn."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, draw, submit
from lottery_site.tests.browsers import CHROMIUM

# Playwright runs an event loop of its own in this thread, and Django minds.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Answers that a test asks for, and the logo in ReDoc's footer, which the policy keeps from loading.
EXPECTED = ("status of 4", "cdn.redoc.ly/redoc/logo-mini.svg")


@pytest.fixture
def drawn(alice: User) -> BallotBox:
    """Alice's ballots 1 to 3, one of which won."""
    box = BoxFactory.create()
    submit(box, alice, 3)
    draw(box)
    return box


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A tab that fails the test where a script fails or the content security policy objects."""
    context = chromium.new_context(base_url=live_server.url)
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield tab
    context.close()
    assert [said for said in complaints if not any(part in said for part in EXPECTED)] == []
