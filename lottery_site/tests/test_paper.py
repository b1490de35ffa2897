"""Receipts in a real browser: on paper, on a telephone, and the check their codes lead to."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route

from accounts.models import User
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, draw, submit
from conftest import needs
from lottery_site.tests.browsers import CHROMIUM, sign_in

pytestmark = [
    pytest.mark.once,
    needs("browser", present=CHROMIUM),
    pytest.mark.django_db(transaction=True),
]

FOLLOWED = "Your browser followed the proof: it leads from the leaf to the root."


def path(name: str, box: BallotBox, *args: int) -> str:
    return reverse(f"ballots:{name}", args=[box.lottery.closure_date, *args])


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    """With ballots 1 to 5 of alice and 6 of bob."""
    box = BoxFactory.create(name="tan octopus lottery")
    submit(box, alice, 5)
    return submit(box, bob).box


def style(page: Page, selector: str, name: str) -> str:
    looked = "(element, name) => getComputedStyle(element)[name]"
    return str(page.locator(selector).first.evaluate(looked, name))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_black_on_white_and_has_receipts_alone(
    page: Page, box: BallotBox, alice: User, scheme: Any
) -> None:
    sign_in(page, alice)
    page.goto(path("submission_receipts", box, 1))
    page.emulate_media(media="print", color_scheme=scheme)
    assert style(page, "body", "backgroundColor") == "rgb(255, 255, 255)"
    for text in ("body", ".receipt dt", ".receipt a"):
        assert style(page, text, "color") == "rgb(0, 0, 0)"
    for unseen in ("header", "footer", ".screen", ".skip"):
        assert not page.locator(unseen).first.is_visible()
    assert style(page, ".receipt", "breakInside") == "avoid"
    assert page.locator(".receipt").count() == page.locator(".qr svg").count() == 5


def test_no_receipt_is_broken_between_sheets(page: Page, box: BallotBox, alice: User) -> None:
    """On sheets that have room for one, each is on one."""
    sign_in(page, alice)
    page.goto(path("submission_receipts", box, 1))
    page.emulate_media(media="print")
    high = page.locator(".receipt").first.bounding_box()
    assert high
    sheets = page.pdf(width="720px", height=f"{high['height'] * 1.6}px")
    assert sheets.count(b"/Type /Page\n") in {5, 6}  # the heading may take one


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_code_is_dark_on_light_in_every_scheme(
    page: Page, box: BallotBox, alice: User, scheme: Any
) -> None:
    sign_in(page, alice)
    page.emulate_media(color_scheme=scheme)
    page.goto(path("receipt", box, 3))
    assert style(page, ".qr path >> nth=0", "fill") == "rgb(255, 255, 255)"
    assert style(page, ".qr path >> nth=1", "stroke") == "rgb(0, 0, 0)"
    code = page.get_by_role("img", name="QR code of the public check of ballot 3").bounding_box()
    assert code
    assert code["width"] >= 120


def test_the_check_of_a_number_follows_the_proof_before_the_draw(
    page: Page, box: BallotBox
) -> None:
    page.goto(path("check", box) + "?number=6")
    page.get_by_text("Ballot 6 is in the box").wait_for()
    page.get_by_text(FOLLOWED).last.wait_for()
    assert page.locator("[data-asked].success").inner_text() == FOLLOWED


def test_and_after_it_by_the_record(page: Page, box: BallotBox) -> None:
    draw(box)
    page.goto(path("check", box))
    page.get_by_label("Number of the ballot").fill("6")
    page.get_by_role("button", name="Look it up").click()
    page.locator("[data-asked].success").wait_for()
    assert page.locator("[data-verdict].success").count() == 1


def test_a_proof_that_leads_elsewhere_is_told(page: Page, box: BallotBox) -> None:
    def lie(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"leaf": "0" * 64})

    page.route("**/proof.json*", lie)
    page.goto(path("check", box) + "?number=6")
    page.locator("[data-asked].error").wait_for()
    assert "does NOT lead" in page.locator("[data-asked]").inner_text()
    page.unroute_all()


def test_a_telephone_shows_all_of_the_check(page: Page, box: BallotBox) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    for number in ("6", "7", "x"):
        page.goto(f"{path('check', box)}?number={number}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_all_my_ballots_are_checked_from_the_files_of_my_submissions(
    page: Page, box: BallotBox, alice: User
) -> None:
    submit(box, alice, 2)
    draw(box)
    sign_in(page, alice)
    page.goto(path("check", box))
    page.get_by_role("button", name="Check all my ballots").click()
    page.get_by_text("7 receipts: every step holds.").wait_for()
