"""When lotteries close, in zones that make midnight difficult."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lotteries.protocol.closing import closing_time

CASES = [
    # An ordinary day.
    ("UTC", "2020-02-29", "2020-03-01T00:00Z"),
    ("Asia/Kathmandu", "2020-02-29", "2020-02-29T18:15Z"),  # +05:45
    # Amsterdam's clocks change at night: the day is shorter or longer, midnight is there.
    ("Europe/Amsterdam", "2026-03-28", "2026-03-28T23:00Z"),
    ("Europe/Amsterdam", "2026-03-29", "2026-03-29T22:00Z"),
    ("Europe/Amsterdam", "2026-10-24", "2026-10-24T22:00Z"),
    ("Europe/Amsterdam", "2026-10-25", "2026-10-25T23:00Z"),
    # Midnight is skipped: it closes when the clocks jump from 24:00 to 01:00.
    ("America/Santiago", "2026-09-05", "2026-09-06T04:00Z"),
    ("Africa/Cairo", "2026-04-23", "2026-04-23T22:00Z"),
    ("Asia/Beirut", "2026-03-28", "2026-03-28T22:00Z"),
    ("America/Havana", "2026-03-07", "2026-03-08T05:00Z"),
    # Midnight comes twice: it closes at the first.
    ("America/Havana", "2026-10-31", "2026-11-01T04:00Z"),
    # The clocks go back from midnight to 23:00: it closes when the date is really over.
    ("America/Santiago", "2026-04-04", "2026-04-05T04:00Z"),
    ("Asia/Beirut", "2026-10-24", "2026-10-24T22:00Z"),
    # Apia left out the whole of 30 December 2011 when it crossed the date line.
    ("Pacific/Apia", "2011-12-28", "2011-12-29T10:00Z"),
    ("Pacific/Apia", "2011-12-29", "2011-12-30T10:00Z"),
    ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00Z"),
    ("Pacific/Apia", "2011-12-31", "2011-12-31T10:00Z"),
    # The ends of the calendar, and seconds that a zone once had.
    ("UTC", "0001-01-01", "0001-01-02T00:00Z"),
    ("UTC", "9999-12-30", "9999-12-31T00:00Z"),
]


@pytest.mark.parametrize(("zone", "closure_date", "closes_at"), CASES)
def test_it_closes_at_the_first_instant_after_the_date(
    zone: str, closure_date: str, closes_at: str
) -> None:
    found = closing_time(date.fromisoformat(closure_date), ZoneInfo(zone))
    assert found == datetime.fromisoformat(closes_at)
    assert found.tzinfo is UTC


SKIPPED = ["America/Santiago", "Africa/Cairo", "Asia/Beirut", "America/Havana", "Europe/Amsterdam"]


@pytest.mark.parametrize("zone", SKIPPED)
def test_the_instant_before_is_on_the_date_and_the_closing_time_is_not(zone: str) -> None:
    for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(365)):
        closes_at = closing_time(day, ZoneInfo(zone))
        assert closes_at.astimezone(ZoneInfo(zone)).date() == day + timedelta(days=1)
        assert (closes_at - timedelta.resolution).astimezone(ZoneInfo(zone)).date() == day


@pytest.mark.parametrize("zone", SKIPPED)
def test_every_closing_time_is_a_quarter_of_an_hour(zone: str) -> None:
    """So that a schedule of every 15 minutes has a run at it."""
    days = (date(2026, 1, 1) + timedelta(days=n) for n in range(365))
    assert {closing_time(day, ZoneInfo(zone)).minute % 15 for day in days} == {0}


def test_a_date_beyond_the_calendar() -> None:
    with pytest.raises(OverflowError):
        closing_time(date.max, UTC)


@pytest.mark.parametrize("host_zone", ["Asia/Tokyo", "America/St_Johns", "Pacific/Apia"])
def test_the_zone_of_the_host_changes_nothing(host_zone: str) -> None:
    program = (
        "from datetime import date; from zoneinfo import ZoneInfo;"
        "from lotteries.protocol.closing import closing_time;"
        "print(closing_time(date(2026, 9, 5), ZoneInfo('America/Santiago')).isoformat())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"TZ": host_zone},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == "2026-09-06T04:00:00+00:00"
