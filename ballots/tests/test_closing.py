"""The verb that closes a lottery and draws its winner."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from accounts.models import User
from ballots.life import close_lottery
from ballots.models import LATE, Ballot, BallotBox, Draw, State
from ballots.refusals import LotteryStillOpen
from ballots.tests.factories import MIDNIGHT, NOON, BoxFactory, draw, reload, submit
from lotteries.models import Lottery
from lotteries.refusals import LotteryWithdrawn

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def box(db: None) -> BallotBox:
    return BoxFactory.create(closure_date=NOON.date())


def test_it_seals_the_box_and_draws_one_of_its_ballots(box: BallotBox, alice: User) -> None:
    submit(box, alice, 9)
    made = draw(box, at=MIDNIGHT)
    assert made.winner
    assert made.winner.ballot in Ballot.objects.filter(box=box)
    assert made.drawn_at == MIDNIGHT
    assert reload(box).sealed_at == MIDNIGHT


def test_the_winner_follows_from_the_seed(alice: User) -> None:
    """The numbers of this draw, by hand: another seed lets another ballot win."""
    winners = Counter(winner_with(seed, alice) for seed in range(40))
    assert set(winners) == {1, 2, 3}


def winner_with(seed: int, alice: User) -> int:
    box = BoxFactory.create(random_bytes=lambda size: bytes([seed]) * size)
    submit(box, alice, 3)
    ballot = draw(box).winner
    assert ballot
    return ballot.number


def test_a_second_call_returns_the_first_draw(box: BallotBox, alice: User) -> None:
    submit(box, alice, 9)
    first = draw(box, at=MIDNIGHT)
    again = draw(box, at=MIDNIGHT + timedelta(days=1))
    assert (again, again.winner) == (first, first.winner)
    assert again.drawn_at == reload(box).sealed_at == MIDNIGHT


def test_an_empty_box_is_drawn_without_a_winner(box: BallotBox) -> None:
    assert draw(box).winner is None
    assert reload(box).state(MIDNIGHT) == State.DRAWN_EMPTY


def test_it_refuses_before_the_closing_time(box: BallotBox) -> None:
    with pytest.raises(LotteryStillOpen, match="open until 2020-03-01 00:00 UTC"):
        draw(box, at=MIDNIGHT - SECOND)
    assert reload(box).sealed_at is None
    assert not Draw.objects.exists()


def test_early_closing_is_public_in_the_record(box: BallotBox, alice: User) -> None:
    submit(box, alice)
    close_lottery(box.lottery, early=True, clock=lambda: NOON)
    assert reload(box).closed_early
    assert reload(box).state(NOON) == State.DRAWN


def test_closing_in_time_is_not_early_even_when_it_was_allowed(box: BallotBox) -> None:
    close_lottery(box.lottery, early=True, clock=lambda: MIDNIGHT)
    assert not reload(box).closed_early


def test_a_lottery_that_does_not_exist(db: None) -> None:
    with pytest.raises(LotteryWithdrawn):
        close_lottery(Lottery(id=uuid4(), closure_date=MIDNIGHT.date()))


def test_the_state_follows_from_clock_seal_and_draw(box: BallotBox, alice: User) -> None:
    submit(box, alice)
    assert reload(box).state(MIDNIGHT - SECOND) == State.OPEN
    assert reload(box).state(MIDNIGHT) == State.DUE
    draw(box)
    assert reload(box).state(MIDNIGHT) == State.DRAWN


@pytest.mark.parametrize("at", [NOON, MIDNIGHT - SECOND, MIDNIGHT, MIDNIGHT + LATE])
def test_the_queries_agree_with_the_state(alice: User, at: datetime) -> None:
    won, empty, _ = (BoxFactory.create(closure_date=NOON.date() + n * DAY) for n in (-2, -1, 0))
    submit(won, alice)
    draw(won)
    draw(empty)
    boxes = BallotBox.objects.with_results()
    for state in State:
        found = set(BallotBox.objects.in_state(state, at))
        assert found == {box for box in boxes if box.state(at) == state}


def test_a_draw_is_overdue_after_half_an_hour(box: BallotBox) -> None:
    assert not BallotBox.objects.overdue(MIDNIGHT + LATE - SECOND).exists()
    assert BallotBox.objects.overdue(MIDNIGHT + LATE).exists()
    draw(box)
    assert not BallotBox.objects.overdue(MIDNIGHT + LATE).exists()
