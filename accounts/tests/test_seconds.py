"""The database reads a moment as the second that it is in."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F

from accounts.models import User
from accounts.shared.seconds import Seconds

NOON = datetime(2020, 2, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize("microseconds", [0, 1, 500_000, 999_499, 999_999])
@pytest.mark.parametrize("moment", [NOON, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)])
def test_its_fraction_is_left_out(alice: User, moment: datetime, microseconds: int) -> None:
    User.objects.update(registered_at=moment + timedelta(microseconds=microseconds))
    second = User.objects.values_list(Seconds(F("registered_at")), flat=True).get()
    assert second == int(moment.timestamp())
