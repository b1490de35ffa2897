"""Passing over: a holder is passed over in public, and the next person of the same order holds."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.checkers import verify_draw
from ballots.day_after import pass_over
from ballots.models import Answer, BallotBox, DrawnBallot, Ground, Holding
from ballots.public.records import record
from ballots.refusals import (
    DeadlineStillToCome,
    HandedOver,
    HolderHasClaimed,
    LotteryNotClosed,
    NotAHolder,
    NoWinner,
    ReasonRefused,
)
from ballots.tests.factories import BoxFactory, draw, reload, submit
from ballots.verification.differences import find_differences

DAY = timedelta(days=1)
WHY = "an employee of the organiser"


def fill(box: BallotBox, *people: User) -> BallotBox:
    """Each of them has two ballots, and the first one two more; then it is drawn."""
    for participant in (*people, people[0]):
        submit(box, participant, 2)
    draw(box)
    return reload(box)


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    """With two places and three people."""
    return fill(BoxFactory.create(places=2), alice, bob, UserFactory.create(username="carol"))


def holder(box: BallotBox, place: int = 1) -> DrawnBallot:
    found = reload(box).draw.places[place - 1].holder
    assert found
    return found


def set_aside(box: BallotBox, number: int, ground: Ground = Ground.INELIGIBLE, **how: Any) -> None:
    pass_over(box.lottery, number=number, ground=ground, **{"reason": WHY} | how)


def test_the_next_person_of_the_order_gets_the_place(box: BallotBox) -> None:
    owners = {each.number: each.participant for each in box.ballots.select_related("submission")}
    people = list(dict.fromkeys(owners[number] for number in box.draw.order()))
    assert [holder(box, place).participant for place in (1, 2)] == people[:2]
    set_aside(box, holder(box).number)
    assert [holder(box, place).participant for place in (1, 2)] == [people[2], people[1]]


def test_nobody_passed_over_holds_a_place_again(box: BallotBox) -> None:
    held = []
    while winner := reload(box).winner:
        held.append(winner.participant)
        set_aside(box, winner.number)
    assert len(held) == len(set(held)) == 2
    assert holder(box, 2).participant not in held


def test_where_nobody_is_left_the_place_stays_vacant(alice: User) -> None:
    box = fill(BoxFactory.create(), alice)
    set_aside(box, holder(box).number)
    assert reload(box).winner is None
    assert reload(box).outcome == "Nobody holds the place: nobody is left to draw."
    assert list(find_differences(reload(box))) == []


def test_nothing_that_was_taken_is_overwritten(box: BallotBox) -> None:
    columns = ("position", "ballot", "participant", "username", "place", "taken_at", "after")
    before = list(DrawnBallot.objects.values_list(*columns))
    set_aside(box, holder(box).number)
    assert list(DrawnBallot.objects.values_list(*columns))[: len(before)] == before


def test_the_record_shows_why_and_holds(box: BallotBox) -> None:
    first = holder(box)
    set_aside(box, first.number)
    made = record(reload(box))
    shown = {each["number"]: each["passed_over"] for each in made["drawn"] if each["place"]}
    assert shown.pop(first.number) == f"Not eligible: {WHY}"
    assert set(shown.values()) == {None}
    assert all(step.holds for step in verify_draw.check_record(made))
    assert list(find_differences(reload(box))) == []


def test_a_repeat_passes_over_nobody_else(box: BallotBox) -> None:
    number = holder(box).number
    set_aside(box, number)
    with pytest.raises(NotAHolder, match=f"Ballot {number} holds no place now"):
        set_aside(box, number)
    assert DrawnBallot.objects.exclude(passed_over_at=None).count() == 1


@pytest.mark.parametrize("is_drawn", [True, False])
def test_without_a_winner_there_is_nobody_to_pass_over(db: None, is_drawn: bool) -> None:
    box = BoxFactory.create()
    if is_drawn:
        draw(box)
    with pytest.raises(NoWinner if is_drawn else LotteryNotClosed):
        set_aside(box, 1)


# --- The reason


@pytest.mark.parametrize("reason", ["", "   ", "too short", "x" * 301, "a\0b" * 9, "\u202e" * 20])
def test_it_takes_a_reason_that_can_be_read(box: BallotBox, reason: str) -> None:
    with pytest.raises(ReasonRefused, match="Give a reason"):
        set_aside(box, holder(box).number, reason=reason)
    assert not DrawnBallot.objects.exclude(passed_over_at=None).exists()


@pytest.mark.parametrize(
    ("ground", "public"),
    [
        (Ground.INELIGIBLE, "Not eligible: told on the phone"),
        (Ground.DECLINED, "Declined: told on the phone"),
        (Ground.UNREACHED, "Could not be reached: told on the phone"),
    ],
)
def test_the_reason_begins_with_the_ground(box: BallotBox, ground: Ground, public: str) -> None:
    set_aside(box, holder(box).number, ground, reason="  told on  the phone ")
    gone = DrawnBallot.objects.exclude(passed_over_at=None).get()
    assert (gone.ground, gone.reason) == (ground, public)


def test_a_reason_of_the_most_characters_is_stored(box: BallotBox) -> None:
    set_aside(box, holder(box).number, Ground.UNREACHED, reason="x" * 300)
    assert DrawnBallot.objects.get(ground=Ground.UNREACHED).reason.endswith("x" * 300)


# --- Who may be passed over, on which ground and when

EITHER = (Ground.INELIGIBLE, Ground.DECLINED, Ground.UNREACHED)
TABLE: dict[str, dict[Ground, Any]] = {
    "not answered, without a deadline": dict.fromkeys(EITHER),
    "not answered, in time": {
        Ground.INELIGIBLE: None,
        Ground.DECLINED: None,
        Ground.UNREACHED: DeadlineStillToCome,
    },
    "not told yet": {
        Ground.INELIGIBLE: None,
        Ground.DECLINED: None,
        Ground.UNREACHED: DeadlineStillToCome,
    },
    "not answered, too late": dict.fromkeys(EITHER),
    "claimed": {
        Ground.INELIGIBLE: None,
        Ground.DECLINED: HolderHasClaimed,
        Ground.UNREACHED: HolderHasClaimed,
    },
    "handed over": dict.fromkeys(EITHER, HandedOver),
}
CASES = [(kind, ground, TABLE[kind][ground]) for kind in TABLE for ground in EITHER]


def held_place(kind: str, *people: User) -> BallotBox:
    """A drawn lottery whose holder of place 1 is in this state at its closing time."""
    days = 0 if kind == "not answered, without a deadline" else 7
    box = fill(BoxFactory.create(claim_days=days), *people)
    number, closes_at = holder(box).number, box.lottery.closes_at
    holding = Holding.objects.filter(drawn__ballot__number=number, drawn__draw=box.pk)
    claimed = {"answer": Answer.CLAIMED, "answered_at": closes_at}
    states: dict[str, dict[str, Any]] = {
        "not answered, in time": {"told_at": closes_at, "claim_until": closes_at + DAY},
        "not told yet": {"told_at": None, "claim_until": None},
        "not answered, too late": {"told_at": closes_at, "claim_until": closes_at},
        "claimed": claimed,
        "handed over": claimed | {"handed_over_at": closes_at},
    }
    holding.update(**states.get(kind, {"claim_until": None}))
    return box


@pytest.mark.parametrize(("kind", "ground", "refusal"), CASES)
def test_who_may_be_passed_over(
    alice: User, bob: User, kind: str, ground: Ground, refusal: Any
) -> None:
    box = held_place(kind, alice, bob)
    number = holder(box).number

    def attempt() -> None:
        set_aside(box, number, ground, clock=lambda: box.lottery.closes_at)

    if refusal:
        with pytest.raises(refusal):
            attempt()
        assert holder(box).number == number
    else:
        attempt()
        assert holder(box).number != number


# --- The page and the results


def test_the_page_shows_who_was_passed_over_and_why(stranger: Client, box: BallotBox) -> None:
    first = holder(box)
    set_aside(box, first.number, reason="could not be <reached>")
    page = stranger.get(reverse("ballots:lottery", args=[box.lottery.closure_date]))
    shown = page.content.decode()
    assert "could not be &lt;reached&gt;" in shown
    assert first.shown_as in shown
    assert holder(box).shown_as in shown


def test_whoever_was_passed_over_reads_it_among_their_ballots(
    alices_browser: Client, alice: User, bob: User
) -> None:
    box = fill(BoxFactory.create(places=2), alice, bob)
    (number,) = [each.number for each in box.draw.holders if each.participant == alice]
    set_aside(box, number)
    assert "passed over" in alices_browser.get(reverse("ballots:my_ballots")).content.decode()
