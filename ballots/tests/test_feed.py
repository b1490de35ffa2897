"""The Atom feed: all that was promised and done, newest first, and none of it ever changes."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.life import withdraw_lottery
from ballots.models import BallotBox, Draw, DrawnBallot, Holding
from ballots.tests.factories import BoxFactory, draw, open_box, pass_over, sealed_box, submit
from lotteries.models import Note

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
    for participant in (alice, *UserFactory.create_batch(3)):
        submit(box, participant, 3)
    return box


def test_what_happens_is_told_newest_first(stranger: Client, box: BallotBox) -> None:
    assert kinds(feed(stranger)) == ["announced"]
    winner = draw(box).winner
    assert winner
    at = box.lottery.closes_at + timedelta(days=1)
    pass_over(box.lottery, number=winner.number, reason="declined by phone", clock=lambda: at)
    assert kinds(feed(stranger)) == ["passed over", "drawn", "sealed", "announced"]


def test_it_has_what_others_should_keep(stranger: Client, box: BallotBox) -> None:
    winner = draw(box).winner
    drawn, sealed, announced = texts(feed(stranger), "summary")
    assert box.lottery.seed_commitment in announced
    assert str(int(box.lottery.closes_at.timestamp())) in announced
    assert BallotBox.objects.get(pk=box.pk).root in sealed
    assert box.lottery.seed in sealed
    assert winner
    assert str(winner.ballot_id) in drawn


def entries(client: Client) -> dict[str, bytes]:
    """Each entry as it is sent, by its id."""
    found = feed(client).iterfind(f"{ATOM}entry")
    return {entry.findtext(f"{ATOM}id", ""): ElementTree.tostring(entry) for entry in found}


def test_no_entry_ever_changes(stranger: Client, box: BallotBox) -> None:
    announced = entries(stranger)
    winner = draw(box).winner
    assert winner
    drawn = entries(stranger)
    at = box.lottery.closes_at + timedelta(days=1)
    pass_over(box.lottery, number=winner.number, reason="declined by phone", clock=lambda: at)
    once = entries(stranger)
    second = Draw.objects.get().winner
    assert second
    pass_over(box.lottery, number=second.number, reason="declined by phone", clock=lambda: at)
    User.objects.update(username="somebody else")
    twice = entries(stranger)
    assert announced.items() <= drawn.items() <= once.items() <= twice.items()
    assert [len(each) for each in (announced, drawn, once, twice)] == [1, 3, 4, 5]


def test_each_passing_over_is_an_entry_of_its_own(stranger: Client, box: BallotBox) -> None:
    winner = draw(box).winner
    assert winner
    pass_over(box.lottery, number=winner.number, reason="declined by phone")
    second = Draw.objects.get().winner
    over, drawn, *_ = texts(feed(stranger), "summary")
    assert second
    assert f"Ballot {winner.number} wins" in drawn
    assert "declined" not in drawn
    assert f"Ballot {winner.number}: Could not be reached: declined by phone" in over
    assert f"Ballot {second.number} wins" in over
    assert str(second.participant.pk) in over
    assert "alice" not in over + drawn


def test_every_place_of_a_draw_is_in_its_entry(stranger: Client, alice: User, bob: User) -> None:
    box = BoxFactory.create(places=3)
    for participant in (alice, bob):
        submit(box, participant, 2)
    draw(box)
    drawn, *_ = texts(feed(stranger), "summary")
    for place, holder in enumerate(Draw.objects.get().holders, start=1):
        assert f"Ballot {holder.number} wins place {place}<" in drawn
        assert str(holder.participant_id) in drawn
    assert "wins place 3" not in drawn


def test_an_announcement_has_the_prize_in_one_line(stranger: Client, db: None) -> None:
    box = open_box(prize="A <red> bicycle\nand a bell", places=7)
    (announced,) = texts(feed(stranger), "summary")
    assert "<dt>Prize</dt><dd>A &lt;red&gt; bicycle</dd>" in announced
    assert "<dt>Places</dt><dd>7</dd>" in announced
    assert box.lottery.announcement in announced


def test_each_note_is_an_entry_with_its_lines(stranger: Client, box: BallotBox) -> None:
    at = box.lottery.announced_at + timedelta(hours=1)
    Note.objects.create(lottery=box.lottery, text="The bell is\n<blue>.", noted_at=at)
    Note.objects.create(lottery=box.lottery, text="No, red.", noted_at=at + timedelta(hours=1))
    assert kinds(feed(stranger)) == ["note", "note", "announced"]
    second, first, _ = texts(feed(stranger), "summary")
    assert "The bell is<br>&lt;blue&gt;." in first
    assert "No, red." in second


def test_a_prize_handed_over_is_an_entry(stranger: Client, box: BallotBox) -> None:
    draw(box)
    before = entries(stranger)
    at = box.lottery.closes_at + timedelta(days=3)
    Holding.objects.update(handed_over_at=at)
    after = entries(stranger)
    assert before.items() < after.items()
    assert kinds(feed(stranger)) == ["handed over", "drawn", "sealed", "announced"]
    told, *_ = texts(feed(stranger), "summary")
    (holder,) = Draw.objects.get().holders
    assert f"<dt>Place 1</dt><dd>handed over to ballot {holder.number}," in told
    assert str(holder.participant_id) in told


def test_each_entry_is_dated_with_its_moment(stranger: Client, box: BallotBox) -> None:
    draw(box, at=box.lottery.closes_at + timedelta(seconds=7))
    root = feed(stranger)
    moments = [box.lottery.closes_at + timedelta(seconds=7)] * 2 + [box.lottery.announced_at]
    assert [datetime.fromisoformat(text) for text in texts(root, "updated")] == moments
    assert texts(root, "published") == texts(root, "updated")
    assert root.findtext(f"{ATOM}updated") == texts(root, "updated")[0]


def test_a_withdrawn_lottery_leaves_with_its_entry(stranger: Client, db: None) -> None:
    box = open_box()
    before = entries(stranger)
    withdraw_lottery(box.lottery)
    assert entries(stranger) == {}
    open_box()
    assert len(entries(stranger)) == 1
    assert not entries(stranger).keys() & before.keys()


def test_a_lottery_without_a_box_hides_no_other(stranger: Client, box: BallotBox) -> None:
    draw(box)
    lost = BoxFactory.create(closure_date=box.lottery.closure_date + timedelta(days=1))
    BallotBox.objects.filter(pk=lost.pk).delete()
    assert kinds(feed(stranger)) == ["announced", "drawn", "sealed", "announced"]


def test_an_entry_of_damaged_rows_says_so(stranger: Client, box: BallotBox) -> None:
    draw(box)
    Holding.objects.all().delete()
    DrawnBallot.objects.all().delete()
    drawn, sealed, announced = texts(feed(stranger), "summary")
    assert "is damaged" in drawn
    assert "is damaged" in sealed
    assert box.lottery.seed_commitment in announced


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
