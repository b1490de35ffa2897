"""A lottery of each kind, by the word that the tables have for it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from ballots.tests.factories import BoxFactory, day, draw, open_box, sealed_box, submit


@pytest.fixture
def days(alice: User, bob: User) -> dict[str, str]:
    """The closure dates: of one that is open, closed, sealed and so on, and one without."""
    full = open_box(days=1)
    submit(full, alice, 2, at=timezone.now())
    drawn = BoxFactory.create()
    submit(drawn, alice, 3)
    draw(drawn)
    last = BoxFactory.create()
    submit(last, alice, 1)
    draw(last)
    drawn_empty = BoxFactory.create()
    draw(drawn_empty)
    return {
        "open": day(full),
        "empty": day(open_box(days=2)),
        "due": day(BoxFactory.create()),
        "sealed": day(sealed_box((alice, 2))),
        "drawn": day(drawn),
        "drawn with one ballot": day(last),
        "drawn without ballots": day(drawn_empty),
        "unknown": str(timezone.localdate() + timedelta(days=30)),
        "over": str(timezone.localdate() - timedelta(days=1)),
        "out of the calendar": str(date.max),
    }
