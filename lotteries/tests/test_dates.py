"""Questions about the dates of the lotteries there are."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lotteries.dates import DateConverter
from lotteries.models import Lottery
from lotteries.tests.factories import announce

FIRST = date(2020, 3, 1)


def lotteries_on(*days: int) -> None:
    for day in days:
        at = datetime(2020, 2, 29, tzinfo=UTC)
        announce(Lottery(closure_date=FIRST + timedelta(days=day - 1)), at=at)


def dates(lotteries: list[Lottery]) -> list[int]:
    return [lottery.closure_date.day for lottery in lotteries]


@pytest.mark.django_db
def test_the_nearest_ones_are_on_both_sides() -> None:
    lotteries_on(1, 2, 3, 10, 11, 12)
    assert dates(Lottery.objects.nearest(date(2020, 3, 5))) == [2, 3, 10, 11]
    assert dates(Lottery.objects.nearest(date(1999, 1, 1))) == [1, 2]
    assert dates(Lottery.objects.nearest(date(2999, 1, 1))) == [11, 12]


@pytest.mark.django_db
def test_without_lotteries_none_is_near() -> None:
    assert Lottery.objects.nearest(FIRST) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("taken", "free"), [([], 1), ([1], 2), ([2, 3], 1), ([1, 2, 3, 5], 4), ([1, 2, 3], 4)]
)
def test_the_next_free_date(taken: list[int], free: int) -> None:
    lotteries_on(*taken)
    assert Lottery.objects.next_free_date(FIRST) == date(2020, 3, free)


@pytest.mark.parametrize("text", ["2020-02-30", "2020-13-01", "0000-01-01"])
def test_a_date_that_is_not_in_the_calendar_is_no_page(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any of them is a 404
        DateConverter().to_python(text)
