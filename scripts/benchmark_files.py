"""What it costs to take ballots, participants and one's receipts along, of few and of many ballots.

python scripts/benchmark_files.py [LARGE]     on the database server of DATABASE_URL; needs Linux
"""

import resource
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from benchmarking import NOON, empty_database, filled_box
from django.db import connection
from tqdm import trange

from accounts.models import User
from accounts.shared.spreadsheets import csv_parts
from ballots import tables
from ballots.life import open_lottery
from ballots.models import Ballot, BallotBox, Entry, Submission
from ballots.public.receipts import write_receipts
from lotteries.models import Lottery

SMALL, PORTION = 1000, 1000


def wide_box(closure_date: date, participants: int) -> BallotBox:
    """A box with one ballot of each participant. Its log is left out: no file has it."""
    box = open_lottery(Lottery(closure_date=closure_date), at=NOON)
    title = f"{participants:,} people"
    for first in trange(1, participants + 1, PORTION, desc=title, disable=None):
        add_participants(box, range(first, first + PORTION))
    box.ballot_count = box.participant_count = participants
    box.save()
    return box


def add_participants(box: BallotBox, numbers: range) -> None:
    users = User.objects.bulk_create(
        User(email=f"{box.pk}.{number}@example.org", username=f"{box.pk} {number:08}"[9:])
        for number in numbers
    )
    pairs = list(zip(numbers, users, strict=True))
    Entry.objects.bulk_create(Entry(box=box, participant=user, ballot_count=1) for user in users)
    submissions = Submission.objects.bulk_create(
        Submission(
            box=box,
            participant=user,
            token=uuid4(),
            first_number=number,
            last_number=number,
            root="",
            submitted_at=NOON,
        )
        for number, user in pairs
    )
    Ballot.objects.bulk_create(
        Ballot(id=uuid4(), box=box, number=made.first_number, submission=made)
        for made in submissions
    )


def resident() -> float:
    """MiB of memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024**2


def measure(name: str, parts: Iterable[str]) -> None:
    before, most, size, start = resident(), 0.0, 0, perf_counter()
    for part in parts:
        size, most = size + len(part.encode()), max(most, resident())
    seconds, more = perf_counter() - start, most - before
    print(f"{name:>24}: {seconds:7.2f} s, {size / 1e6:7.2f} MB, {more:5.2f} MiB more memory")


large = int(sys.argv[1]) if sys.argv[1:] else 1_000_000
with empty_database() as someone:
    mine = [
        filled_box(date(2020, 3, 2), SMALL, someone),
        filled_box(date(2020, 3, 3), large, someone),
    ]
    boxes = [wide_box(date(2020, 2, 29), SMALL), wide_box(date(2020, 3, 1), large)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself, sooner or later
    print(f"\nOn {connection.vendor}:")
    for box in [boxes[0], *boxes]:  # the first time warms up
        parts = csv_parts(tables.BALLOTS, tables.list_ballots(box))
        measure(f"{box.ballot_count:,} ballots", parts)
        parts = csv_parts(tables.PARTICIPANTS, tables.list_participants(box))
        measure(f"{box.ballot_count:,} participants", parts)
    for box in [mine[0], *mine]:
        receipts = write_receipts(box, box.submissions.of(someone))
        measure(f"{box.ballot_count:,} receipts", receipts)
