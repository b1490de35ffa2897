# ruff: noqa: E402  Django is set up before its models are imported
"""What a draw costs in a small and in a large ballot box, in one run on a database of its own.

python scripts/benchmark_draw.py [LARGE]     on the database server of DATABASE_URL
"""

import os
import sys
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "lottery_site.settings"
os.environ["MAX_BALLOTS_PER_SUBMISSION"] = "10000"

import django

django.setup()

from django.db import connection
from tqdm import trange

from accounts.models import User
from ballots.models import BallotBox, Draw
from ballots.services import close_lottery, open_lottery, submit_ballots
from lotteries.models import Lottery

NOON, MIDNIGHT = datetime(2020, 2, 29, 12, tzinfo=UTC), datetime(2020, 3, 2, tzinfo=UTC)
ROUNDS, PORTION = 50, 1000


def filled_box(closure_date: date, ballots: int, participant: User) -> BallotBox:
    box = open_lottery(Lottery(closure_date=closure_date), at=NOON)
    for _ in trange(0, ballots, PORTION, desc=f"{ballots:,} ballots"):
        submit_ballots(
            lottery=box.lottery,
            participant=participant,
            quantity=PORTION,
            token=uuid4(),
            clock=lambda: NOON,
        )
    return box


def undo(box: BallotBox) -> None:
    """So that the same box can be drawn again: only a benchmark does this."""
    Draw.objects.filter(box=box).delete()
    BallotBox.objects.filter(pk=box.pk).update(sealed_at=None)


def seconds(box: BallotBox) -> float:
    undo(box)
    start = perf_counter()
    close_lottery(box.lottery, clock=lambda: MIDNIGHT)
    return perf_counter() - start


def peak_memory(box: BallotBox) -> float:
    """KiB that Python holds at most during a draw."""
    undo(box)
    tracemalloc.start()
    close_lottery(box.lottery, clock=lambda: MIDNIGHT)
    peak = tracemalloc.get_traced_memory()[1] / 1024
    tracemalloc.stop()
    return peak


def compare(small: BallotBox, large: BallotBox) -> None:
    """Turn by turn, so that a busy machine slows down both alike."""
    times = [(seconds(small), seconds(large)) for _ in range(ROUNDS)]
    medians = [median(column) for column in zip(*times, strict=True)]
    print(f"\nOn {connection.vendor}, the median of {ROUNDS} draws each:")
    for box, time in zip((small, large), medians, strict=True):
        count = BallotBox.objects.get(pk=box.pk).ballot_count
        print(f"{count:>12,} ballots: {time * 1000:6.2f} ms, {peak_memory(box):5.0f} KiB at most")
    print(f"The large draw takes {medians[1] / medians[0]:.2f} times the time of the small one.")


def main() -> None:
    large = int(sys.argv[1]) if sys.argv[1:] else 1_000_000
    database = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        someone = User.objects.create_user("someone@example.org", "someone")
        compare(
            filled_box(date(2020, 2, 29), PORTION, someone),
            filled_box(date(2020, 3, 1), large, someone),
        )
    finally:
        connection.creation.destroy_test_db(database, verbosity=0)


main()
