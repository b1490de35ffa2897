"""How a lottery comes to be, and what it promises from then on."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import Settings

from lotteries.models import Lottery
from lotteries.protocol.seeds import seed_commitment
from lotteries.tests.factories import announce

NOON = datetime(2020, 2, 29, 12, tzinfo=UTC)
TODAY, TOMORROW = date(2020, 2, 29), date(2020, 3, 1)

pytestmark = pytest.mark.django_db


def announce_lottery(**kwargs: Any) -> Lottery:
    fields = {"closure_date": TODAY} | kwargs
    announce(Lottery(**fields), at=NOON)
    return Lottery.objects.get(closure_date=fields["closure_date"])


def test_it_closes_at_midnight_of_the_site() -> None:
    assert announce_lottery().closes_at == datetime(2020, 3, 1, tzinfo=UTC)


def test_it_follows_the_time_zone_of_the_site(settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    lottery = announce_lottery(closure_date=TOMORROW)
    assert lottery.time_zone == "Asia/Tokyo"
    assert lottery.closes_at == datetime(2020, 3, 1, 15, tzinfo=UTC)


def test_another_time_zone_later_moves_no_lottery(settings: Settings) -> None:
    before = announce_lottery()
    settings.TIME_ZONE = "America/Santiago"
    after = Lottery.objects.get()
    assert (after.closes_at, after.time_zone) == (before.closes_at, "UTC")
    assert f"{after.closes_at_local:%Y-%m-%d %H:%M %Z}" == "2020-03-01 00:00 UTC"


def test_today_counts_in_the_time_zone_of_the_site(settings: Settings) -> None:
    settings.TIME_ZONE = "Pacific/Kiritimati"  # 14 hours ahead: it is 1 March there
    with pytest.raises(ValidationError, match="date is over"):
        announce_lottery(closure_date=TODAY)
    assert announce_lottery(closure_date=TOMORROW).closes_at == datetime(2020, 3, 1, 10, tzinfo=UTC)


def test_it_refuses_a_date_that_is_over() -> None:
    with pytest.raises(ValidationError, match="Choose today or a later date"):
        announce_lottery(closure_date=date(2020, 2, 28))
    assert not Lottery.objects.exists()


def test_it_refuses_a_date_beyond_the_calendar() -> None:
    with pytest.raises(ValidationError, match="before the year 9999"):
        announce_lottery(closure_date=date.max)


def test_it_refuses_a_date_that_is_taken() -> None:
    announce_lottery()
    with pytest.raises(ValidationError, match="already exists"):
        announce_lottery()


def test_it_makes_up_a_name() -> None:
    names = [announce_lottery(closure_date=date(2020, 3, day)).name for day in range(1, 9)]
    assert all(name.endswith(" lottery") and len(name) <= 100 for name in names)
    assert all(" " in name.removesuffix(" lottery") for name in names)
    assert len(set(names)) > 1


@pytest.mark.parametrize("name", ["x", "Advent", "é" * 100])
def test_it_keeps_a_given_name(name: str) -> None:
    assert announce_lottery(name=f" {name} ").name == name


def test_it_refuses_a_name_that_is_too_long() -> None:
    with pytest.raises(ValidationError, match="at most 100 characters"):
        announce_lottery(name="x" * 101)


@pytest.mark.parametrize("name", ["line\nbreak", "null\0", "right to left \u202e"])
def test_it_refuses_a_name_with_invisible_characters(name: str) -> None:
    with pytest.raises(ValidationError, match="Use letters"):
        announce_lottery(name=name)


def test_the_seed_is_32_random_bytes_and_the_commitment_binds_it() -> None:
    lottery = Lottery(closure_date=TODAY)
    announce(lottery, at=NOON, random_bytes=lambda size: b"\x07" * size)
    assert lottery.seed == "07" * 32
    assert lottery.seed_commitment == seed_commitment(lottery.id, "07" * 32)


def test_seeds_differ() -> None:
    lotteries = [announce_lottery(closure_date=day) for day in (TODAY, TOMORROW)]
    assert len({lottery.seed for lottery in lotteries}) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"closure_date": TOMORROW},
        {"name": ""},
        {"closes_at": NOON},
        {"seed": "00"},
        {"seed_commitment": ""},
        {"announcement": "00"},
        {"places": 0},
        {"places": 101},
        {"ballots_each": 1_000_001},
        {"claim_days": 367},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_database_refuses(changes: dict[str, Any]) -> None:
    announce_lottery(closure_date=TOMORROW)
    announce_lottery()
    with pytest.raises(IntegrityError), transaction.atomic():
        Lottery.objects.filter(closure_date=TODAY).update(**changes)


def test_without_a_beacon_none_is_announced() -> None:
    lottery = announce_lottery()
    assert lottery.beacon == "none"
    assert (lottery.beacon_chain, lottery.beacon_round) == ("", None)


def test_with_the_beacon_its_round_is_fixed_and_public(settings: Settings) -> None:
    settings.DRAW_BEACON, settings.BEACON_DELAY = "drand", 60
    lottery = announce_lottery(closure_date=date(2026, 11, 20))
    settings.DRAW_BEACON, settings.BEACON_DELAY = "none", 900
    lottery.refresh_from_db()
    assert lottery.beacon_time
    assert 60 <= (lottery.beacon_time - lottery.closes_at).total_seconds() < 63


def test_there_was_no_beacon_before_the_first_round(settings: Settings) -> None:
    settings.DRAW_BEACON = "drand"
    with pytest.raises(ValidationError, match="before the first round of the beacon"):
        announce_lottery()


@pytest.mark.parametrize(
    "columns",
    [
        {"beacon_chain": "a" * 64},
        {"beacon_round": 1},
        {"beacon_chain": "a" * 63, "beacon_round": 1},
        {"beacon_chain": "a" * 64, "beacon_round": 0},
    ],
)
def test_a_beacon_is_announced_whole(columns: dict[str, Any]) -> None:
    announce_lottery()
    with pytest.raises(IntegrityError), transaction.atomic():
        Lottery.objects.update(**columns)
