"""The pages say what a lottery promises, wherever it is named."""

import re
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, draw, open_box, submit
from lotteries.models import Lottery

PRIZE = "A bicycle & a bell\nSee https://a.example/b."
LINK = (
    '<a href="https://a.example/b" rel="nofollow noopener noreferrer ugc">https://a.example/b</a>'
)
HEADLINE = "A bicycle &amp; a bell"


@pytest.fixture
def box(db: None) -> BallotBox:
    return open_box(prize=PRIZE, terms="Adults only.\n\n<b>No</b> returns.")


def page_of(browser: Client, box: BallotBox) -> str:
    return browser.get(reverse("ballots:lottery", args=[box.lottery.closure_date])).content.decode()


def test_the_page_has_the_prize_and_the_terms_with_their_lines(
    stranger: Client, box: BallotBox
) -> None:
    page = page_of(stranger, box)
    assert f"<p>{HEADLINE}<br>See {LINK}.</p>" in page
    assert "<p>Adults only.<br><br>&lt;b&gt;No&lt;/b&gt; returns.</p>" in page
    assert page.index("A bicycle") < page.index("Sign in to take part") < page.index("Adults only")
    assert page.count(box.lottery.announcement) == 1


def test_where_nothing_is_promised_there_is_no_empty_heading(stranger: Client) -> None:
    page = page_of(stranger, open_box())
    assert 'id="prize"' not in page
    assert 'id="terms"' not in page
    assert 'id="notes"' not in page
    assert 'href="#terms"' not in page


@pytest.mark.parametrize(
    ("promises", "words"),
    [
        ({}, ["One winner.", "Any number of ballots", "No deadline to claim."]),
        ({"places": 3}, ["3 winners:", "has place 1"]),
        ({"ballots_each": 1}, ["At most 1 ballot for each participant."]),
        ({"ballots_each": 1200}, ["At most 1,200 ballots for each participant."]),
        ({"claim_days": 1}, ["1 day to claim the prize;", "the next person drawn gets it"]),
        ({"claim_days": 14}, ["14 days to claim the prize;"]),
    ],
)
def test_the_page_says_the_rest_in_plain_words(
    stranger: Client, promises: dict[str, int], words: list[str]
) -> None:
    page = " ".join(page_of(stranger, open_box(**promises)).split())
    for each in words:
        assert each in page


@pytest.mark.parametrize("name", ["home", "open_lotteries", "feed"])
def test_an_open_lottery_is_named_with_its_prize(
    stranger: Client, box: BallotBox, name: str
) -> None:
    assert HEADLINE in stranger.get(reverse(f"ballots:{name}")).content.decode()


def test_a_drawn_lottery_is_named_with_its_prize(
    stranger: Client, alices_browser: Client, alice: User
) -> None:
    box = BoxFactory.create(prize=PRIZE)
    submit(box, alice)
    draw(box)
    for name in ("home", "results"):
        assert HEADLINE in stranger.get(reverse(f"ballots:{name}")).content.decode()
    own_pages = {"my_ballots": [], "my_entry": [box.lottery.closure_date]}
    for name, args in own_pages.items():
        url = reverse(f"ballots:{name}", args=args)
        assert HEADLINE in alices_browser.get(url).content.decode()


def test_the_feed_says_what_was_announced(stranger: Client) -> None:
    open_box(prize=PRIZE, places=3, ballots_each=5, claim_days=14)
    feed = stranger.get(reverse("ballots:feed")).content.decode()
    for said in ("Places</dt><dd>3", "each</dt><dd>5", "claim</dt><dd>14"):
        assert said in unescape(feed)


def test_the_form_of_the_admin_begins_with_the_settings(
    adams_browser: Client, settings: Settings
) -> None:
    settings.LOTTERY_PRIZE, settings.LOTTERY_PLACES = "A bell\nand a bicycle", 7
    page = adams_browser.get(reverse("admin:lotteries_lottery_add")).content.decode()
    assert "A bell\nand a bicycle</textarea>" in page
    (places,) = re.findall(r'<input type="number" name="places"[^>]*>', page)
    assert {'value="7"', 'min="1"', 'max="100"'} <= set(places.split())


def test_the_scheduled_job_promises_what_the_settings_say(db: None, settings: Settings) -> None:
    settings.LOTTERIES_AHEAD, settings.LOTTERY_PRIZE, settings.LOTTERY_PLACES = 2, "A bell", 3
    call_command("close_lotteries", stdout=StringIO())
    promised = Lottery.objects.values_list("prize", "places")
    assert list(promised) == [("A bell", 3)] * 2


def test_the_demo_keeps_to_the_limit(db: None, settings: Settings) -> None:
    settings.LOTTERY_BALLOTS_EACH, settings.LOTTERY_PRIZE = 3, "A bell"
    for _ in range(2):
        call_command("populate_demo", lotteries=2, users=2, ballots=40, stdout=StringIO())
    assert set(Lottery.objects.values_list("prize", flat=True)) == {"A bell"}
    entries = [entry.ballot_count for box in BallotBox.objects.all() for entry in box.entries.all()]
    assert entries == [3] * 4
