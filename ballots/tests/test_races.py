"""Many at once, each with a connection of its own."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event
from time import sleep
from typing import TypeVar
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.tests.factories import UserFactory
from accounts.tests.racing import at_once
from ballots.life import (
    close_lottery,
    draw_lottery,
    open_lottery,
    plan_lotteries,
    submit_ballots,
)
from ballots.models import Ballot, BallotBox, Draw, DrawnBallot, Submission
from ballots.refusals import LotteryClosed, LotteryStillOpen, PassOverRefused
from ballots.tests.factories import (
    ANSWER,
    MIDNIGHT,
    NOON,
    BoxFactory,
    draw,
    pass_over,
    sealed_box,
    submit,
)
from ballots.tests.invariants import assert_sound
from lotteries.models import Lottery

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
BEFORE_MIDNIGHT = MIDNIGHT - timedelta(milliseconds=1)


def midnight_after(reads: int) -> Callable[[], datetime]:
    """A clock for all threads together: it strikes midnight after so many reads."""
    counter = count(1)
    return lambda: BEFORE_MIDNIGHT if next(counter) <= reads else MIDNIGHT


def only(kind: type[T], outcomes: Iterable[object]) -> list[T]:
    return [outcome for outcome in outcomes if isinstance(outcome, kind)]


def test_50_submit_while_4_close() -> None:
    box, people = BoxFactory.create(closure_date=NOON.date()), UserFactory.create_batch(50)
    clock = midnight_after(reads=40)

    def submitting(number: int) -> Callable[[], list[object]]:
        def job() -> list[object]:
            outcomes: list[object] = []
            for quantity in (1, 2, 3):
                try:
                    made, _ = submit_ballots(
                        closure_date=box.lottery.closure_date,
                        participant=people[number],
                        quantity=quantity,
                        token=uuid4(),
                        clock=clock,
                    )
                    outcomes.append(made)
                except LotteryClosed as refusal:
                    outcomes.append(refusal)
            return outcomes

        return job

    def closing() -> list[object]:
        while True:
            try:
                return [close_lottery(box.lottery, clock=clock)[0].draw]
            except LotteryStillOpen:
                sleep(0.001)

    jobs = [submitting(number) for number in range(50)] + [closing] * 4
    outcomes = [outcome for job in at_once(*jobs) for outcome in job]  # type: ignore[union-attr]

    receipts, draws = only(Submission, outcomes), only(Draw, outcomes)
    stored = assert_sound(box, receipts)
    assert 0 < len(receipts) <= 40
    assert len(receipts) + len(only(LotteryClosed, outcomes)) == 150
    assert all(made.submitted_at < box.lottery.closes_at for made in receipts)
    assert len(draws) == 4
    assert {made.winner for made in draws} == {stored.winner}
    assert stored.winner
    assert stored.winner.ballot in Ballot.objects.filter(box=box)


def test_8_close_at_once() -> None:
    box = BoxFactory.create(closure_date=NOON.date())
    submit(box, UserFactory.create(), 20)
    draws = only(Draw, at_once(*[lambda: draw(box)] * 8))
    assert len(draws) == 8
    assert len({(made.winner, made.drawn_at) for made in draws}) == 1
    assert_sound(box)


def test_a_form_sent_8_times_at_once_makes_its_ballots_once() -> None:
    box, alice, token = BoxFactory.create(), UserFactory.create(), uuid4()
    made = only(Submission, at_once(*[lambda: submit(box, alice, 3, token=token)] * 8))
    assert len(made) == 8
    assert len(set(made)) == 1
    assert_sound(box, made[:1])
    assert Ballot.objects.count() == 3


def test_a_submission_that_waits_at_the_lock_over_midnight_is_refused() -> None:
    box, alice = BoxFactory.create(closure_date=NOON.date()), UserFactory.create()
    now, is_locked = [BEFORE_MIDNIGHT], Event()

    def holding() -> None:
        with transaction.atomic():
            BallotBox.objects.lock(box.lottery)
            is_locked.set()
            sleep(0.5)
            now[0] = MIDNIGHT

    def waiting() -> Submission:
        is_locked.wait()
        return submit_ballots(
            closure_date=box.lottery.closure_date,
            participant=alice,
            quantity=1,
            token=uuid4(),
            clock=lambda: now[0],
        )[0]

    _, outcome = at_once(holding, waiting)
    assert isinstance(outcome, LotteryClosed)
    assert assert_sound(box).ballot_count == 0


def test_a_draw_waits_for_the_submission_that_was_first() -> None:
    box, alice = BoxFactory.create(closure_date=NOON.date()), UserFactory.create()
    is_locked = Event()

    def slow_clock() -> datetime:
        is_locked.set()
        sleep(0.5)
        return BEFORE_MIDNIGHT

    def submitting() -> object:
        return submit_ballots(
            closure_date=NOON.date(),
            participant=alice,
            quantity=1,
            token=uuid4(),
            clock=slow_clock,
        )

    def drawing() -> object:
        is_locked.wait()
        return draw(box)

    made = only(Draw, at_once(submitting, drawing))
    assert made[0].winner
    assert made[0].winner.participant == alice
    assert_sound(box)


def test_8_pass_over_the_same_winner_at_once() -> None:
    box = BoxFactory.create()
    submit(box, UserFactory.create(), 20)
    winner = draw(box).winner
    assert winner
    number = winner.number
    outcomes = at_once(*[lambda: pass_over(box.lottery, number=number)] * 8)
    assert len(only(BallotBox, outcomes)) == 1
    assert len(only(PassOverRefused, outcomes)) == 7
    assert DrawnBallot.objects.exclude(passed_over_at=None).count() == 1


def test_8_draw_with_the_round_at_once() -> None:
    box = sealed_box((UserFactory.create(), 20))
    drawn = only(tuple, at_once(*[lambda: draw_lottery(box.lottery, ANSWER)] * 8))
    assert len(drawn) == 8
    assert sum(is_first for _, is_first in drawn) == 1
    assert len({made.draw.drawn_at for made, _ in drawn}) == 1
    assert_sound(box)


def test_two_admins_create_the_lottery_of_one_date() -> None:
    def creating() -> BallotBox:
        return open_lottery(Lottery(closure_date=NOON.date()), at=NOON)

    outcomes = at_once(*[creating] * 6)
    refusals = only(ValidationError, outcomes)
    assert len(only(BallotBox, outcomes)) == 1
    assert len(refusals) == 5
    assert all("already exists" in str(refusal) for refusal in refusals)
    assert BallotBox.objects.count() == Lottery.objects.count() == 1


def test_planners_that_run_at_once_open_each_date_once() -> None:
    at = datetime(2020, 2, 29, tzinfo=UTC)
    opened = at_once(*[lambda: plan_lotteries(5, at=at)] * 4)
    assert sum(len(boxes) for boxes in opened if isinstance(boxes, list)) == 5
    assert only(ValidationError, opened) == []
    assert BallotBox.objects.count() == Lottery.objects.count() == 5
