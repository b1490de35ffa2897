"""What proofs cost by the size of the box, and what it takes to verify a whole draw.

python scripts/benchmark_proofs.py [SIZE ...]     on the database server of DATABASE_URL
"""

import random
import sys
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from time import perf_counter, process_time
from typing import Any

from benchmarking import MIDNIGHT, empty_database, filled_box
from django.db import connection

from ballots.life import close_lottery
from ballots.models import BallotBox
from ballots.public.records import consistency, inclusion
from ballots.verification.differences import find_differences

ROUNDS = 200
AUDITED = 1_000_000  # larger boxes are not audited here: it takes as much longer as they are larger


def milliseconds(prove: Callable[..., dict[str, Any]], *numbers: Any) -> tuple[float, int]:
    """(how long it took, how many hashes the proof has)"""
    start = perf_counter()
    proof = prove(*numbers)["proof"]
    return (perf_counter() - start) * 1000, len(proof)


def report(name: str, runs: list[tuple[float, int]]) -> None:
    times, lengths = sorted(time for time, _ in runs), [length for _, length in runs]
    print(
        f"  {name:<12} median {median(times):5.1f} ms, slowest {times[-1]:5.1f} ms, "
        f"at most {max(lengths)} hashes of 32 bytes"
    )


def measure(box: BallotBox) -> None:
    """Random numbers and sizes, of the box as it is and as it was."""
    size, chance = box.ballot_count, random.Random(1)  # noqa: S311  the same in each run
    pairs = [sorted(chance.choices(range(1, size + 1), k=2)) for _ in range(ROUNDS)]
    print(f"{size:,} ballots, {box.subtrees.count():,} kept nodes")
    report("inclusion", [milliseconds(inclusion, box, *pair) for pair in pairs])
    report("consistency", [milliseconds(consistency, box, *pair) for pair in pairs])
    if size <= AUDITED:
        audit(box)


def audit(box: BallotBox) -> None:
    close_lottery(box.lottery, clock=lambda: MIDNIGHT)
    box = BallotBox.objects.with_results().get(pk=box.pk)
    start, cpu = perf_counter(), process_time()
    found = list(find_differences(box))
    seconds, cpu = perf_counter() - start, process_time() - cpu
    tracemalloc.start()
    found += find_differences(box)
    peak = tracemalloc.get_traced_memory()[1] / 1024 / 1024
    tracemalloc.stop()
    print(
        f"  verify_database {seconds:.1f} s, of processor time {cpu:.1f} s, "
        f"{peak:.1f} MiB at most, {len(found)} differences"
    )


sizes = [int(text) for text in sys.argv[1:]] or [1000, 100_000, 1_000_000, 10_000_000]
with empty_database() as someone:
    print(f"On {connection.vendor}, {ROUNDS} random proofs of each kind:")
    for day, count in enumerate(sizes):
        measure(filled_box(date(2020, 2, 29) + timedelta(days=day), count, someone))
