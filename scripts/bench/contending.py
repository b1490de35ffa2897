"""What pgbench needs in order to run the statements of a submission to one lottery."""

import os
from datetime import date
from pathlib import Path
from random import Random

from django.db import connection

from accounts.models import User
from accounts.tokens import digest_of
from ballots.models import BallotBox, Entry
from bench.cases import SIGNED_IN, api_path
from bench.pgbench import NUMBER, Known, read_statements, write_script
from bench.profiling import call
from bench.wrk import Request
from lotteries.protocol.merkle import HASH_SIZE

WARM = 10  # requests, after which all statements are prepared


def record_submission(
    closure_date: date, people: list[User], headers: dict[str, str], script: Path
) -> None:
    """Writes pgbench's script, from one request of the first of the people.

    The lottery is worth nothing afterwards: pgbench computes no hashes.
    """
    box = spoil(closure_date, people[:SIGNED_IN])
    request = Request("POST", api_path(closure_date), headers)
    digest = digest_of(headers["Authorization"].removeprefix("Bearer "))
    statements = record(request)
    script.write_text(write_script(statements, Known(box.pk, people[0].pk, digest)))


def spoil(closure_date: date, people: list[User]) -> BallotBox:
    """Numbers that can be told from all others, and an entry of everybody who will submit."""
    box = BallotBox.objects.get(lottery__closure_date=closure_date)
    box.ballot_count = NUMBER - 1 - WARM
    box.peaks = Random(1).randbytes(box.ballot_count.bit_count() * HASH_SIZE)  # noqa: S311
    box.save()
    entries = (Entry(box=box, participant=person, ballot_count=1) for person in people)
    Entry.objects.bulk_create(entries, ignore_conflicts=True)
    return box


def record(request: Request) -> list[str]:
    """What the site asks the database for this request, once all is warm."""
    from lottery_site.wsgi import application as app  # from here on with the limits of the web

    log = Path(os.environ["POSTGRESQL_LOG"])
    for _ in range(WARM):
        call(app, request)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        session = cursor.fetchone()[0]
        cursor.execute("SET log_statement = 'all'")
        start = log.stat().st_size
        call(app, request)
        end = log.stat().st_size
        cursor.execute("SET log_statement = 'none'")
    return list(read_statements(log.read_bytes()[start:end].decode(), session))
