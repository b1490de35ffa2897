"""The pages in a real browser: wide and narrow, light and dark, with and without JavaScript."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.tests.factories import PASSWORD
from ballots.models import Ballot, BallotBox
from ballots.tests.factories import BoxFactory, draw, open_box, pass_over, submit
from conftest import browser_of, needs
from lottery_site.tests.browsers import CHROMIUM, sign_in

pytestmark = [
    needs("browser", present=CHROMIUM),
    pytest.mark.django_db(transaction=True),
]


def path_of(box: BallotBox) -> str:
    return reverse("ballots:lottery", args=[box.lottery.closure_date])


def test_a_stranger_registers_takes_part_and_wins(page: Page, tmp_path: Path) -> None:
    box = open_box(name="tan octopus lottery")
    page.goto("/")
    page.get_by_role("link", name="Take part").click()
    page.get_by_role("link", name="register", exact=True).click()
    page.get_by_label("E-mail address").fill("carol@example.org")
    page.get_by_label("Username").fill("carol")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Register").click()
    assert page.url.endswith(path_of(box))

    page.get_by_label("How many ballots?").fill("3")
    page.get_by_role("button", name="Submit ballots").click()
    assert page.get_by_role("heading", level=1).inner_text() == "3 ballots in the box"
    page.get_by_role("link", name="2", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download (JSON)").click()
    download.value.save_as(tmp_path / "receipt.json")
    assert json.loads((tmp_path / "receipt.json").read_text())["number"] == 2

    draw(box)
    page.goto(path_of(box))
    assert "You won with ballot" in page.get_by_label("Result").inner_text()
    page.get_by_role("link", name="My ballots").click()
    assert "won" in page.get_by_role("row", name="tan octopus lottery").inner_text()


def test_an_admin_creates_and_closes_a_lottery(page: Page, adam: User) -> None:
    sign_in(page, adam)
    page.get_by_role("link", name="Create a lottery").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("cell", name="open").wait_for()
    box = BallotBox.objects.select_related("lottery").get()
    page.goto(path_of(box))
    assert page.get_by_role("button", name="Submit ballots").count() == 0
    page.get_by_role("link", name="Close it and draw").click()
    page.get_by_role("button", name="Yes, close and draw").click()
    page.get_by_text("No ballots.").first.wait_for()


def test_a_double_click_submits_once(page: Page, alice: User) -> None:
    box = open_box()
    sign_in(page, alice)
    page.goto(path_of(box))
    page.get_by_role("button", name="Submit ballots").dblclick()
    page.get_by_role("heading", name="1 ballot in the box").wait_for()
    assert Ballot.objects.count() == 1


def test_going_back_and_sending_again_makes_no_new_ballots(page: Page, alice: User) -> None:
    sign_in(page, alice)
    page.goto(path_of(open_box()))
    page.get_by_role("button", name="Submit ballots").click()
    page.get_by_role("heading", name="1 ballot in the box").wait_for()
    page.go_back()
    page.get_by_role("button", name="Submit ballots").click()
    page.get_by_text("no new ones were made").wait_for()
    page.reload()
    assert Ballot.objects.count() == 1


def ask_for_five_after_one(page: Page) -> None:
    """On the lottery's page again, after one ballot from the very same form."""
    page.get_by_label("How many ballots?").fill("5")
    page.get_by_role("button", name="Submit ballots").click()
    page.get_by_text("No new ballots were made now.").wait_for()
    assert page.get_by_role("alert").get_by_role("link", name="1 ballot").count() == 1
    assert page.get_by_label("How many ballots?").input_value() == "5"
    page.get_by_role("button", name="Submit ballots").click()
    page.get_by_role("heading", name="5 ballots in the box").wait_for()
    assert Ballot.objects.count() == 6


def test_going_back_and_sending_another_quantity_asks_once_more(page: Page, alice: User) -> None:
    sign_in(page, alice)
    page.goto(path_of(open_box()))
    page.get_by_role("button", name="Submit ballots").click()
    page.get_by_role("heading", name="1 ballot in the box").wait_for()
    page.go_back()
    ask_for_five_after_one(page)


@pytest.mark.once
def test_a_form_that_was_stopped_can_be_sent_again(page: Page, alice: User) -> None:
    """The guard against double clicks does not last."""
    page.clock.install()
    sign_in(page, alice)
    page.goto(path_of(open_box()))
    page.route("**/ballots/", lambda route: route.fulfill(status=204))
    page.get_by_role("button", name="Submit ballots").click()
    page.unroute_all()
    page.clock.fast_forward(6000)
    page.get_by_role("button", name="Submit ballots").click()
    page.get_by_role("heading", name="1 ballot in the box").wait_for()


def test_it_works_without_javascript(
    chromium: Browser, live_server: LiveServer, alice: User
) -> None:
    box = open_box()
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, alice)
    page.goto(path_of(box))
    assert "closes in 1\u00a0day" in page.locator("[data-countdown]").inner_text()
    page.get_by_role("button", name="Submit ballots").click()
    page.get_by_role("heading", name="1 ballot in the box").wait_for()
    page.go_back()
    ask_for_five_after_one(page)
    context.close()


@pytest.mark.once
def test_the_keyboard_skips_to_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


@pytest.fixture
def paths(alice: User) -> list[str]:
    """Every kind of page that alice can see."""
    User.objects.filter(pk=alice.pk).update(username="W" * 50)
    drawn, waiting, is_open = BoxFactory.create(name="x" * 100), BoxFactory.create(), open_box()
    for box in (drawn, waiting, is_open):
        submit(box, alice, 100, at=box.lottery.announced_at)
    winner = draw(drawn).winner
    assert winner
    pass_over(drawn.lottery, number=winner.number, reason="W" * 300)
    day = drawn.lottery.closure_date
    names = ["home", "open_lotteries", "results", "my_ballots"]
    paths = [reverse(f"ballots:{name}") for name in names] + ["/no/such/page"]
    paths += [path_of(box) for box in (drawn, waiting, is_open)] + ["/lotteries/1999-12-31/"]
    paths += [reverse(f"ballots:{name}", args=[day]) for name in ("my_entry", "check")]
    paths += [reverse("ballots:fairness"), reverse("ballots:draw_protocol")]
    mine = ("submission", "receipt", "submission_receipts")
    paths += [reverse(f"ballots:{name}", args=[day, 1]) for name in mine]
    paths += [reverse("ballots:check", args=[day], query={"number": 1})]
    return paths + [reverse(f"accounts:{name}") for name in ("account", "change_password")]


CONTRAST = """() => {
  const channel = value => (value /= 255) <= 0.04045 ? value / 12.92
    : ((value + 0.055) / 1.055) ** 2.4;
  const light = color => color.match(/[\\d.]+/g).slice(0, 3).map(Number).map(channel)
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      if (!/, 0\\)$|transparent/.test(color)) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const texts = [...document.querySelectorAll("main *, header *, footer *")].filter(element =>
    [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()));
  return Math.min(...texts.map(element => {
    const pair = [light(getComputedStyle(element).color), light(behind(element))].sort();
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  }));
}"""


# Words that are broken in the middle although each would fit on a line of its own; codes may be.
BROKEN_WORDS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const broken = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest("code, pre, script")) continue;
    for (const { 0: word, index } of node.textContent.matchAll(/[\\p{L}\\p{N}_]+/gu)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (lines.size > 1 && word.length <= 25) broken.push(word);
    }
  }
  return broken;
}"""


@pytest.mark.once
@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_and_can_be_read(
    chromium: Browser,
    live_server: LiveServer,
    alice: User,
    paths: list[str],
    width: int,
    scheme: str,
) -> None:
    """No sideways scrolling; text has the contrast that WCAG 2.2 (1.4.3) asks for, 4.5 to 1."""
    context = chromium.new_context(
        base_url=live_server.url,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    session = browser_of(alice).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    for path in paths:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(BROKEN_WORDS) == [], path
        assert page.evaluate(CONTRAST) >= 4.5, path
        assert page.locator("h1").count() == 1, path
    context.close()


@pytest.mark.once
def test_the_admins_pages_pass_the_content_security_policy(
    page: Page, adam: User, alice: User
) -> None:
    box = BoxFactory.create()
    submit(box, alice)
    sign_in(page, adam)
    for name in ("index", "lotteries_lottery_changelist", "lotteries_lottery_add"):
        page.goto(reverse(f"admin:{name}"))
    for name in ("change", "close", "delete"):
        page.goto(reverse(f"admin:lotteries_lottery_{name}", args=[box.pk]))
    page.goto(f"{reverse('admin:ballots_ballot_changelist')}?box__exact={box.pk}")
    assert page.get_by_role("cell", name="alice").count() == 1
    assert Client().get(reverse("ping")).headers["Content-Security-Policy"]


LOOK = "element => getComputedStyle(element).backgroundColor"
# How far apart two things to press are, and the smallest of their sides, in pixels.
APART = """([one, other]) => {
  const [a, b] = [one, other].map(each => document.querySelector(each).getBoundingClientRect());
  const gap = Math.max(b.left - a.right, a.left - b.right, b.top - a.bottom, a.top - b.bottom);
  return [gap, Math.min(a.height, b.height, a.width, b.width)];
}"""
QUESTIONS = {
    "close": [".choice input", ".choice .leave"],
    "delete": ["#content [type=submit]", "#content .cancel-link"],
    "change": [".submit-row .leave", ".submit-row .deletelink"],
    "pass_over": [".choice input", ".choice .leave"],
    "hand_over": [".choice input", ".choice .leave"],
    "places": [".acts .button", ".acts .leave"],
}


@pytest.mark.once
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", QUESTIONS)
def test_what_confirms_and_what_leaves_stand_apart(
    page: Page, adam: User, alice: User, name: str, width: int
) -> None:
    User.objects.filter(pk=alice.pk).update(username="W" * 50)
    box = BoxFactory.create(name="x" * 100)
    if name in {"pass_over", "hand_over", "places"}:
        submit(box, alice, 2)
        draw(box)
    sign_in(page, adam)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(reverse(f"admin:lotteries_lottery_{name}", args=[box.pk]))
    gap, size = page.evaluate(APART, QUESTIONS[name])
    assert gap >= 16
    assert size >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    looks = [page.locator(each).evaluate(LOOK) for each in QUESTIONS[name]]
    assert looks[0] != looks[1]


@pytest.mark.once
def test_the_admins_lists_fit_on_a_phone(page: Page, adam: User, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(username="W" * 50)
    box = BoxFactory.create(name="x" * 100, prize="W" * 200, places=2)
    submit(box, alice, 2)
    draw(box)
    sign_in(page, adam)
    page.set_viewport_size({"width": 320, "height": 800})
    lists = [f"ballots_ballot_changelist?box__exact={box.pk}", "ballots_draw_changelist"]
    for name in [*lists, "ballots_holding_changelist", "lotteries_lottery_changelist"]:
        address, _, query = name.partition("?")
        page.goto(f"{reverse(f'admin:{address}')}?{query}")
        last = page.locator("#result_list tbody td").last.bounding_box()
        assert last
        assert last["x"] + last["width"] <= 320
