"""What participants see of their own ballots, and of nobody else's."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ballots.models import BallotBox, Submission
from ballots.own_submissions import OwnSubmission, show_submissions
from ballots.paging import PAGE_SIZE
from ballots.tests.factories import BoxFactory, draw, open_box, submit

MY_BALLOTS = reverse("ballots:my_ballots")


def url(name: str, box: BallotBox, *args: int) -> str:
    return reverse(f"ballots:{name}", args=[box.lottery.closure_date, *args])


@pytest.fixture
def submission(alice: User) -> Submission:
    """Alice's ballots 1 to 3."""
    return submit(BoxFactory.create(), alice, 3)


def test_it_lists_the_lotteries_i_entered_newest_first(
    alices_browser: Client, alice: User, bob: User
) -> None:
    boxes = BoxFactory.create_batch(3)
    for box in boxes:
        submit(box, alice, 2)
    submit(boxes[0], alice, 40)
    submit(BoxFactory.create(), bob)
    entries = alices_browser.get(MY_BALLOTS).context["entries"]
    assert [entry.name for entry in entries] == [box.lottery.name for box in boxes[::-1]]
    assert [entry.ballot_count for entry in entries] == [2, 2, 42]


def test_it_says_what_became_of_them(alices_browser: Client, alice: User, bob: User) -> None:
    won, lost, waiting, is_open = *BoxFactory.create_batch(3), open_box()
    for box in (won, waiting, is_open):
        submit(box, alice, at=box.lottery.announced_at)
    submit(lost, alice)
    for _ in range(100):
        submit(lost, bob, 100)
    for box in (won, lost):
        draw(box)
    page = alices_browser.get(MY_BALLOTS).content.decode()
    assert page.count("<strong>won</strong>") == 1
    assert page.count("not won") == 1
    for state in ("closed, waiting for its draw", "open"):
        assert f"<td>{state}</td>" in page


def test_each_sees_their_own_however_much_they_have_in_common(
    alices_browser: Client, bobs_browser: Client, alice: User, bob: User
) -> None:
    together, apart = BoxFactory.create_batch(2)
    for participant, quantity in [(alice, 1), (bob, 1), (bob, 4)]:
        submit(together, participant, quantity)
    submit(apart, bob)
    draw(apart)
    for _ in range(2):
        hers, his = (
            browser.get(MY_BALLOTS).content.decode() for browser in (alices_browser, bobs_browser)
        )
        assert ('<td class="number">1</td>' in hers, "won" in hers) == (True, False)
        assert ('<td class="number">5</td>' in his, "<strong>won</strong>" in his) == (True, True)


def test_it_leads_from_page_to_page(alices_browser: Client, alice: User) -> None:
    boxes = BoxFactory.create_batch(PAGE_SIZE + 1)[::-1]
    for box in boxes:
        submit(box, alice)
    last = boxes[PAGE_SIZE - 1].lottery.closure_date
    assert f"?before={last}" in alices_browser.get(MY_BALLOTS).content.decode()
    entries = alices_browser.get(MY_BALLOTS, {"before": str(last)}).context["entries"]
    assert [entry.name for entry in entries] == [box.lottery.name for box in boxes[PAGE_SIZE:]]


def test_without_ballots_it_leads_to_the_lotteries(alices_browser: Client) -> None:
    assert "You have not taken part yet." in alices_browser.get(MY_BALLOTS).content.decode()


def test_an_entry_opens_to_my_numbers(alices_browser: Client, alice: User, bob: User) -> None:
    box = BoxFactory.create()
    for participant, quantity in [(alice, 3), (bob, 2), (alice, 1)]:
        submit(box, participant, quantity)
    page = alices_browser.get(url("my_entry", box)).content.decode()
    assert "I have 4 of 6 ballots." in page
    assert "Numbers 1 to 3" in page
    assert "Number 6" in page
    assert url("submission", box, 1) in page
    assert url("submission", box, 4) not in page


def test_an_entry_says_when_each_was_submitted(alices_browser: Client, alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 2, at=box.lottery.closes_at - timedelta(seconds=0.5))
    item = (
        f'<li><a href="{url("submission", box, 1)}">Numbers 1 to 2</a>, '
        f"submitted on {box.lottery.closure_date:%-d %B %Y}, 23:59:59</li>"
    )
    assert item in alices_browser.get(url("my_entry", box)).content.decode()


def test_whatever_stands_for_a_number_is_escaped() -> None:
    made: Any = OwnSubmission(1, "<b>", submitted_at=None)  # type: ignore[arg-type]
    shown = show_submissions([made], date(2020, 2, 29))
    assert ("Numbers 1 to &lt;b&gt;</a>, submitted on </li>" in shown, "<b>" in shown) == (
        True,
        False,
    )


def test_an_entry_leads_from_page_to_page(alices_browser: Client, alice: User) -> None:
    box = BoxFactory.create()
    for _ in range(PAGE_SIZE + 1):
        submit(box, alice)
    first = alices_browser.get(url("my_entry", box))
    assert "?before=2" in first.content.decode()
    second = alices_browser.get(url("my_entry", box), {"before": "2"})
    assert [made.first_number for made in second.context["submissions"]] == [1]


@pytest.mark.parametrize("before", ["x", "-1", "9" * 50, "\0", "1.5", "²"])
def test_a_malformed_page_is_no_error(
    alices_browser: Client, submission: Submission, before: str
) -> None:
    answer = alices_browser.get(url("my_entry", submission.box), {"before": before})
    assert answer.status_code in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}


def test_the_winner_is_told_so(alices_browser: Client, submission: Submission) -> None:
    made = draw(submission.box)
    assert made.winner
    page = alices_browser.get(url("my_entry", submission.box)).content.decode()
    assert f"Ballot {made.winner.number} won." in page
    assert url("receipt", submission.box, made.winner.number) in page


PRIVATE: list[tuple[str, list[Any]]] = [
    ("my_entry", []),
    ("submission", [1]),
]


@pytest.mark.parametrize(("name", "args"), PRIVATE)
def test_nobody_else_sees_them(
    bobs_browser: Client,
    adams_browser: Client,
    roots_browser: Client,
    submission: Submission,
    name: str,
    args: list[int],
) -> None:
    for browser in (bobs_browser, adams_browser, roots_browser):
        answer = browser.get(url(name, submission.box, *args))
        assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(("name", "args"), PRIVATE)
def test_a_stranger_is_asked_to_sign_in(
    stranger: Client, submission: Submission, name: str, args: list[int]
) -> None:
    path = url(name, submission.box, *args)
    answer = stranger.get(path)
    assert answer.headers["Location"] == f"{reverse('accounts:sign_in')}?next={path}"


def test_my_pages_are_not_kept_by_shared_caches(
    alices_browser: Client, submission: Submission
) -> None:
    for name, args in PRIVATE:
        answer = alices_browser.get(url(name, submission.box, *args))
        assert "Cookie" in answer.headers["Vary"]
        assert "private" in answer.headers["Cache-Control"]
