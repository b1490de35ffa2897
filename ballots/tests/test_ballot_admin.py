"""The ballots and draws in Django admin: to read, and nothing else."""

import re
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ballots.day_after import pass_over
from ballots.models import Ballot, BallotBox, Draw, Ground
from ballots.tests.factories import BoxFactory, draw, submit

CHANGES = ("change", "delete")
LIST = reverse("admin:ballots_ballot_changelist")
LOTTERIES = reverse("admin:lotteries_lottery_changelist")
DRAWS = reverse("admin:ballots_draw_changelist")


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    """With ballots 1 to 150 of alice and 151 to 155 of bob; another lottery has some too."""
    submit(BoxFactory.create(), alice, 3)
    box = BoxFactory.create()
    for participant, quantity in [(alice, 100), (alice, 50), (bob, 5)]:
        submit(box, participant, quantity)
    return box


def numbers(browser: Client, box: BallotBox, **data: str | int) -> list[int]:
    answer = browser.get(LIST, {"box__exact": str(box.pk), **data})
    return [ballot.number for ballot in answer.context["cl"].result_list]


def test_it_shows_the_ballots_of_one_lottery_in_order(
    adams_browser: Client, box: BallotBox
) -> None:
    assert numbers(adams_browser, box) == list(range(1, 101))
    assert numbers(adams_browser, box, p=2) == list(range(101, 156))


def test_it_knows_how_many_there_are_without_counting(
    adams_browser: Client, box: BallotBox
) -> None:
    answer = adams_browser.get(LIST, {"box__exact": str(box.pk)})
    assert answer.context["cl"].result_count == 155
    assert f"Ballots of {box.lottery}" in answer.content.decode()


@pytest.mark.parametrize("query", ["bob", "BOB", "ob", " bob "])
def test_it_is_searched_by_username(adams_browser: Client, box: BallotBox, query: str) -> None:
    assert numbers(adams_browser, box, q=query) == [151, 152, 153, 154, 155]
    answer = adams_browser.get(LIST, {"box__exact": str(box.pk), "q": query})
    assert answer.context["cl"].result_count == 5


def test_a_search_has_pages_too(adams_browser: Client, box: BallotBox) -> None:
    assert numbers(adams_browser, box, q="alice", p=2) == list(range(101, 151))


def test_a_search_that_finds_nobody(adams_browser: Client, box: BallotBox) -> None:
    assert numbers(adams_browser, box, q="nobody") == []


def test_an_empty_box(adams_browser: Client, db: None) -> None:
    assert numbers(adams_browser, BoxFactory.create()) == []


@pytest.mark.parametrize(
    "query", ["", "?box__exact=nonsense", "?q=alice", f"?box__exact={'0' * 32}"]
)
def test_without_a_lottery_it_asks_for_one(
    adams_browser: Client, box: BallotBox, query: str
) -> None:
    answer = adams_browser.get(LIST + query, follow=True)
    assert answer.redirect_chain == [(LOTTERIES, HTTPStatus.FOUND)]
    assert "Choose a lottery to read its ballots." in answer.content.decode()


@pytest.mark.parametrize("page", ["99", "0", "-1", "x"])
def test_a_page_that_does_not_exist_is_no_error(
    adams_browser: Client, box: BallotBox, page: str
) -> None:
    answer = adams_browser.get(LIST, {"box__exact": str(box.pk), "p": page})
    assert answer.status_code in {HTTPStatus.OK, HTTPStatus.FOUND}


def test_one_ballot(adams_browser: Client, box: BallotBox) -> None:
    ballot = Ballot.objects.get(box=box, number=151)
    page = adams_browser.get(reverse("admin:ballots_ballot_change", args=[ballot.pk]))
    for shown in ("bob", str(ballot.pk), ballot.leaf, "151"):
        assert shown in page.content.decode()


def test_it_marks_what_was_drawn(adams_browser: Client, alice: User, bob: User) -> None:
    """Nobody but alice is left for the second place: her other ballots are repeats."""
    box = BoxFactory.create(places=2)
    submit(box, alice, 3)
    submit(box, bob)
    (first, *_) = draw(box).holders
    pass_over(box.lottery, number=first.number, ground=Ground.INELIGIBLE, reason="an employee")
    page = adams_browser.get(LIST, {"box__exact": str(box.pk)}).content.decode()
    marks = dict(enumerate(re.findall(r'class="field-drawn_as">(.*?)<', page), start=1))
    assert marks[first.number] == "place 1, passed over"
    assert sorted(set(marks.values())) == ["place 1, passed over", "place 2", "repeat"]
    one = reverse("admin:ballots_ballot_change", args=[first.ballot_id])
    assert "place 1, passed over" in adams_browser.get(one).content.decode()


def test_what_was_not_drawn_has_no_mark(adams_browser: Client, box: BallotBox) -> None:
    page = adams_browser.get(LIST, {"box__exact": str(box.pk)}).content.decode()
    assert set(re.findall(r'class="field-drawn_as">(.*?)<', page)) == {"–"}


def test_draws_can_be_read(adams_browser: Client, box: BallotBox) -> None:
    made = draw(box)
    (first, *_) = made.holders
    told = f"{first.shown_as}, ballot {first.number}"
    assert told in adams_browser.get(DRAWS).content.decode()
    pass_over(box.lottery, number=first.number, ground=Ground.INELIGIBLE, reason="an employee")
    shown = adams_browser.get(reverse("admin:ballots_draw_change", args=[made.pk]))
    page = shown.content.decode()
    assert f"place 1, {told}: Not eligible: an employee" in page
    (second,) = Draw.objects.get(pk=box.pk).drawn.standing()
    assert f"1: {second.shown_as}, ballot {second.number}" in page


def test_nobody_adds_changes_or_deletes_ballots_and_draws(
    adams_browser: Client, roots_browser: Client, box: BallotBox
) -> None:
    rows = {"ballot": Ballot.objects.filter(box=box)[0].pk, "draw": draw(box).pk}
    for browser in (adams_browser, roots_browser):
        for name, key in rows.items():
            urls = [reverse(f"admin:ballots_{name}_add")]
            urls += [reverse(f"admin:ballots_{name}_{verb}", args=[key]) for verb in CHANGES]
            for url in urls:
                answer = browser.post(url, {"number": 7, "post": "yes"})
                assert answer.status_code == HTTPStatus.FORBIDDEN, url
