"""A lottery of each kind, by the word that the tables have for it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from ballots.models import Answer, Holding
from ballots.tests.factories import BoxFactory, day, draw, open_box, sealed_box, submit

# What became of the place of a lottery with a week to claim.
TOLD = {"told_at": timezone.now(), "claim_until": timezone.now() + timedelta(days=7)}
CLAIMED = TOLD | {"answer": Answer.CLAIMED, "answered_at": timezone.now()}
HELD: dict[str, dict[str, Any]] = {
    "in time": TOLD,
    "claimed": CLAIMED,
    "handed over": CLAIMED | {"handed_over_at": timezone.now()},
}


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
    held = {kind: BoxFactory.create(claim_days=7) for kind in HELD}
    for kind, box in held.items():
        submit(box, alice)
        Holding.objects.filter(drawn__draw=draw(box)).update(**HELD[kind])
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
        **{kind: day(box) for kind, box in held.items()},
        "unknown": str(timezone.localdate() + timedelta(days=30)),
        "over": str(timezone.localdate() - timedelta(days=1)),
        "out of the calendar": str(date.max),
    }
