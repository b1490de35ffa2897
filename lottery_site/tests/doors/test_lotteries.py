"""A lottery is opened, filled, closed, passed over and withdrawn alike at every door."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from ballots.models import BallotBox
from lottery_site.tests.doors.outcomes import DONE, assert_outcome
from lottery_site.tests.doors.ways import Admin, Api, Command, Page

OPENING = [
    ("unknown", "Advent", DONE),
    ("open", "Advent", "A lottery on this date already exists. Choose another date."),
    ("drawn", "Advent", "This date is over. Choose today or a later date."),
    ("over", "Advent", "This date is over. Choose today or a later date."),
    ("out of the calendar", "Advent", "Choose a date before the year 9999."),
    ("unknown", "a" * 101, "at most 100 characters"),
    ("unknown", "Ad\x07vent", "Use letters, digits, spaces and punctuation only."),
]
SUBMITTING = [
    ("open", "1", DONE),
    ("open", "100", DONE),
    ("open", "0", "Choose a number of ballots from 1 to 100."),
    ("open", "101", "Choose a number of ballots from 1 to 100."),
    ("open", "-1", "Choose a number of ballots from 1 to 100."),
    ("due", "1", "This is a closed lottery and takes no more ballots."),
    ("sealed", "1", "This is a closed lottery and takes no more ballots."),
    ("drawn", "1", "This is a closed lottery and takes no more ballots."),
    ("unknown", "1", "Lottery not found. There is no lottery that closes on"),
]
CLOSING = [
    ("open", DONE),
    ("empty", DONE),
    ("due", DONE),
    ("unknown", "not found"),
]
CLOSED = [(kind, "already closed") for kind in ("sealed", "drawn", "drawn without ballots")]
# The command is run again and again: what is closed is no mistake of its caller.
DRAWN = [(kind, "the first draw stays") for kind in ("drawn", "drawn without ballots")]
PASSING_OVER = [
    ("drawn", 0, "moved away, no address", DONE),
    ("drawn", 0, " moved away, no address ", DONE),
    ("drawn", 1, "moved away, no address", "holds no place now"),
    ("drawn", 0, "", "Give a reason."),
    ("drawn", 0, "  ", "Give a reason."),
    ("drawn", 0, "too short", "Use 10 to 300 characters"),
    ("drawn", 0, "a" * 300, DONE),
    ("drawn", 0, "a" * 301, "Give a reason."),
    ("drawn", 0, "moved \x07 away, no address", "Give a reason."),
    ("drawn with one ballot", 0, "moved away, no address", DONE),
    ("drawn without ballots", 1, "moved away, no address", "nobody submitted a ballot"),
    ("open", 1, "moved away, no address", "not closed"),
    ("due", 1, "moved away, no address", "not closed"),
    ("sealed", 1, "moved away, no address", "no winner"),
    ("unknown", 1, "moved away, no address", "not found"),
]
GROUNDS = [
    ("drawn", "ineligible", DONE),
    ("drawn", "declined", DONE),
    ("drawn", "unclaimed", ""),
    ("in time", "ineligible", DONE),
    ("in time", "declined", DONE),
    ("in time", "unreached", "has time to claim"),
    ("claimed", "ineligible", DONE),
    ("claimed", "declined", "has claimed the prize"),
    ("claimed", "unreached", "has claimed the prize"),
    ("handed over", "ineligible", "that place stays as it is"),
]
HANDING_OVER = [
    ("drawn", 0, DONE),
    ("in time", 0, DONE),
    ("claimed", 0, DONE),
    ("handed over", 0, ""),
    ("drawn", 1, "holds no place now"),
    ("drawn without ballots", 1, "nobody submitted a ballot"),
    ("open", 1, "not closed"),
    ("due", 1, "not closed"),
    ("sealed", 1, "no winner"),
    ("unknown", 1, "not found"),
]
WITHDRAWING = [
    ("empty", DONE),
    ("due", DONE),
    ("open", "cannot be withdrawn"),
    ("sealed", "cannot be withdrawn"),
    ("drawn", "cannot be withdrawn"),
    ("drawn without ballots", "cannot be withdrawn"),
]


@pytest.mark.parametrize("door", [Api, Admin])
@pytest.mark.parametrize(("kind", "name", "expected"), OPENING)
def test_opening(
    adam: User, days: dict[str, str], door: Any, kind: str, name: str, expected: str
) -> None:
    assert_outcome(expected, door(adam).open, days[kind], name)


@pytest.mark.parametrize("door", [Page, Api])
@pytest.mark.parametrize(("kind", "quantity", "expected"), SUBMITTING)
def test_submitting(
    bob: User, days: dict[str, str], door: Any, kind: str, quantity: str, expected: str
) -> None:
    assert_outcome(expected, door(bob).submit, days[kind], quantity, str(uuid4()))


@pytest.mark.parametrize("door", [Page, Api])
def test_submitting_again(bob: User, days: dict[str, str], door: Any) -> None:
    way, token = door(bob).submit, str(uuid4())
    assert_outcome(DONE, way, days["open"], "3", token)
    assert_outcome("", way, days["open"], "3", token)
    assert_outcome("was sent before", way, days["open"], "4", token)


@pytest.mark.parametrize("door", [Page, Api])
def test_an_admin_submits_nothing(adam: User, days: dict[str, str], door: Any) -> None:
    way = door(adam).submit
    assert_outcome("Admins cannot submit ballots", way, days["open"], "1", str(uuid4()))


@pytest.mark.parametrize("door", [Api, Admin])
@pytest.mark.parametrize(("kind", "expected"), [*CLOSING, *CLOSED])
def test_closing(adam: User, days: dict[str, str], door: Any, kind: str, expected: str) -> None:
    assert_outcome(expected, door(adam).close, days[kind])


@pytest.mark.parametrize(("kind", "expected"), [*CLOSING, *DRAWN])
def test_closing_by_the_scheduled_command(days: dict[str, str], kind: str, expected: str) -> None:
    assert_outcome(expected, Command().close, days[kind])


@pytest.mark.parametrize("door", [Api, Admin, Command])
@pytest.mark.parametrize(("kind", "ahead", "reason", "expected"), PASSING_OVER)
def test_passing_over(
    adam: User,
    days: dict[str, str],
    door: Any,
    kind: str,
    ahead: int,
    reason: str,
    expected: str,
) -> None:
    number = number_after_the_winners(days[kind], ahead)
    assert_outcome(expected, door(adam).pass_over, days[kind], number, reason)


@pytest.mark.parametrize("door", [Api, Admin, Command])
@pytest.mark.parametrize(("kind", "ground", "expected"), GROUNDS)
def test_the_ground_of_passing_over(
    adam: User, days: dict[str, str], door: Any, kind: str, ground: str, expected: str
) -> None:
    number, reason = number_after_the_winners(days[kind], 0), "moved away, no address"
    assert_outcome(expected, door(adam).pass_over, days[kind], number, reason, ground)


@pytest.mark.parametrize("door", [Api, Admin, Command])
@pytest.mark.parametrize(("kind", "ahead", "expected"), HANDING_OVER)
def test_handing_over(
    adam: User, days: dict[str, str], door: Any, kind: str, ahead: int, expected: str
) -> None:
    number = number_after_the_winners(days[kind], ahead)
    assert_outcome(expected, door(adam).hand_over, days[kind], number)


def number_after_the_winners(date: str, ahead: int) -> int:
    """The number of the winner's ballot, or so many after it."""
    drawn = BallotBox.objects.drawn().filter(lottery__closure_date=date).first()
    winner = drawn.winner if drawn else None
    return (winner.number if winner else 0) + ahead


@pytest.mark.parametrize("door", [Api, Admin])
@pytest.mark.parametrize(("kind", "expected"), WITHDRAWING)
def test_withdrawing(adam: User, days: dict[str, str], door: Any, kind: str, expected: str) -> None:
    assert_outcome(expected, door(adam).withdraw, days[kind])
