"""The Atom feed: announcements, sealed heads, results and passings over, newest first."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ballots.life import pass_over
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, draw, open_box, sealed_box, submit

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Client, page: int | str = "") -> ElementTree.Element:
    response = client.get(reverse("ballots:feed"), {"page": page} if page else {})
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314  it is ours


def texts(root: ElementTree.Element, name: str) -> list[str]:
    return [element.text or "" for element in root.iterfind(f"{ATOM}entry/{ATOM}{name}")]


def kinds(root: ElementTree.Element) -> list[str]:
    return [title.rpartition(": ")[2] for title in texts(root, "title")]


@pytest.fixture
def box(alice: User) -> BallotBox:
    box = BoxFactory.create(name="tan <octopus> lottery")
    submit(box, alice, 3)
    return box


def test_what_happens_is_told_newest_first(stranger: Client, box: BallotBox) -> None:
    assert kinds(feed(stranger)) == ["announced"]
    winner = draw(box).winning_ballot
    assert winner
    at = box.lottery.closes_at + timedelta(days=1)
    pass_over(box.lottery, number=winner.number, reason="declined", clock=lambda: at)
    assert kinds(feed(stranger)) == ["passed over", "drawn", "sealed", "announced"]


def test_it_has_what_others_should_keep(stranger: Client, box: BallotBox) -> None:
    winner = draw(box).winning_ballot
    drawn, sealed, announced = texts(feed(stranger), "summary")
    assert box.lottery.seed_commitment in announced
    assert str(int(box.lottery.closes_at.timestamp())) in announced
    assert BallotBox.objects.get(pk=box.pk).root in sealed
    assert box.lottery.seed in sealed
    assert winner
    assert str(winner.id) in drawn


def test_a_beacon_is_announced(stranger: Client, alice: User) -> None:
    box = sealed_box((alice, 1))
    assert box.lottery.beacon in texts(feed(stranger), "summary")[1]


def test_ids_never_change_and_are_never_shared(stranger: Client, box: BallotBox) -> None:
    before = texts(feed(stranger), "id")
    draw(box)
    open_box()
    after = texts(feed(stranger), "id")
    assert set(before) <= set(after)
    assert len(set(after)) == len(after) == 4


def test_older_entries_are_on_the_next_page(stranger: Client, box: BallotBox) -> None:
    for _ in range(29):
        draw(BoxFactory.create())
    first = feed(stranger)
    link = first.find(f"{ATOM}link[@rel='next']")
    assert link is not None
    assert link.get("href") == f"{settings.SITE_URL}/feed.atom?page=2"
    second = feed(stranger, 2)
    assert second.find(f"{ATOM}link[@rel='next']") is None
    ids = texts(first, "id") + texts(second, "id")
    assert len(ids) == len(set(ids)) == 30 * 3 - 2


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30])
def test_a_page_that_is_not_there(stranger: Client, box: BallotBox, page: str) -> None:
    assert kinds(feed(stranger, page)) == ["announced"]


def test_an_empty_feed(db: None, stranger: Client) -> None:
    assert kinds(feed(stranger)) == []
