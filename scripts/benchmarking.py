"""What the benchmarks share: a database of their own, and boxes with many ballots."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import cycle
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "lottery_site.settings"
os.environ["MAX_BALLOTS_PER_SUBMISSION"] = "10000"

import django

django.setup()

from django.db import connection
from tqdm import trange

from accounts.models import User
from ballots.life import open_lottery, submit_ballots
from ballots.models import BallotBox
from lotteries.models import Lottery

NOON, MIDNIGHT = datetime(2020, 2, 29, 12, tzinfo=UTC), datetime(2020, 3, 5, tzinfo=UTC)


@contextmanager
def empty_database() -> Iterator[User]:
    """A database beside that of DATABASE_URL, with one participant; it is dropped afterwards."""
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield User.objects.create_user("someone@example.org", "someone")
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def filled_box(closure_date: date, ballots: int, *participants: User) -> BallotBox:
    """The box with so many ballots, of each participant as many."""
    box = open_lottery(Lottery(closure_date=closure_date), at=NOON)
    portion = min(ballots // len(participants), 10_000)
    turns = trange(0, ballots, portion, desc=f"{ballots:,} ballots", disable=None)
    for _, participant in zip(turns, cycle(participants), strict=False):
        submit_ballots(
            closure_date=closure_date,
            participant=participant,
            quantity=portion,
            token=uuid4(),
            is_limited=False,
            clock=lambda: NOON,
        )
    return BallotBox.objects.select_related("lottery").get(pk=box.pk)
