from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from ballots.life import plan_lotteries
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, open_box
from lotteries.models import Lottery

pytestmark = pytest.mark.django_db

NOON = datetime(2020, 2, 28, 12, tzinfo=UTC)


def dates(boxes: list[BallotBox]) -> list[str]:
    return [str(box.lottery.closure_date) for box in boxes]


def test_it_opens_today_and_the_days_after_it() -> None:
    assert dates(plan_lotteries(3, at=NOON)) == ["2020-02-28", "2020-02-29", "2020-03-01"]


def test_it_leaves_alone_what_is_there() -> None:
    BoxFactory.create(closure_date=date(2020, 2, 29), name="mine")
    assert dates(plan_lotteries(3, at=NOON)) == ["2020-02-28", "2020-03-01"]
    assert plan_lotteries(3, at=NOON) == []
    assert Lottery.objects.get(closure_date=date(2020, 2, 29)).name == "mine"


def test_today_is_that_of_the_site(settings: Settings) -> None:
    settings.TIME_ZONE = "Pacific/Kiritimati"
    with timezone.override("Pacific/Kiritimati"):
        assert dates(plan_lotteries(1, at=NOON)) == ["2020-02-29"]


def test_the_command_tells_what_it_opened() -> None:
    open_box(days=1, name="mine")
    output = StringIO()
    call_command("plan_lotteries", "--days", "3", stdout=output)
    assert output.getvalue().count("opened") == 2
    assert "2 of 3 days were missing their lottery." in output.getvalue()
    assert Lottery.objects.count() == 3


@pytest.mark.parametrize("days", ["0", "-1", "367", "many"])
def test_what_is_no_number_of_days(days: str) -> None:
    with pytest.raises(CommandError, match="whole number from 1 to 366"):
        call_command("plan_lotteries", f"--days={days}")


def test_days_are_needed() -> None:
    with pytest.raises(CommandError, match="--days"):
        call_command("plan_lotteries")
