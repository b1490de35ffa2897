"""The site keeps to its own time zone, whatever the clock of its host shows."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lottery_site.tests.processes import site_in, successful

CLOSING = "from lotteries.models import Lottery; print(Lottery.objects.get().closes_at.isoformat())"


@pytest.mark.parametrize("host", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])  # UTC+14, UTC-11
def test_todays_lottery_closes_at_midnight_of_the_site(tmp_path: Path, host: str) -> None:
    zone = ZoneInfo("America/Santiago")
    site = site_in(tmp_path, TZ=host, TIME_ZONE=zone.key)
    before = datetime.now(zone).date()
    opened = successful("plan_lotteries", "--days", "1", **site)
    assert before.isoformat() <= opened.split()[0] <= datetime.now(zone).date().isoformat()
    printed = successful("shell", "--verbosity", "0", "-c", CLOSING, **site)
    closes_at = datetime.fromisoformat(printed.strip())
    assert closes_at.utcoffset() == ZoneInfo("UTC").utcoffset(closes_at)
    last_day = closes_at.astimezone(zone).date().toordinal() - 1
    assert datetime.fromisoformat(opened.split()[0]).toordinal() == last_day
