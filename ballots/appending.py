"""What submissions ask the database, and what they write there: as few statements as can be.

The queries are prepared once; what is written is in SQL that both databases understand, with a list
of the submissions in JSON, because a list is written alike in both. PostgreSQL is given all of it
as one statement, SQLite, which has no such statements, one part after another.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet, Subquery

from accounts.models import User
from accounts.shared.prepared import PreparedQuery, adapt
from ballots.damage import DAMAGES, find_damage
from ballots.meeting import Request
from ballots.models import BallotBox, Entry, Submission, Subtree, boxes_on
from ballots.refusals import NoLotteryOnDate
from ballots.turns import turns_of
from lotteries.models import Lottery

hold_box = PreparedQuery(lambda day: boxes_on(day).select_for_update(of=("self",)), "day")


def hold(closure_date: date, group: Sequence[Request]) -> "tuple[BallotBox, list[Person | None]]":
    """The box of the lottery that closes on this date, and who makes each of the requests.

    They are held until the transaction ends: meanwhile nobody makes an admin of any of them, or
    closes the account. None is an account that is no longer there. Raises NoLotteryOnDate,
    DataDamaged where the rows of the box cannot be as they are, or SiteBusy where somebody holds it
    for long.
    """
    most, _ = settings.SUBMISSION_RATE
    hold_person = prepare_person_query(most)
    try:
        with turns_of(closure_date).take(), connection.pipeline():  # type: ignore[attr-defined]
            asked = hold_box.ask(closure_date)
            each_asked = [
                hold_person.ask(closure_date, each.participant.pk, each.token) for each in group
            ]
        box, rows = asked.first(), [each.first() for each in each_asked]
    except DAMAGES:
        BallotBox.objects.on(closure_date)  # tells it as everywhere
        raise
    if box is None or box.sealed_at or find_damage(box):
        BallotBox.objects.on(closure_date)
    if box is None:  # it was announced a moment ago
        raise NoLotteryOnDate(closure_date=closure_date)
    return box, [Person(*row) if row else None for row in rows]


class Person(NamedTuple):
    """A participant as stored, and what is known of their submissions once the box is held."""

    is_active: bool
    is_admin: bool
    earlier: int | None  # the key of their submission with this token in this box
    ballot_count: int | None  # of their ballots in it
    limiting: datetime | None  # the moment of their latest submission but so many, in any lottery


@cache
def prepare_person_query(most: int) -> PreparedQuery[tuple[Any, ...]]:
    """Holds the account, and reads a Person; most is how many submissions a period may have."""

    def write(day: Any, participant: Any, token: Any) -> QuerySet[Any, tuple[Any, ...]]:
        box = Subquery(Lottery.objects.filter(closure_date=day).values("pk"))
        own = Submission.objects.filter(participant=participant)
        entry = Entry.objects.filter(box=box, participant=participant)
        limiting = own.order_by("-id").values("submitted_at")[most - 1 : most]
        people = User.objects.select_for_update(no_key=True).filter(pk=participant)
        return people.values_list(
            "is_active",
            "is_staff",
            Subquery(own.filter(box=box, token=token).values("pk")),
            Subquery(entry.values("ballot_count")),
            Subquery(limiting),
        )

    return PreparedQuery(write, "day", "participant", "token")


class Appended(NamedTuple):
    """What box.append has made, to be stored."""

    submission: Submission  # with its ballot_ids
    subtrees: list[Subtree]
    total: int  # of the participant's ballots in the box

    def describe(self, database: BaseDatabaseWrapper) -> dict[str, Any]:
        """As a record of the list in JSON. Both databases take the codes in hex."""
        return {
            "participant_id": self.submission.participant_id.hex,
            "token": self.submission.token.hex,
            "first_number": self.submission.first_number,
            "last_number": self.submission.last_number,
            "root": self.submission.root,
            "submitted_at": str(adapt(self.submission.submitted_at, database)),
            "ballots": [ballot.hex for ballot in self.submission.ballot_ids],
            "total": self.total,
        }


COLUMNS = {
    "participant_id": "uuid",
    "token": "uuid",
    "first_number": "integer",
    "last_number": "integer",
    "root": "text",
    "submitted_at": "timestamptz",
    "ballots": "json",
    "total": "integer",
}
RECORD = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
MADE_IN_POSTGRESQL = f"SELECT * FROM json_to_recordset(%(made)s::json) AS made ({RECORD})"  # noqa: S608
VALUES = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in COLUMNS)
MADE_IN_SQLITE = f"SELECT {VALUES} FROM json_each(%(made)s)"  # noqa: S608
BOX = """
UPDATE ballots_ballotbox
SET ballot_count = %(last)s, participant_count = %(participants)s, peaks = %(peaks)s
WHERE lottery_id = %(box)s"""
ENTRIES = """
INSERT INTO ballots_entry (box_id, participant_id, ballot_count)
SELECT %(box)s, participant_id, total FROM made WHERE true
ON CONFLICT (box_id, participant_id) DO UPDATE SET ballot_count = excluded.ballot_count"""
SUBMISSIONS = """
INSERT INTO ballots_submission
(box_id, participant_id, token, first_number, last_number, root, submitted_at)
SELECT %(box)s, participant_id, token, first_number, last_number, root, submitted_at FROM made
RETURNING id, first_number"""
BALLOTS = """
INSERT INTO ballots_ballot (id, box_id, number, submission_id)
SELECT {code}, %(box)s, first_number + {place}, stored.id
FROM made {join} USING (first_number), {each_ballot}"""
BALLOTS_IN_POSTGRESQL = BALLOTS.format(
    code="code::uuid",
    place="place - 1",
    join="JOIN submissions AS stored",
    each_ballot="json_array_elements_text(ballots) WITH ORDINALITY AS ballot (code, place)",
)
BALLOTS_IN_SQLITE = BALLOTS.format(
    code="ballot.value",
    place="ballot.key",
    # In this order: it would read all submissions of the box first.
    join="CROSS JOIN (SELECT * FROM ballots_submission WHERE box_id = %(box)s) AS stored",
    each_ballot="json_each(ballots) AS ballot",
)
ALL = f"""
WITH made AS ({MADE_IN_POSTGRESQL}),
box AS ({BOX}), entries AS ({ENTRIES}), submissions AS ({SUBMISSIONS}),
ballots AS ({BALLOTS_IN_POSTGRESQL})
SELECT id, first_number FROM submissions"""  # noqa: S608


def write_submissions(box: BallotBox, appended: Sequence[Appended]) -> None:
    """Stores what has been appended to the box, which is held, and gives submissions their keys."""
    if not appended:
        return
    database = connections[connection.alias]
    values = {
        "box": adapt(box.pk, database),
        "last": box.ballot_count,
        "participants": box.participant_count,
        "peaks": box.peaks,
        "made": json.dumps([each.describe(database) for each in appended]),
    }
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute(ALL, values)
            keys = cursor.fetchall()
        else:
            made = f"WITH made AS ({MADE_IN_SQLITE})"
            cursor.execute(BOX, values)
            cursor.execute(made + ENTRIES, values)
            cursor.execute(made + SUBMISSIONS, values)
            keys = cursor.fetchall()
            cursor.execute(made + BALLOTS_IN_SQLITE, values)
    key_of = {first_number: key for key, first_number in keys}
    for each in appended:
        each.submission.pk = key_of[each.submission.first_number]
    Subtree.objects.bulk_create(each for some in appended for each in some.subtrees)
