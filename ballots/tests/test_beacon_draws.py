"""Lotteries that wait for a beacon: sealed at their closing time, drawn with the round."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ballots.checkers import verify_draw
from ballots.life import close_lottery, draw_lottery
from ballots.models import BallotBox, Draw, State
from ballots.public.records import record
from ballots.refusals import BeaconRefused, LotteryClosed, NoBeaconAwaited
from ballots.tests.beacon_answers import BAD
from ballots.tests.factories import (
    ANSWER,
    ROUND,
    SEALED_AT,
    BoxFactory,
    beacon_box,
    draw,
    sealed_box,
    submit,
)
from lotteries.protocol import drand

OUT_AT = drand.round_time(ROUND)
SECOND = timedelta(seconds=1)


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    return sealed_box((alice, 3), (bob, 2))


def draw_with(box: BallotBox, answer: Any = ANSWER, at: datetime = OUT_AT) -> BallotBox:
    drawn, _ = draw_lottery(box.lottery, answer, clock=lambda: at)
    return drawn


def test_its_round_is_announced_with_it(db: None) -> None:
    lottery = beacon_box().lottery
    assert lottery.beacon == f"drand:{drand.CHAIN}:{ROUND}"
    assert lottery.beacon_time == OUT_AT


def test_it_is_sealed_at_its_closing_time_and_not_drawn(box: BallotBox) -> None:
    assert box.sealed_at == SEALED_AT
    assert not box.is_drawn
    assert box.state(SEALED_AT) == State.SEALED
    assert box in BallotBox.objects.waiting(SEALED_AT)


def test_a_sealed_box_takes_no_more(box: BallotBox, alice: User) -> None:
    with pytest.raises(LotteryClosed):
        submit(box, alice)


def test_the_round_draws_it(box: BallotBox) -> None:
    made = draw_with(box)
    assert made.draw.randomness == ANSWER["randomness"]
    assert made.draw.drawn_at == OUT_AT
    assert made.winner
    made_record = record(BallotBox.objects.with_results().get(pk=box.pk))
    assert all(step.holds for step in verify_draw.check_record(made_record, drand.is_signed))


def test_a_second_answer_changes_nothing(box: BallotBox) -> None:
    first = draw_with(box).draw
    again = draw_with(box, at=OUT_AT + SECOND).draw
    assert (again.drawn_at, again.winner) == (first.drawn_at, first.winner)


@pytest.mark.parametrize("answer", BAD, ids=range(len(BAD)))
def test_an_answer_that_does_not_count_draws_nothing(box: BallotBox, answer: Any) -> None:
    with pytest.raises(BeaconRefused, match="not the announced round of the beacon"):
        draw_with(box, answer)
    assert not Draw.objects.exists()


def test_it_waits_for_the_round(box: BallotBox) -> None:
    with pytest.raises(NoBeaconAwaited, match="comes at 2023-09-15 11:00:03 UTC only"):
        draw_with(box, at=OUT_AT - SECOND)
    assert not Draw.objects.exists()


def test_it_is_sealed_first(db: None) -> None:
    with pytest.raises(NoBeaconAwaited, match="not sealed yet"):
        draw_with(beacon_box())


def test_a_lottery_without_a_beacon_takes_no_round(db: None) -> None:
    with pytest.raises(NoBeaconAwaited, match="drawn without a beacon"):
        draw_with(BoxFactory.create())


def test_closing_again_neither_seals_nor_draws(box: BallotBox) -> None:
    again, _ = close_lottery(box.lottery, clock=lambda: OUT_AT)
    assert again.sealed_at == SEALED_AT
    assert not again.is_drawn


def test_closing_early_does_not_move_the_round(alice: User) -> None:
    box = beacon_box()
    submit(box, alice)
    early = box.lottery.closes_at - timedelta(hours=5)
    box, _ = close_lottery(box.lottery, early=True, clock=lambda: early)
    assert (box.closed_early, box.sealed_late, box.lottery.beacon_round) == (True, False, ROUND)
    assert draw_with(box).winner


@pytest.mark.parametrize(("late", "is_late"), [(-SECOND, False), (0 * SECOND, True)])
def test_sealing_when_the_round_is_out_is_late(db: None, late: timedelta, is_late: bool) -> None:
    made, _ = close_lottery(beacon_box().lottery, clock=lambda: OUT_AT + late)
    assert made.sealed_late is is_late


def test_without_a_beacon_half_an_hour_is_late(db: None) -> None:
    for minutes, is_late in ((29, False), (30, True)):
        box = BoxFactory.create()
        draw(box, at=box.lottery.closes_at + timedelta(minutes=minutes))
        assert BallotBox.objects.get(pk=box.pk).sealed_late is is_late


def test_it_is_overdue_half_an_hour_after_its_round(box: BallotBox) -> None:
    for minutes, is_overdue in ((29, False), (30, True)):
        at = OUT_AT + timedelta(minutes=minutes)
        assert BallotBox.objects.overdue(at).exists() is is_overdue


def test_it_is_overdue_half_an_hour_after_it_should_have_been_sealed(db: None) -> None:
    closes_at = beacon_box().lottery.closes_at
    for minutes, is_overdue in ((29, False), (30, True)):
        at = closes_at + timedelta(minutes=minutes)
        assert BallotBox.objects.overdue(at).exists() is is_overdue


def test_an_empty_box_waits_as_well_and_has_no_winner(db: None) -> None:
    box = draw_with(sealed_box())
    assert box.winner is None
    assert box.state(OUT_AT) == State.DRAWN_EMPTY


def test_the_page_says_what_it_waits_for(stranger: Client, box: BallotBox) -> None:
    page = stranger.get(reverse("ballots:lottery", args=[box.lottery.closure_date]))
    shown = page.content.decode()
    assert "sealed, waiting for the beacon" in shown
    assert f"Round {ROUND} of the beacon" in shown
    assert box.lottery.seed in shown
