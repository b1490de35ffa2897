"""The page "Check this draw": the browser recomputes the draw, and says what it found."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route

from accounts.models import User
from ballots.life import draw_lottery
from ballots.models import Ballot, BallotBox, Draw, DrawnBallot
from ballots.public.receipts import receipt
from ballots.tests.factories import ANSWER, ROUND, BoxFactory, draw, pass_over, sealed_box, submit
from conftest import needs
from lotteries.protocol import drand
from lottery_site.tests.browsers import CHROMIUM, sign_in

pytestmark = [
    pytest.mark.once,
    needs("browser", present=CHROMIUM),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    """Drawn, with ballots of alice and bob and one winner passed over."""
    box = BoxFactory.create(name="tan octopus lottery")
    for participant in (alice, bob, alice):
        submit(box, participant, 3)
    winner = draw(box).winner
    assert winner
    pass_over(box.lottery, number=winner.number, reason="could not be reached")
    return box


def open_check(page: Page, box: BallotBox) -> str:
    """Opens the page of the check and waits for what it says."""
    page.goto(reverse("ballots:check", args=[box.lottery.closure_date]))
    page.locator("[data-verdict].message").wait_for()
    return page.locator("[data-verdict]").inner_text()


def test_it_shows_each_step_with_its_tick(page: Page, box: BallotBox) -> None:
    assert open_check(page, box) == (
        "Every step holds. The winner follows from the sealed box. "
        "Whoever could read the seed before closing could have steered it."
    )
    steps = page.locator("[data-steps] li").all_inner_texts()
    assert [step[0] for step in steps] == ["✓"] * 8
    assert "Places" in steps[7]
    assert page.get_by_role("button", name="Check all my ballots").count() == 0


def test_what_it_cannot_check_is_not_called_fine(page: Page, alice: User) -> None:
    box = sealed_box((alice, 3))
    at = drand.round_time(ROUND) + timedelta(seconds=1)
    draw_lottery(box.lottery, ANSWER, clock=lambda: at)
    said = open_check(page, box)
    assert said.startswith(
        "Every step that could be checked here holds; not checked: Signature of the beacon."
    )
    assert page.locator("[data-verdict].warning").count() == 1
    steps = page.locator("[data-steps] li").all_inner_texts()
    assert [step[0] for step in steps] == [*"✓✓✓✓✓?✓✓✓"]


def test_without_ballots_nothing_ticks_for_a_winner(page: Page, db: None) -> None:
    box = BoxFactory.create()
    draw(box)
    assert open_check(page, box) == "Every step holds. There were no ballots, so nobody could win."
    steps = page.locator("[data-steps] li").all_inner_texts()
    assert [step[0] for step in steps] == ["✓"] * 6
    assert "Empty box" in steps[5]
    assert not any("inning" in step for step in steps)


def test_a_tampered_winner_gets_a_cross(page: Page, box: BallotBox) -> None:
    drawn = list(Draw.objects.get().drawn.all())
    theirs = Ballot.objects.filter(box=box, submission__participant=drawn[-1].participant_id)
    other = theirs.exclude(drawn__in=drawn).first()
    DrawnBallot.objects.filter(pk=drawn[-1].pk).update(ballot=other)
    assert open_check(page, box) == "NOT every step holds."
    steps = page.locator("[data-steps] li").all_inner_texts()
    assert [step.split(":")[0] for step in steps if step[0] == "✗"] == ["✗ Order"]


def test_a_participant_checks_all_their_ballots(page: Page, box: BallotBox, alice: User) -> None:
    sign_in(page, alice)
    open_check(page, box)
    page.get_by_role("button", name="Check all my ballots").click()
    said = page.locator("[data-receipts-verdict].message")
    said.wait_for()
    assert said.inner_text() == "6 receipts: every step holds."
    assert page.locator("[data-receipt-steps] li").count() == 0


def test_receipt_files_are_checked(page: Page, box: BallotBox, tmp_path: Path) -> None:
    good, bad, none = (tmp_path / name for name in ("good.json", "bad.json", "none.json"))
    made = receipt(Ballot.objects.get(box=box, number=4))
    good.write_text(json.dumps(made))
    bad.write_text(json.dumps(made | {"number": 5}))
    none.write_text("no JSON at all")
    open_check(page, box)
    said = page.locator("[data-receipts-verdict].message")

    page.get_by_label("Receipt files").set_input_files(good)
    said.wait_for()
    assert said.inner_text() == "1 receipt: every step holds."

    page.get_by_label("Receipt files").set_input_files([bad, none])
    page.get_by_text("do NOT hold").wait_for()
    assert said.inner_text().startswith("Of 4 steps for 2 receipts, 2 do NOT hold")
    assert page.locator("[data-receipt-steps] li").count() == 2


def choose(page: Page, file: Path, content: dict[str, Any]) -> str:
    """What the page says of a file with this content."""
    file.write_text(json.dumps(content))
    page.get_by_label("Receipt files").set_input_files(file)
    said = page.locator("[data-receipts-verdict].message")
    said.wait_for()
    return said.inner_text()


@pytest.mark.once
def test_a_file_of_all_receipts_is_checked(page: Page, box: BallotBox, tmp_path: Path) -> None:
    receipts = [receipt(ballot) for ballot in Ballot.objects.filter(box=box, number__in=[4, 5])]
    parts = {name: receipts[0][name] for name in ("version", "lottery", "closure_date")}
    open_check(page, box)
    said = choose(page, tmp_path / "all.json", parts | {"receipts": receipts})
    assert said == "2 receipts: every step holds."


@pytest.mark.once
def test_a_signature_that_it_cannot_check_is_not_called_fine(
    page: Page, box: BallotBox, tmp_path: Path
) -> None:
    made = receipt(Ballot.objects.get(box=box, number=4))
    root = base64.b64encode(bytes.fromhex(made["head"]["root"])).decode()
    tree = f"x.org/lotteries/{box.pk}\n{made['head']['ballot_count']}\n{root}\n"
    open_check(page, box)
    said = choose(page, tmp_path / "4.json", made | {"checkpoint": f"{tree}\n— x.org AAAA\n"})
    assert said == "Of 5 steps for 1 receipt, 1 could not be checked; all others hold."
    assert page.locator("[data-receipts-verdict].warning").count() == 1


@pytest.mark.once
def test_a_ballot_that_was_moved_is_noticed(
    page: Page, box: BallotBox, alice: User, tmp_path: Path
) -> None:
    """The operator gives a ballot of alice's to bob, in the database."""
    kept = tmp_path / "receipt.json"
    others = Ballot.objects.filter(box=box, submission__participant=alice, drawn=None)
    ballot = others[0]  # the site itself notices where one that was drawn is moved
    kept.write_text(json.dumps(receipt(ballot)))
    bobs = Ballot.objects.get(box=box, number=4).submission
    Ballot.objects.filter(pk=ballot.pk).update(submission=bobs)
    open_check(page, box)
    page.get_by_label("Receipt files").set_input_files(kept)
    page.get_by_text("do NOT hold").wait_for()


@pytest.mark.once
def test_without_web_crypto_it_checks_nothing_and_says_so(page: Page, box: BallotBox) -> None:
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    assert open_check(page, box).startswith("Nothing was checked: this browser computes SHA-256")
    assert page.locator("[data-steps] li").count() == 0
    assert page.get_by_label("Receipt files").is_disabled()


@pytest.mark.once
def test_without_an_answer_it_checks_nothing_and_says_so(page: Page, box: BallotBox) -> None:
    page.route("**/record.json", lambda route: route.fulfill(status=404, body="no"))
    said = open_check(page, box)
    assert said.startswith("This could not be checked:")
    assert said.endswith("record.json answered 404.")
    page.unroute_all()


# How far what was on the page has moved, other than for a press of the visitor's just before.
LAYOUT_SHIFT = """
globalThis.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def let_answers_take_a_while(page: Page) -> None:
    """So that the page is shown before what it waits for comes."""

    def wait(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.add_init_script(LAYOUT_SHIFT)
    page.route("**/record.json", wait)


@pytest.fixture(params=["seed", "beacon", "empty"])
def drawn_box(request: pytest.FixtureRequest, alice: User) -> BallotBox:
    if request.param == "beacon":
        box = sealed_box((alice, 3))
        return draw_lottery(box.lottery, ANSWER)[0]
    box = BoxFactory.create(name="tan octopus lottery")
    if request.param == "seed":
        submit(box, alice, 3)
    return draw(box).box


@pytest.mark.once
def test_nothing_on_the_page_moves(page: Page, drawn_box: BallotBox) -> None:
    let_answers_take_a_while(page)
    for width in (320, 390, 1440):
        page.set_viewport_size({"width": width, "height": 1600})
        open_check(page, drawn_box)
        page.wait_for_timeout(100)  # the observer reports with the next frame
        assert page.evaluate("globalThis.shift") == 0, width
    page.unroute_all()


@pytest.mark.once
def test_many_receipts_are_one_line_that_moves_nothing(page: Page, alice: User) -> None:
    box = BoxFactory.create()
    for quantity in (20, 9):
        submit(box, alice, quantity)
    draw(box)
    sign_in(page, alice)
    page.set_viewport_size({"width": 320, "height": 2400})
    page.add_init_script(LAYOUT_SHIFT)
    open_check(page, box)
    page.get_by_role("button", name="Check all my ballots").click()
    page.get_by_text("29 receipts: every step holds.").wait_for()
    page.wait_for_timeout(100)
    assert page.evaluate("globalThis.shift") == 0
    assert page.locator("[data-receipt-steps] li").count() == 0


@pytest.mark.once
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it(page: Page, box: BallotBox, scheme: str) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    open_check(page, box)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
