"""The versions of public answers: while its version is the same, an answer is as it was.

Each is one small query by keys and indexes, and the minute where a countdown is shown. It has the
edition and what the edition leaves out: the counts of open boxes, and what time alone changes.

Closing times are on full minutes, and so is what a countdown says. One that is not, because
somebody changed the row, closes in time all the same.
"""

from datetime import date, datetime
from typing import Any

from django.db import connections, router

from accounts.shared.prepared import adapt
from ballots.editions.models import Edition

# The rows of its query, and the minute if it matters. None: there is nothing to go by.
Version = tuple[Any, ...] | None

LOTTERY = """
SELECT CAST(e.id AS varchar), b.ballot_count, b.participant_count, b.peaks, l.closes_at > %s
FROM ballots_edition e CROSS JOIN lotteries_lottery l
JOIN ballots_ballotbox b ON b.lottery_id = l.id WHERE l.closure_date = %s
"""
OPEN_LOTTERY = f"{LOTTERY} AND l.closes_at > %s AND b.sealed_at IS NULL AND l.ballots_each = 0"
SITE = "SELECT CAST(id AS varchar) FROM ballots_edition"
# The closing time that comes next, of whichever lottery.
CLOSINGS = """
SELECT CAST(e.id AS varchar), (SELECT min(closes_at) FROM lotteries_lottery WHERE closes_at > %s)
FROM ballots_edition e
"""
# The count of each in one text, in whatever order.
OPEN_BOXES = """
SELECT CAST(e.id AS varchar), (
  SELECT {join}(CAST(l.closure_date AS varchar) || ' ' || CAST(b.ballot_count AS varchar), ', ')
  FROM lotteries_lottery l JOIN ballots_ballotbox b ON b.lottery_id = l.id
  WHERE l.closes_at > %s AND b.sealed_at IS NULL
)
FROM ballots_edition e
"""
JOIN = {"postgresql": "string_agg", "sqlite": "group_concat"}


def read_rows(query: str, *values: date) -> tuple[Any, ...] | None:
    """From the database that the views read from: another may be ahead of it."""
    connection = connections[router.db_for_read(Edition)]
    query = query.format(join=JOIN[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(query, [adapt(value, connection) for value in values])
        return tuple(cursor.fetchall()) or None


def edition_of(version: Version) -> frozenset[str]:
    """The edition's keys: what holds as long as it does depends on neither counts nor time."""
    return frozenset(row[0] for row in version[0]) if version else frozenset()


def minute_of(at: datetime) -> int:
    return int(at.timestamp() // 60)


def lottery_version(at: datetime, closure_date: date) -> Version:
    """Of what shows one lottery."""
    rows = read_rows(LOTTERY, at, closure_date)
    is_open = rows and rows[0][-1]
    return (rows, minute_of(at)) if is_open else rows and (rows,)


def open_lottery_version(at: datetime, closure_date: date) -> Version:
    """Of what shows a lottery to participants; None where it shows each what is theirs.

    That is what a limit leaves them while it is open, and later whether they won.
    """
    rows = read_rows(OPEN_LOTTERY, at, closure_date, at)
    return rows and (rows, minute_of(at))


def site_version(at: datetime) -> Version:
    """Of what shows no counts of open boxes, and no moment that comes."""
    rows = read_rows(SITE)
    return rows and (rows,)


def closings_version(at: datetime) -> Version:
    """Of what shows which lotteries are open, or a countdown, and no counts of open boxes."""
    rows = read_rows(CLOSINGS, at)
    return rows and (rows, minute_of(at))


def open_boxes_version(at: datetime) -> Version:
    """Of what shows the counts of all open boxes."""
    rows = read_rows(OPEN_BOXES, at)
    return rows and (rows, minute_of(at))
