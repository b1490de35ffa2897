"""At the shell: who holds a place is passed over, or has got the prize."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import User
from ballots.models import BallotBox, DrawnBallot, Holding
from ballots.tests.factories import BoxFactory, day, draw, reload, submit

WHY = "--reason=an employee of the organiser"


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    """With a week to claim."""
    box = BoxFactory.create(claim_days=7)
    for participant in (alice, bob):
        submit(box, participant, 2)
    draw(box)
    Holding.objects.update(claim_until=timezone.now() + timedelta(days=7))
    return reload(box)


def standing(box: BallotBox) -> int:
    winner = reload(box).winner
    assert winner
    return winner.number


def run(name: str, box: BallotBox, number: int, *options: str) -> str:
    out = StringIO()
    call_command(name, f"--date={day(box)}", f"--number={number}", *options, stdout=out)
    return out.getvalue()


def test_passing_over_says_who_holds_now(box: BallotBox) -> None:
    number = standing(box)
    said = run("pass_over", box, number, "--ground=ineligible", WHY)
    assert f"Ballot {standing(box)} of" in said
    gone = DrawnBallot.objects.exclude(passed_over_at=None).get()
    assert (gone.number, gone.ground, gone.passed_over_by) == (number, "ineligible", None)


def test_passing_over_refuses_what_the_page_refuses(box: BallotBox) -> None:
    number = standing(box)
    for options, words in [
        (["--ground=ineligible", "--reason= "], "Give a reason"),
        (["--ground=unreached", WHY], "has time to claim"),
        (["--ground=unclaimed", WHY], "invalid choice"),
    ]:
        with pytest.raises(CommandError, match=words):
            run("pass_over", box, number, *options)
    with pytest.raises(CommandError, match="holds no place now"):
        run("pass_over", box, number % 4 + 1, "--ground=ineligible", WHY)
    assert standing(box) == number


def test_handing_over_is_done_once(box: BallotBox) -> None:
    for _ in range(2):
        said = run("hand_over", box, standing(box))
        assert f"The prize of ballot {standing(box)} was handed over." in said
    assert Holding.objects.exclude(handed_over_at=None).count() == 1
    assert [each.verb for each in AuditEntry.objects.all()] == ["hand over"]


def test_handing_over_refuses_whoever_holds_nothing(box: BallotBox) -> None:
    with pytest.raises(CommandError, match="holds no place now, and nothing was done"):
        run("hand_over", box, standing(box) % 4 + 1)
    assert not Holding.objects.exclude(handed_over_at=None).exists()
