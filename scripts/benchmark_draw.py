"""What a draw costs in a small and in a large ballot box, in one run on a database of its own.

python scripts/benchmark_draw.py [LARGE]     on the database server of DATABASE_URL
"""

import sys
import tracemalloc
from datetime import date
from statistics import median
from time import perf_counter

from benchmarking import MIDNIGHT, empty_database, filled_box
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from accounts.mail.models import Mail
from accounts.models import User
from ballots.life import close_lottery
from ballots.models import BallotBox, Draw, DrawnBallot, Holding, ResultsMailing
from lotteries.models import Lottery

ROUNDS, SMALL, PEOPLE, PLACES = 20, 1000, 200, (1, 10, 100)
MADE: tuple[type[Model], ...] = (Holding, DrawnBallot, ResultsMailing, Draw, Mail)


def undo(box: BallotBox) -> None:
    """So that the same box can be drawn again: only a benchmark does this."""
    for model in MADE:
        model._default_manager.all().delete()
    BallotBox.objects.filter(pk=box.pk).update(sealed_at=None)


def draw(box: BallotBox) -> None:
    close_lottery(box.lottery, clock=lambda: MIDNIGHT)


def seconds(box: BallotBox) -> float:
    undo(box)
    start = perf_counter()
    draw(box)
    return perf_counter() - start


def peak_memory(box: BallotBox) -> float:
    """KiB that Python holds at most during a draw."""
    undo(box)
    tracemalloc.start()
    draw(box)
    peak = tracemalloc.get_traced_memory()[1] / 1024
    tracemalloc.stop()
    return peak


def count_queries(box: BallotBox) -> int:
    undo(box)
    with CaptureQueriesContext(connection) as queries:
        draw(box)
    return len(queries)


def compare(small: BallotBox, large: BallotBox, places: int) -> None:
    """Turn by turn, so that a busy machine slows down both alike."""
    Lottery.objects.update(places=places)
    times = [(seconds(small), seconds(large)) for _ in range(ROUNDS)]
    medians = [median(column) for column in zip(*times, strict=True)]
    for box, time in zip((small, large), medians, strict=True):
        memory, queries = peak_memory(box), count_queries(box)
        print(
            f"{places:>4} places, {box.ballot_count:>9,} ballots: {time * 1000:6.2f} ms, "
            f"{queries} queries, {memory:5.0f} KiB at most"
        )
    print(f"The large draw takes {medians[1] / medians[0]:.2f} times the time of the small one.")


large = int(sys.argv[1]) if sys.argv[1:] else 1_000_000
with empty_database() as someone:
    others = [User(email=f"{n}@example.org", username=f"person {n}") for n in range(1, PEOPLE)]
    people = [someone, *(User.objects.bulk_create(others))]
    small_box = filled_box(date(2020, 2, 29), SMALL, *people)
    large_box = filled_box(date(2020, 3, 1), large, *people)
    print(f"\nOn {connection.vendor}, {PEOPLE} people, the median of {ROUNDS} draws each:")
    for places in PLACES:
        compare(small_box, large_box, places)
