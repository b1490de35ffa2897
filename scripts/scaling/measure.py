"""How large rows are, what submissions write to the log, and what partitions of ballots change.

.venv/bin/python scripts/scaling/measure.py [BALLOTS]     1,000,000 if left out: half an hour

Ten times as many are put in partitions.

On a PostgreSQL of its own with its default durability. Ballots are stored by SQL, because sizes
do not depend on how they came; what a submission writes is that of the site's own submissions.
"""

import os
import shutil
import sys
import tempfile
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

sys.path[:0] = map(str, Path(__file__).parents[1:3])

from bench.site import at_least_one, defaults
from databases import Server
from programs import OWNER

PEOPLE = 10_000
TRIES = 300  # submissions
DAYS = 10  # among whose boxes the ballots are when they are in partitions
BATCH = 100_000
SIZES = """
SELECT relname, pg_relation_size(oid) FROM pg_class WHERE oid = '{table}'::regclass
UNION ALL SELECT relname, pg_relation_size(indexrelid) FROM pg_index
JOIN pg_class ON pg_class.oid = indexrelid WHERE indrelid = '{table}'::regclass
"""
FILL = """
WITH people AS (SELECT array_agg(participant) AS codes FROM accounts_user),
entries AS (INSERT INTO ballots_entry (box_id, participant_id, ballot_count)
    SELECT %(box)s, code, %(count)s / %(people)s FROM people, unnest(codes) AS code),
submissions AS (INSERT INTO ballots_submission
    (box_id, participant_id, token, first_number, last_number, root, submitted_at)
    SELECT %(box)s, codes[1 + number %% %(people)s], gen_random_uuid(),
        number * %(each)s + 1, (number + 1) * %(each)s, repeat('0', 64), now()
    FROM people, generate_series(0, %(count)s / %(each)s - 1) AS number
    RETURNING id, first_number, last_number)
INSERT INTO ballots_ballot (id, box_id, number, submission_id)
SELECT gen_random_uuid(), %(box)s, number, submissions.id
FROM submissions, generate_series(first_number, last_number) AS number ORDER BY number
"""
TABLES = """
CREATE TABLE whole (LIKE ballots_ballot INCLUDING ALL);
CREATE TABLE parts (LIKE ballots_ballot INCLUDING CONSTRAINTS) PARTITION BY LIST (box_id);
ALTER TABLE parts ADD PRIMARY KEY (box_id, id), ADD UNIQUE (box_id, number);
CREATE INDEX ON parts (submission_id);
"""
STORE = """
INSERT INTO {table} (id, box_id, number, submission_id)
SELECT gen_random_uuid(), %s, number, number / 10 FROM generate_series(%s::int, %s::int) AS number
"""


@contextmanager
def site_database() -> Iterator[None]:
    """The site's tables, in a server of their own."""
    folder = Path(tempfile.mkdtemp(prefix="scaling-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if OWNER:
            shutil.chown(folder, OWNER["user"], OWNER["group"])
        server = Server(folder, "server")
        server.make()
        stack.callback(server.stop)
        server.start()
        os.environ |= defaults() | {
            "DATABASE_URL": f"postgres://lottery@127.0.0.1:{server.port}/postgres",
            "DATA_DIR": str(folder / "site"),
        }
        os.environ["DJANGO_SETTINGS_MODULE"] = "lottery_site.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield


def ask(query: str, *values: Any) -> list[tuple]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return cursor.fetchall() if cursor.description else []


def log_position() -> int:
    return int(ask("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")[0][0])


def measure_sizes(ballots: int) -> None:
    from django.db import connection

    from accounts.models import User
    from ballots.life import open_lottery
    from lotteries.models import Lottery

    User.objects.bulk_create(
        User(email=f"player{number}@example.org", username=f"player{number}")
        for number in range(PEOPLE)
    )
    for days, each in enumerate((1, 100), 1):
        ask("TRUNCATE ballots_ballot, ballots_submission, ballots_entry CASCADE")
        box = open_lottery(Lottery(closure_date=date.today() + timedelta(days)))  # noqa: DTZ011
        values = {"box": box.pk, "count": ballots, "people": PEOPLE, "each": each}
        with connection.cursor() as cursor:
            cursor.execute(FILL, values)
        print(f"{ballots:,} ballots of {PEOPLE:,} people, {each} a submission; bytes a row:")
        for table in ("ballots_ballot", "ballots_submission", "ballots_entry"):
            ((rows,),) = ask(f"SELECT count(*) FROM {table}")  # noqa: S608
            ((size,),) = ask(f"SELECT pg_total_relation_size('{table}')")
            parts = [f"{name} {part / rows:.0f}" for name, part in ask(SIZES.format(table=table))]
            print(f"    {table}: {size / rows:.0f} ({', '.join(parts)})")


def measure_submissions() -> None:
    """To a box beside which all those ballots are."""
    from ballots.life import open_lottery
    from lotteries.models import Lottery

    box = open_lottery(Lottery(closure_date=date.today() + timedelta(3)))  # noqa: DTZ011
    for images in ("on", "off"):  # of each page that is changed after a checkpoint
        ask(f"ALTER SYSTEM SET full_page_writes = {images}")
        ask("SELECT pg_reload_conf()")
        for quantity in (1, 10, 100):
            ask("CHECKPOINT")
            before = log_position()
            held = [submit(box.lottery.closure_date, quantity) for _ in range(TRIES)]
            print(
                f"A submission of {quantity}, full_page_writes {images}: "
                f"{(log_position() - before) / TRIES:,.0f} bytes in the log; it holds its lottery "
                f"for {median(held) * 1000:.1f} ms, at the least {min(held) * 1000:.1f} ms"
            )
    ask("ALTER SYSTEM RESET full_page_writes")
    ask("SELECT pg_reload_conf()")


def submit(closure_date: date, quantity: int) -> float:
    """Seconds from the lock, right after which the clock is read, until the commit."""
    from accounts.models import User
    from ballots.life import submit_ballots

    locked = 0.0

    def read_clock() -> datetime:
        nonlocal locked
        locked = time.perf_counter()
        return datetime.now(UTC)

    submit_ballots(
        closure_date=closure_date,
        participant=User.objects.earliest("pk"),
        quantity=quantity,
        token=uuid4(),
        is_limited=False,
        clock=read_clock,
    )
    return time.perf_counter() - locked


def measure_partitions(ballots: int) -> None:
    boxes = [uuid4() for _ in range(DAYS)]
    ask(TABLES)
    for number, box in enumerate(boxes):
        ask(f"CREATE TABLE parts_{number} PARTITION OF parts FOR VALUES IN ('{box}')")
    for box in boxes:
        for table in ("whole", "parts"):
            for first in range(1, ballots // DAYS, BATCH):
                ask(STORE.format(table=table), box, first, min(first + BATCH, ballots // DAYS) - 1)
    for table in ("whole", "parts"):
        ask("CHECKPOINT")
        before, began = log_position(), time.perf_counter()
        ask(STORE.format(table=table), boxes[-1], ballots, ballots + BATCH - 1)
        took, size = time.perf_counter() - began, log_position() - before
        sizes = index_sizes(table)
        print(
            f"{table}, of {ballots:,} in {DAYS} boxes: {BATCH:,} more took {took:.2f} s and "
            f"{size / BATCH:,.0f} bytes of the log each; indexes {sizes}"
        )


def index_sizes(table: str) -> str:
    """All of its indexes, and those that ballots of one day are put into."""
    query = "SELECT sum(pg_indexes_size(relid)), max(pg_indexes_size(relid)) FROM "
    ((whole, of_a_day),) = ask(f"{query} pg_partition_tree('{table}')")
    if table == "whole":
        ((whole,),) = ask("SELECT pg_indexes_size('whole')")
        of_a_day = whole
    return f"{whole / 2**20:,.0f} MiB, of which a submission may touch {of_a_day / 2**20:,.0f} MiB"


def main() -> None:
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("ballots", nargs="?", type=at_least_one, default=1_000_000)
    ballots = parser.parse_args().ballots
    if ballots < PEOPLE:
        parser.error(f"It takes at least {PEOPLE} ballots: one of each participant.")
    with site_database():
        measure_sizes(ballots)
        measure_submissions()
        measure_partitions(10 * ballots)


main()
