"""The files of a lottery that admins take along: its ballots, and who takes part."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.audit.models import AuditEntry
from accounts.models import User
from accounts.tests.csv_files import read_csv
from accounts.tests.factories import UserFactory
from ballots import tables
from ballots.models import Ballot, BallotBox
from ballots.tests.factories import BoxFactory, submit

FILES = ["ballots", "participants"]


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    """With two ballots of alice, one of bob and one more of alice; another lottery has some too."""
    submit(BoxFactory.create(), alice, 3)
    box = BoxFactory.create()
    for participant, quantity in [(alice, 2), (bob, 1), (alice, 1)]:
        submit(box, participant, quantity)
    return BallotBox.objects.get(pk=box.pk)


def rows(browser: Client, box: BallotBox, name: str) -> list[dict[str, str]]:
    return read_csv(browser.get(address(box, name)))


def address(box: BallotBox, name: str) -> str:
    return reverse(f"admin:lotteries_lottery_{name}", args=[box.pk])


def test_the_ballots_are_in_the_order_of_their_numbers(
    adams_browser: Client, box: BallotBox, alice: User
) -> None:
    found = rows(adams_browser, box, "ballots")
    assert [(row["number"], row["username"]) for row in found] == [
        ("1", "alice"),
        ("2", "alice"),
        ("3", "bob"),
        ("4", "alice"),
    ]
    first = Ballot.objects.get(box=box, number=1)
    assert found[0] == {
        "number": "1",
        "ballot": str(first.pk),
        "username": "alice",
        "participant": str(alice.pk),
        "submitted_at_utc": f"{first.submission.submitted_at:%Y-%m-%d %H:%M:%S}",
    }


def test_each_participant_is_there_once(adams_browser: Client, box: BallotBox, bob: User) -> None:
    found = rows(adams_browser, box, "participants")
    assert {row["username"]: row["ballots"] for row in found} == {"alice": "3", "bob": "1"}
    assert str(bob.pk) in [row["participant"] for row in found]


@pytest.mark.parametrize("portion", [1, 2, 3, 4, 5])
def test_none_is_lost_between_two_portions(box: BallotBox, portion: int) -> None:
    submit(box, UserFactory.create(), 1)
    box.refresh_from_db()
    assert [row[0] for row in tables.list_ballots(box, portion)] == [1, 2, 3, 4, 5]
    participants = [row[1] for row in tables.list_participants(box, portion)]
    assert len(set(participants)) == len(participants) == 3


def test_what_comes_in_meanwhile_is_not_in_it(box: BallotBox, alice: User) -> None:
    listed = tables.list_ballots(box)
    next(listed)
    submit(box, alice, 1)
    assert len(list(listed)) == 3


@pytest.mark.parametrize("name", FILES)
def test_a_lottery_without_ballots(adams_browser: Client, name: str) -> None:
    assert rows(adams_browser, BoxFactory.create(), name) == []


@pytest.mark.parametrize("name", FILES)
def test_who_takes_it_along_is_written_down(
    adams_browser: Client, box: BallotBox, name: str
) -> None:
    rows(adams_browser, box, name)
    entry = AuditEntry.objects.latest("id")
    assert (entry.who, entry.verb, entry.key) == ("adam", "export", str(box.pk))
    assert entry.new == {"file": f"{name}-{box.lottery.closure_date}.csv"}


@pytest.mark.parametrize("name", FILES)
def test_whoever_may_not_read_ballots_gets_none(
    alices_browser: Client, adams_browser: Client, adam: User, box: BallotBox, name: str
) -> None:
    adam.groups.clear()
    for browser, status in [(alices_browser, 302), (adams_browser, 403)]:
        assert browser.get(address(box, name)).status_code == status
    assert not AuditEntry.objects.filter(verb="export").exists()


def test_the_lottery_in_the_admin_leads_there(adams_browser: Client, box: BallotBox) -> None:
    change = reverse("admin:lotteries_lottery_change", args=[box.pk])
    page = adams_browser.get(change).content.decode()
    for name in FILES:
        assert f'href="{address(box, name)}"' in page
