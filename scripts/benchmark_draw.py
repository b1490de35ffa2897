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

from ballots.life import close_lottery
from ballots.models import BallotBox, Draw

ROUNDS, SMALL = 50, 1000


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
        memory = peak_memory(box)
        print(f"{box.ballot_count:>12,} ballots: {time * 1000:6.2f} ms, {memory:5.0f} KiB at most")
    print(f"The large draw takes {medians[1] / medians[0]:.2f} times the time of the small one.")


large = int(sys.argv[1]) if sys.argv[1:] else 1_000_000
with empty_database() as someone:
    small_box = filled_box(date(2020, 2, 29), SMALL, someone)
    compare(small_box, filled_box(date(2020, 3, 1), large, someone))
