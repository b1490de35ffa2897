"""Passing over: in public, and the next person in the same order gets the place."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.checkers import verify_draw
from ballots.models import BallotBox, DrawnBallot
from ballots.public.records import record
from ballots.refusals import LotteryNotClosed, NoWinner, PassOverRefused
from ballots.tests.factories import BoxFactory, draw, open_box, pass_over, reload, submit
from ballots.verification.differences import find_differences


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    """Four people have two ballots each; one wins."""
    box = BoxFactory.create()
    for participant in (alice, bob, *UserFactory.create_batch(2)):
        submit(box, participant, 2)
    draw(box)
    return reload(box)


def standing(box: BallotBox) -> int:
    ballot = reload(box).winner
    assert ballot
    return ballot.number


def passed_over() -> QuerySet[DrawnBallot]:
    return DrawnBallot.objects.exclude(passed_over_at=None)


def url(box: BallotBox) -> str:
    return reverse("admin:lotteries_lottery_pass_over", args=[box.pk])


def test_the_next_person_of_the_order_wins(box: BallotBox) -> None:
    owners = {ballot.number: ballot.participant for ballot in box.ballots.all()}
    people = list(dict.fromkeys(owners[number] for number in box.draw.order()))
    for person in people[:2]:
        winner = reload(box).winner
        assert winner
        assert winner.participant == person
        pass_over(box.lottery, number=winner.number)
    assert [each.participant for each in reload(box).draw.holders] == people[:3]
    assert [each.is_standing for each in reload(box).draw.holders] == [False, False, True]


def test_nothing_is_overwritten_but_that_somebody_was_passed_over(box: BallotBox) -> None:
    before: dict[str, Any] = dict(DrawnBallot.objects.values().get(place=1))
    pass_over(box.lottery, number=standing(box))
    after: dict[str, Any] = dict(DrawnBallot.objects.values().get(pk=before["id"]))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"passed_over_at", "ground", "reason"}


def test_the_record_has_the_history_and_holds(box: BallotBox) -> None:
    pass_over(box.lottery, number=standing(box), reason="declined by phone")
    made = record(reload(box))
    reasons = [row["passed_over"] for row in made["drawn"] if row["place"]]
    assert reasons == ["Could not be reached: declined by phone", None]
    assert all(step.holds for step in verify_draw.check_record(made))
    assert list(find_differences(reload(box))) == []


def test_a_repeat_passes_over_nobody_else(box: BallotBox) -> None:
    first = standing(box)
    pass_over(box.lottery, number=first, reason="declined by phone")
    with pytest.raises(PassOverRefused, match=f"Ballot {first} holds no place now"):
        pass_over(box.lottery, number=first, reason="declined by phone")
    assert passed_over().count() == 1


@pytest.mark.parametrize("reason", ["", "   ", "too short", "x" * 401, "a\0b", "a\u202eb"])
def test_it_takes_a_reason_that_can_be_read(box: BallotBox, reason: str) -> None:
    with pytest.raises(PassOverRefused, match="Give a reason"):
        pass_over(box.lottery, number=standing(box), reason=reason)
    assert not passed_over().exists()


def test_a_place_stays_vacant_where_nobody_is_left(alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 2)
    draw(box)
    pass_over(box.lottery, number=standing(box))
    assert reload(box).winner is None
    assert DrawnBallot.objects.count() == 2
    assert list(find_differences(reload(box))) == []


@pytest.mark.parametrize("is_drawn", [True, False])
def test_without_a_winner_there_is_nobody_to_pass_over(db: None, is_drawn: bool) -> None:
    box = BoxFactory.create()
    if is_drawn:
        draw(box)
    with pytest.raises(NoWinner if is_drawn else LotteryNotClosed):
        pass_over(box.lottery, number=1, reason="declined by phone")


# --- The page and the results


def test_the_page_shows_who_was_passed_over_and_why(stranger: Client, box: BallotBox) -> None:
    first = reload(box).winner
    pass_over(box.lottery, number=standing(box), reason="no <such> address")
    page = stranger.get(reverse("ballots:lottery", args=[box.lottery.closure_date]))
    shown = page.content.decode()
    assert "“Could not be reached: no &lt;such&gt; address”" in shown
    assert first
    assert f"Ballot {first.number} of {first.shown_as} was drawn before" in shown
    assert f"won with ballot\n      {standing(box)}" in shown


def test_whoever_was_passed_over_has_not_won_any_more(box: BallotBox, alice: User) -> None:
    while not DrawnBallot.objects.filter(participant=alice).exclude(passed_over_at=None):
        pass_over(box.lottery, number=standing(box))
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert "passed over" in client.get(reverse("ballots:my_ballots")).content.decode()


# --- The admin


def test_an_admin_is_asked_and_passes_over(adams_browser: Client, box: BallotBox) -> None:
    number = standing(box)
    asked = adams_browser.get(url(box)).content.decode()
    assert f"ballot {number} of" in asked
    assert "Everybody can read it" in asked
    form = {"number": number, "ground": "unreached", "reason": "no such address"}
    shown = adams_browser.post(url(box), form, follow=True).content.decode()
    assert f"Ballot {standing(box)} of" in shown
    assert standing(box) != number
    assert passed_over().get().passed_over_by == User.objects.get(username="adam")
    assert LogEntry.objects.get().get_change_message() == "Passed over the holder of a place."


def test_a_double_click_passes_over_one(adams_browser: Client, box: BallotBox) -> None:
    form = {"number": standing(box), "ground": "unreached", "reason": "no such address"}
    adams_browser.post(url(box), form)
    again = adams_browser.post(url(box), form)
    assert "holds no place now" in again.content.decode()
    assert passed_over().count() == 1


@pytest.mark.parametrize("form", [{}, {"reason": ""}, {"number": "x", "reason": "x"}])
def test_it_says_what_is_missing(
    adams_browser: Client, box: BallotBox, form: dict[str, str]
) -> None:
    assert adams_browser.post(url(box), form).status_code == 200
    assert not passed_over().exists()


def test_an_admin_without_the_permission_may_not(
    adams_browser: Client, adam: User, box: BallotBox
) -> None:
    adam.groups.clear()
    assert adams_browser.post(url(box), {"number": 1, "reason": "x"}).status_code == 403


def test_a_lottery_without_a_winner_says_so(adams_browser: Client) -> None:
    assert "has no winner" in adams_browser.get(url(open_box())).content.decode()


def test_the_lottery_leads_there(adams_browser: Client, box: BallotBox) -> None:
    change = reverse("admin:lotteries_lottery_change", args=[box.pk])
    page = reverse("ballots:lottery", args=[box.lottery.closure_date])
    for path in (change, page):
        assert url(box) in adams_browser.get(path).content.decode()


# --- The command


def run(box: BallotBox, number: int, reason: str) -> str:
    out, date = StringIO(), str(box.lottery.closure_date)
    options = {"date": date, "number": number, "ground": "unreached", "reason": reason}
    call_command("pass_over", **options, stdout=out)
    return out.getvalue()


def test_the_command_says_who_wins_now(box: BallotBox) -> None:
    said = run(box, standing(box), "declined by phone")
    assert f"Ballot {standing(box)} of" in said
    assert passed_over().get().passed_over_by is None


def test_the_command_refuses_what_the_page_refuses(box: BallotBox) -> None:
    with pytest.raises(CommandError, match="Give a reason"):
        run(box, standing(box), " ")
    with pytest.raises(CommandError, match="holds no place now"):
        run(box, standing(box) % 8 + 1, "declined by phone")
