"""The deadline: whoever did not claim in time is passed over by the scheduled command."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.claiming import claim
from ballots.day_after import hand_over
from ballots.models import LATE, BallotBox, DrawnBallot, Ground, Holding
from ballots.public.records import record
from ballots.tests.factories import BoxFactory, reload, submit
from ballots.tests.winning import WORDS, drawn_box, drawn_of, holder, page, winner_and_other
from ballots.unclaimed import pass_over_unclaimed

WEEK, MOMENT = timedelta(days=7), timedelta(microseconds=1)
HEALTH = reverse("ballots:health")


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    """Drawn a week ago to the second: the time to claim is over."""
    return drawn_week_ago(alice, bob)


def drawn_week_ago(*people: User, places: int = 1, later: timedelta = timedelta(0)) -> BallotBox:
    submissions = [(person, 2) for person in people]
    return drawn_box(*submissions, at=timezone.now() - WEEK + later, claim_days=7, places=places)


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("close_lotteries", *arguments, stdout=output)
    return output.getvalue()


def until(box: BallotBox) -> datetime:
    moment = holder(box).holding.claim_until
    assert moment
    return moment


def test_at_the_moment_and_not_before(box: BallotBox, alice: User, bob: User) -> None:
    first, second = winner_and_other(box, alice, bob)
    moment = until(box)
    assert pass_over_unclaimed(box.lottery, clock=lambda: moment - MOMENT) == []
    assert [drawn.participant for drawn in pass_over_unclaimed(box.lottery, clock=lambda: moment)]
    passed_over = drawn_of(box, first)
    assert (passed_over.ground, passed_over.reason) == (
        Ground.UNCLAIMED,
        "Did not claim in time.",
    )
    assert holder(box).participant == second
    assert until(box) == moment + WEEK  # the next one has as long


def test_a_repeat_passes_over_nobody_else(box: BallotBox) -> None:
    moment = until(box)
    for _ in range(3):
        pass_over_unclaimed(box.lottery, clock=lambda: moment)
    assert DrawnBallot.objects.exclude(passed_over_at=None).count() == 1


@pytest.mark.parametrize("is_claimed", [True, False])
def test_who_claimed_or_has_the_prize_keeps_the_place(box: BallotBox, is_claimed: bool) -> None:
    moment, kept = until(box), holder(box)
    if is_claimed:
        claim(box.lottery, kept.participant, **WORDS, clock=lambda: moment - MOMENT)
    else:
        hand_over(box.lottery, number=kept.number)
    assert pass_over_unclaimed(box.lottery, clock=lambda: moment + WEEK) == []
    assert holder(box) == kept


def test_of_several_places_each_goes_on(alice: User, bob: User) -> None:
    others = UserFactory.create_batch(3)
    box = drawn_week_ago(alice, bob, *others, places=2)
    before = {holder(box, place).participant_id for place in (1, 2)}
    passed_over = pass_over_unclaimed(box.lottery)
    assert {drawn.participant_id for drawn in passed_over} == before
    after = {holder(box, place).participant_id for place in (1, 2)}
    assert len(after) == 2
    assert not before & after


def test_the_record_gives_the_reason(box: BallotBox) -> None:
    pass_over_unclaimed(box.lottery)
    reasons = [drawn["passed_over"] for drawn in record(reload(box))["drawn"] if drawn["place"]]
    assert reasons == ["Did not claim in time.", None]


def test_the_command_passes_over_and_says_who_is_next(
    box: BallotBox, alice: User, bob: User
) -> None:
    first, second = winner_and_other(box, alice, bob)
    number = holder(box).number
    foretold = run("--dry-run")
    assert f"place 1, ballot {number} of {first}: would be passed over" in foretold
    said = run()
    assert f"place 1, ballot {number} of {first}: passed over, not claimed in time" in said
    assert f"Ballot {holder(box).number} of {second} wins." in said
    assert run() == run("--dry-run") == "Nothing is due.\n"


def test_the_command_writes_it_down(box: BallotBox) -> None:
    run()
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.door, entry.participant) == ("pass over", "command", None)
    assert entry.new["reason"] == "Did not claim in time."


def test_a_dry_run_changes_nothing(box: BallotBox) -> None:
    before = list(DrawnBallot.objects.values())
    run("--dry-run")
    assert list(DrawnBallot.objects.values()) == before


def test_one_failure_stops_no_other(
    box: BallotBox, alice: User, bob: User, caplog: pytest.LogCaptureFixture
) -> None:
    sound = drawn_week_ago(alice, bob)
    BallotBox.objects.filter(pk=box.pk).update(ballot_count=2**31 - 1)  # ballots are missing
    with pytest.raises(CommandError, match=f"Not passed over: {box.lottery.closure_date}"):
        run()
    assert holder(box)
    assert DrawnBallot.objects.filter(draw=sound.pk).exclude(passed_over_at=None).exists()
    assert "Nobody could be passed over" in caplog.text


def test_a_failure_keeps_no_lottery_from_its_draw(box: BallotBox, alice: User) -> None:
    BallotBox.objects.filter(pk=box.pk).update(ballot_count=2**31 - 1)
    due = BoxFactory.create()
    submit(due, alice)
    with pytest.raises(CommandError, match="Not passed over"):
        run()
    assert reload(due).is_drawn


@pytest.mark.parametrize(("minutes", "status"), [(-1, 200), (1, 503)])
def test_an_overdue_passing_over_is_unhealthy(
    stranger: Client, box: BallotBox, minutes: int, status: int
) -> None:
    late = timezone.now() - LATE - timedelta(minutes=minutes)
    Holding.objects.update(claim_until=late)
    answer = stranger.get(HEALTH)
    assert answer.status_code == status
    if status == 503:
        day = box.lottery.closure_date
        assert f"A place of {day} was not claimed in time" in answer.json()["reason"]


def test_the_page_gives_the_reason(stranger: Client, box: BallotBox) -> None:
    run()
    assert "“Did not claim in time.”" in stranger.get(page(box, "lottery")).content.decode()
