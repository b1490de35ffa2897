"""What the admin's list and page of lotteries show of prizes and places."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.day_after import pass_over
from ballots.models import BallotBox, Ground
from ballots.tests.factories import BoxFactory, draw, reload, submit

LIST = reverse("admin:lotteries_lottery_changelist")
PRIZE = "A week in the <tree house>\nwith a ladder"


def read(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def change(box: BallotBox) -> str:
    return reverse("admin:lotteries_lottery_change", args=[box.pk])


def drawn_box(places: int, people: int) -> BallotBox:
    box = BoxFactory.create(places=places, prize=PRIZE, terms="Of age.\nNo employees.")
    for _ in range(people):
        submit(box, UserFactory.create())
    draw(box)
    return reload(box)


def cell(page: str, name: str) -> str:
    """What the list says in the column of its one lottery."""
    return page.partition(f'class="field-{name}">')[2].partition("</td>")[0]


def test_the_list_shows_the_prize_in_one_line(adams_browser: Client, db: None) -> None:
    drawn_box(1, 1)
    page = read(adams_browser, LIST)
    assert cell(page, "prize_headline") == escape("A week in the <tree house>")
    assert "with a ladder" not in page


def test_the_list_shows_who_holds_which_place(adams_browser: Client, db: None) -> None:
    box = drawn_box(3, 2)
    page = read(adams_browser, LIST)
    first, second = box.draw.holders
    assert cell(page, "places") == "3"
    assert cell(page, "winner") == f"{first.shown_as}, ballot {first.number}"
    others = cell(page, "other_places")
    assert f"2: {second.shown_as}, ballot {second.number}" in others
    assert "3: vacant" in others


def test_of_many_places_it_shows_a_few(adams_browser: Client, db: None) -> None:
    drawn_box(9, 9)
    others = cell(read(adams_browser, LIST), "other_places")
    assert "4: " in others
    assert "5: " not in others
    assert "and 5 more" in others


def test_the_winner_is_who_holds_the_first_place_now(adams_browser: Client, db: None) -> None:
    box = drawn_box(1, 2)
    (first,) = box.draw.holders
    pass_over(box.lottery, number=first.number, ground=Ground.INELIGIBLE, reason="an employee")
    winner = reload(box).winner
    assert winner
    assert winner != first
    assert cell(read(adams_browser, LIST), "winner").startswith(winner.shown_as)


def test_a_lottery_without_ballots_has_no_winner(adams_browser: Client, db: None) -> None:
    drawn_box(2, 0)
    page = read(adams_browser, LIST)
    assert cell(page, "winner") == cell(page, "other_places") == "–"


def test_the_page_shows_all_that_is_promised(adams_browser: Client, db: None) -> None:
    box = drawn_box(2, 2)
    page = read(adams_browser, change(box))
    for shown in (
        "A week in the &lt;tree house&gt;<br>with a ladder",
        "Of age.<br>No employees.",
        box.lottery.announcement,
        box.lottery.seed_commitment,
    ):
        assert shown in page
    for number, drawn in enumerate(box.draw.holders, start=1):
        assert f"{number}: {drawn.shown_as}, ballot {drawn.number}" in page


@pytest.mark.parametrize("state", ["open", "drawn"])
def test_what_is_promised_is_there_before_and_after_the_draw(
    adams_browser: Client, alice: User, state: str
) -> None:
    box = BoxFactory.create(ballots_each=17, claim_days=23)
    submit(box, alice)
    if state == "drawn":
        draw(box)
    page = read(adams_browser, change(box))
    for number in (17, 23):
        assert f'<div class="readonly">{number}</div>' in page
