"""The results as files: one that everybody may read, and one with what admins know."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import User
from accounts.tests.csv_files import read_csv
from accounts.tests.factories import UserFactory
from ballots import tables
from ballots.models import BallotBox, Draw, DrawnBallot, Holding
from ballots.tests.factories import BoxFactory, draw, open_box, pass_over, submit

PUBLIC = reverse("ballots:results_file")
OF_ADMINS = reverse("admin:ballots_draw_results")


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    """Three places, which alice, bob and one more hold in some order; a fourth is left."""
    box = BoxFactory.create(name="tan octopus lottery", prize="A bicycle\nand a bell", places=3)
    for participant in (alice, bob, *UserFactory.create_batch(2)):
        submit(box, participant, 2)
    draw(box)
    return BallotBox.objects.with_results().get(pk=box.pk)


def results(client: Client) -> list[dict[str, str]]:
    return read_csv(client.get(PUBLIC))


def holders() -> Any:
    return DrawnBallot.objects.standing().order_by("place")


def test_each_place_is_a_row(stranger: Client, box: BallotBox) -> None:
    found = results(stranger)
    assert [row["place"] for row in found] == ["1", "2", "3"]
    assert [row["holder"] for row in found] == [each.username for each in holders()]
    first = holders().first()
    assert found[0] == {
        "date": str(box.lottery.closure_date),
        "lottery": "tan octopus lottery",
        "prize": "A bicycle",
        "place": "1",
        "holder": first.username,
        "number": str(first.number),
        "ballots": "8",
        "handed_over_on": "",
    }


def test_they_are_by_date_and_no_place_is_left_out(stranger: Client, box: BallotBox) -> None:
    """Not one that nobody holds, nor that of a lottery without ballots."""
    later = BoxFactory.create(closure_date=box.lottery.closure_date + timedelta(days=1), places=2)
    submit(later, User.objects.get(username="alice"), 3)
    draw(later)
    draw(BoxFactory.create(closure_date=box.lottery.closure_date - timedelta(days=1)))
    open_box()
    found = results(stranger)
    assert [row["place"] for row in found] == ["1", "1", "2", "3", "1", "2"]
    assert [row["holder"] for row in found][-2:] == ["alice", ""]
    assert (found[0]["holder"], found[0]["ballots"]) == ("", "0")
    assert [row["date"] for row in found] == sorted(row["date"] for row in found)


def test_whoever_wants_the_code_alone_is_shown_by_it(stranger: Client, alice: User) -> None:
    User.objects.update(is_shown_by_code=True)
    alice.refresh_from_db()
    box = BoxFactory.create()
    submit(box, alice)
    draw(box)
    (row,) = results(stranger)
    assert row["holder"] == str(alice.pk)


def test_a_name_stays_as_it_was_at_the_draw(stranger: Client, box: BallotBox) -> None:
    before = results(stranger)
    User.objects.filter(username="alice").update(username="somebody else")
    assert results(stranger) == before


def test_whoever_was_passed_over_is_in_it_no_more(stranger: Client, box: BallotBox) -> None:
    first = holders().first()
    pass_over(box.lottery, number=first.number)
    row, *_ = results(stranger)
    assert (row["place"], row["number"]) == ("1", str(holders().first().number))
    assert first.username not in [each["holder"] for each in results(stranger)]


def test_a_prize_that_was_handed_over(stranger: Client, box: BallotBox) -> None:
    at = timezone.now()
    Holding.objects.filter(drawn__place=2).update(handed_over_at=at)
    found = [row["handed_over_on"] for row in results(stranger)]
    assert found == ["", str(timezone.localdate(at)), ""]


def test_a_damaged_lottery_hides_no_other(stranger: Client, box: BallotBox, alice: User) -> None:
    other = BoxFactory.create(closure_date=box.lottery.closure_date + timedelta(days=1))
    submit(other, alice)
    draw(other)
    Draw.objects.filter(pk=box.pk).update(beacon_signature="x" * 96)
    damaged, whole = results(stranger)
    assert (damaged["holder"], damaged["place"]) == ("its data is damaged", "")
    assert whole["holder"] == "alice"


@pytest.mark.parametrize("portion", [1, 2, 3, 4])
def test_none_is_lost_between_two_portions(box: BallotBox, alice: User, portion: int) -> None:
    for days in (1, 2):
        other = BoxFactory.create(closure_date=box.lottery.closure_date + timedelta(days=days))
        submit(other, alice)
        draw(other)
    for rows in (tables.list_results(portion), tables.list_holders(portion)):
        found = [(row[0], row[3]) for row in rows]
        assert len(set(found)) == len(found) == 5


def test_it_is_for_everybody_and_never_out_of_date(stranger: Client, box: BallotBox) -> None:
    answer = stranger.get(PUBLIC)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, no-cache"
    head = stranger.head(PUBLIC)
    assert head.headers == answer.headers
    assert list(head.streaming_content) == []  # type: ignore[attr-defined]
    assert f'href="{PUBLIC}"' in stranger.get(reverse("ballots:results")).content.decode()


# --- For admins


def test_admins_get_all_who_held_a_place_and_what_became_of_it(
    adams_browser: Client, box: BallotBox
) -> None:
    first = holders().first()
    passed, _ = first.participant, pass_over(box.lottery, number=first.number)
    passed.username = "a new name"
    passed.save()
    at = timezone.now()
    Holding.objects.filter(drawn__place=2).update(answer="claimed", answered_at=at, contact="5 55")
    found = read_csv(adams_browser.get(OF_ADMINS))
    assert [row["place"] for row in found] == ["1", "2", "3", "1"]
    assert (found[0]["username"], found[0]["shown_as"]) == ("a new name", first.username)
    assert found[0]["reason"] == "Could not be reached: moved away, no address"
    assert found[0]["participant"] == str(passed.pk)
    assert (found[1]["answer"], found[1]["reason"]) == ("claimed", "")
    assert "5 55" not in str(found)


def test_who_takes_them_along_is_written_down(adams_browser: Client, box: BallotBox) -> None:
    read_csv(adams_browser.get(OF_ADMINS))
    entry = AuditEntry.objects.latest("id")
    assert (entry.who, entry.verb, entry.name) == ("adam", "export", "all draws")


def test_whoever_may_not_read_draws_gets_none(adams_browser: Client, adam: User) -> None:
    adam.groups.clear()
    assert adams_browser.get(OF_ADMINS).status_code == 403
    assert not AuditEntry.objects.filter(verb="export").exists()


def test_the_list_of_draws_leads_there(adams_browser: Client, box: BallotBox) -> None:
    page = adams_browser.get(reverse("admin:ballots_draw_changelist")).content.decode()
    assert f'href="{OF_ADMINS}"' in page
