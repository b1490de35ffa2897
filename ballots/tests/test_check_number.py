"""Whether a number is in the box: anybody may ask, and the codes on receipts do."""

import re
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ballots.checkers.verify_draw import is_included
from ballots.day_after import pass_over
from ballots.models import BallotBox, Ground
from ballots.public.records import inclusion
from ballots.tests.factories import BoxFactory, draw, submit


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    """Seven ballots of alice and bob."""
    box = BoxFactory.create(places=2)
    submit(box, alice, 3)
    return submit(box, bob, 4).box


def check(browser: Client, box: BallotBox, **query: Any) -> Any:
    return browser.get(reverse("ballots:check", args=[box.lottery.closure_date]), query)


def page_of(browser: Client, box: BallotBox, number: int) -> str:
    answer = check(browser, box, number=number)
    assert answer.status_code == HTTPStatus.OK
    return str(answer.content.decode())


def test_a_stranger_learns_that_it_is_in_the_box_and_under_which_head(
    stranger: Client, box: BallotBox
) -> None:
    page = page_of(stranger, box, 4)
    assert "Ballot 4 is in the box: it is one of 7 so far." in page
    proof = inclusion(box, 4, 7)
    hashes = re.findall("<code>([0-9a-f]{64})</code>", page)
    assert hashes == [box.root, proof["leaf"]]
    nodes = [bytes.fromhex(node) for node in proof["proof"]]
    assert is_included(bytes.fromhex(hashes[1]), 4, 7, nodes, bytes.fromhex(hashes[0]))
    path = reverse("ballots:proof", args=[box.lottery.closure_date])
    assert f'href="{path}?number=4"' in page


@pytest.mark.parametrize("is_drawn", [False, True])
def test_nobody_learns_whose_it_is(
    stranger: Client, bobs_browser: Client, box: BallotBox, alice: User, is_drawn: bool
) -> None:
    if is_drawn:
        draw(box)
    for ballot in box.ballots.filter(submission__participant=alice):
        assert str(ballot.id) not in page_of(stranger, box, ballot.number)
        for secret in (str(ballot.id), str(alice.pk), alice.username, alice.email):
            assert secret not in page_of(bobs_browser, box, ballot.number)


def test_after_the_draw_it_says_what_became_of_it(stranger: Client, box: BallotBox) -> None:
    taken = list(draw(box).drawn.all())
    for drawn in taken:
        words = f"won place {drawn.place}." if drawn.place else "was drawn after another ballot"
        assert f"Ballot {drawn.number} {words}" in page_of(stranger, box, drawn.number)
    numbers = {drawn.number for drawn in taken}
    (other, *_) = {*range(1, 8)} - numbers
    page = page_of(stranger, box, other)
    assert "it is one of 7." in page
    assert "It was not drawn." in page


def test_who_was_passed_over_is_told_with_the_reason(stranger: Client, box: BallotBox) -> None:
    first = draw(box).holders[0]
    pass_over(
        box.lottery,
        number=first.number,
        ground=Ground.INELIGIBLE,
        reason="an employee of the organiser",
    )
    page = page_of(stranger, box, first.number)
    assert f"Ballot {first.number} was drawn for place 1, and passed over on" in page
    assert "an employee of the organiser”" in page


@pytest.mark.parametrize("number", ["8", "9" * 15])
def test_a_number_that_no_ballot_has(stranger: Client, box: BallotBox, number: str) -> None:
    answer = check(stranger, box, number=number)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "No ballot has this number: in the box, there are 7 ballots." in answer.content.decode()


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "1.0", "²", "9" * 40, "\0"])
def test_what_is_no_number(stranger: Client, box: BallotBox, number: str) -> None:
    answer = check(stranger, box, number=number)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "Type the number of a ballot, for example 7." in answer.content.decode()


def test_anybody_can_type_a_number(stranger: Client, box: BallotBox) -> None:
    page = check(stranger, box).content.decode()
    assert 'name="number"' in page
    assert "It is not drawn yet" in page
    draw(box)
    page = check(stranger, box).content.decode()
    assert 'name="number"' in page
    assert "data-verdict" in page


def test_an_empty_box_has_no_number(stranger: Client) -> None:
    box = BoxFactory.create()
    assert 'name="number"' not in check(stranger, box).content.decode()
    assert check(stranger, box, number=1).status_code == HTTPStatus.NOT_FOUND
