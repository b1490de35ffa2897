"""The last instant of a lottery and the first one after it, in zones that make it difficult."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from accounts.models import User
from ballots.life import close_lottery
from ballots.models import BallotBox, State
from ballots.refusals import LotteryClosed, LotteryStillOpen
from ballots.tests.factories import BoxFactory, draw, submit

BEFORE = timedelta(milliseconds=-1)  # 23:59:59.999
AT, AFTER = timedelta(), timedelta(seconds=1)  # 00:00:00, 00:00:01

# The zone, the closure date, and what the clock there shows when the lottery closes.
DAYS = [
    ("UTC", date(2026, 12, 24), "2026-12-25 00:00"),
    ("Europe/Amsterdam", date(2026, 3, 28), "2026-03-29 00:00"),
    ("Europe/Amsterdam", date(2026, 3, 29), "2026-03-30 00:00"),
    ("Europe/Amsterdam", date(2026, 10, 25), "2026-10-26 00:00"),
    ("America/Santiago", date(2026, 9, 5), "2026-09-06 01:00"),
    ("Africa/Cairo", date(2026, 4, 23), "2026-04-24 01:00"),
    ("Asia/Beirut", date(2026, 3, 28), "2026-03-29 01:00"),
    ("America/Havana", date(2026, 3, 7), "2026-03-08 01:00"),
    ("Pacific/Apia", date(2011, 12, 29), "2011-12-31 00:00"),
]


@pytest.fixture(params=DAYS, ids=lambda day: f"{day[0]} {day[1]}")
def box(request: pytest.FixtureRequest, settings: Settings, db: None) -> BallotBox:
    settings.TIME_ZONE, closure_date, _ = request.param
    announced = datetime.combine(closure_date, datetime.min.time(), tzinfo=UTC)
    return BoxFactory.create(closure_date=closure_date, at=announced)


def test_it_accepts_ballots_until_the_last_instant(box: BallotBox, alice: User) -> None:
    assert submit(box, alice, at=box.lottery.closes_at + BEFORE).quantity == 1
    for late in (AT, AFTER):
        with pytest.raises(LotteryClosed):
            submit(box, alice, at=box.lottery.closes_at + late)
    assert draw(box).box.ballot_count == 1


def test_it_is_drawn_from_the_first_instant_on(box: BallotBox) -> None:
    with pytest.raises(LotteryStillOpen):
        close_lottery(box.lottery, clock=lambda: box.lottery.closes_at + BEFORE)
    closed, is_first = close_lottery(box.lottery, clock=lambda: box.lottery.closes_at)
    assert closed.is_drawn
    assert is_first


def test_its_state_changes_with_the_clock(box: BallotBox) -> None:
    closes_at = box.lottery.closes_at
    assert box.state(closes_at + BEFORE) == State.OPEN
    assert box.state(closes_at + AT) == box.state(closes_at + AFTER) == State.DUE
    for moment, state in [(BEFORE, State.OPEN), (AT, State.DUE), (AFTER, State.DUE)]:
        assert box in BallotBox.objects.in_state(state, closes_at + moment)


@pytest.mark.parametrize(("zone", "closure_date", "clock"), DAYS)
def test_the_clock_there_shows_the_first_instant_of_the_next_day(
    settings: Settings, db: None, zone: str, closure_date: date, clock: str
) -> None:
    settings.TIME_ZONE = zone
    announced = datetime.combine(closure_date, datetime.min.time(), tzinfo=UTC)
    lottery = BoxFactory.create(closure_date=closure_date, at=announced).lottery
    assert f"{lottery.closes_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" == clock
