"""What a submission asks the database, and what it writes there: as few statements as can be.

The queries are prepared once; what is written is in SQL that both databases understand. PostgreSQL
is given all of it as one statement, SQLite, which has no such statements, one part after another.
"""

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Subquery

from accounts.models import User
from accounts.refusals import AccountGone
from accounts.shared.prepared import PreparedQuery, adapt
from ballots.damage import DAMAGES, find_damage
from ballots.models import BallotBox, Entry, Submission, Subtree, boxes_on
from ballots.refusals import NoLotteryOnDate
from ballots.turns import turns_of

hold_box = PreparedQuery(lambda day: boxes_on(day).select_for_update(of=("self",)), "day")


def lock_box(closure_date: date) -> BallotBox:
    """The box of the lottery that closes on this date, held until the transaction ends.

    Raises NoLotteryOnDate, DataDamaged where its rows cannot be as they are, or SiteBusy where
    somebody holds it for long.
    """
    try:
        with turns_of(closure_date).take():
            box = hold_box.first(closure_date)
    except DAMAGES:
        BallotBox.objects.on(closure_date)  # tells it as everywhere
        raise
    if box is None or box.sealed_at or find_damage(box):
        BallotBox.objects.on(closure_date)
    if box is None:  # it was announced a moment ago
        raise NoLotteryOnDate(closure_date=closure_date)
    return box


@cache
def prepare_person_query(most: int) -> PreparedQuery[Any]:
    """The participant, held, with what is known of their submissions once the box is.

    That is: earlier, the key of the one with this token in this box; ballot_count, of their ballots
    in it; and limiting, the moment of their latest submission but so many, in whichever lottery.
    """

    def write(box: Any, participant: Any, token: Any) -> QuerySet[Any]:
        own = Submission.objects.filter(participant=participant)
        entry = Entry.objects.filter(box=box, participant=participant)
        limiting = own.order_by("-id").values("submitted_at")[most - 1 : most]
        people = User.objects.select_for_update(no_key=True).filter(pk=participant)
        return people.annotate(
            earlier=Subquery(own.filter(box=box, token=token).values("pk")),
            ballot_count=Subquery(entry.values("ballot_count")),
            limiting=Subquery(limiting),
        )

    return PreparedQuery(write, "box", "participant", "token")


def hold_participant(box: BallotBox, participant: User, token: UUID, *, most: int) -> Any:
    """The participant as prepare_person_query has them. The box is held already.

    Until the transaction ends, nobody makes an admin of them or closes the account. Raises
    AccountGone.
    """
    person = prepare_person_query(most).first(box.pk, participant.pk, token)
    if person is None or not person.is_active:
        raise AccountGone
    return person


BOX = """
UPDATE ballots_ballotbox
SET ballot_count = %(last)s, participant_count = %(participants)s, peaks = %(peaks)s
WHERE lottery_id = %(box)s"""
ENTRY = """
INSERT INTO ballots_entry (box_id, participant_id, ballot_count)
VALUES (%(box)s, %(participant)s, %(total)s)
ON CONFLICT (box_id, participant_id) DO UPDATE SET ballot_count = excluded.ballot_count"""
SUBMISSION = """
INSERT INTO ballots_submission
(box_id, participant_id, token, first_number, last_number, root, submitted_at)
VALUES (%(box)s, %(participant)s, %(token)s, %(first)s, %(last)s, %(root)s, %(at)s)
RETURNING id"""
# The ballots are a list in JSON, because one of unknown length is written alike in both.
BALLOTS = """
INSERT INTO ballots_ballot (id, box_id, number, submission_id)
SELECT {value}, %(box)s, %(first)s + key, {submission} FROM {values}"""
BALLOTS_IN_SQLITE = BALLOTS.format(
    value="value", values="json_each(%(ballots)s)", submission="%(submission)s"
)
BALLOTS_IN_POSTGRESQL = BALLOTS.format(
    value="value::uuid",
    values="submission, (SELECT value, place - 1 AS key FROM "
    "json_array_elements_text(%(ballots)s::json) WITH ORDINALITY AS each (value, place)) AS list",
    submission="submission.id",
)
ALL = f"""
WITH box AS ({BOX}), entry AS ({ENTRY}), submission AS ({SUBMISSION}),
ballots AS ({BALLOTS_IN_POSTGRESQL})
SELECT id FROM submission"""  # noqa: S608


def write_submission(
    box: BallotBox,
    submission: Submission,
    ballots: Sequence[UUID],
    subtrees: list[Subtree],
    *,
    total: int,
) -> None:
    """Stores what box.append has made; total is how many ballots the participant has then.

    Gives the submission its key. The box is held.
    """
    values = {
        "box": box.pk,
        "participants": box.participant_count,
        "peaks": box.peaks,
        "participant": submission.participant_id,
        "total": total,
        "token": submission.token,
        "first": submission.first_number,
        "last": submission.last_number,
        "root": submission.root,
        "at": submission.submitted_at,
        "ballots": json.dumps([ballot.hex for ballot in ballots]),
    }
    values = {name: adapt(value, connection) for name, value in values.items()}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(ALL, values)
            submission.pk = cursor.fetchone()[0]
        else:
            cursor.execute(BOX, values)
            cursor.execute(ENTRY, values)
            cursor.execute(SUBMISSION, values)
            submission.pk = values["submission"] = cursor.fetchone()[0]
            cursor.execute(BALLOTS_IN_SQLITE, values)
    Subtree.objects.bulk_create(subtrees)
