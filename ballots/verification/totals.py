"""What is counted for each participant, beside the submissions that were made."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from ballots.models import BallotBox, Entry, Submission
from ballots.verification.scanning import CHUNK


def check_totals(box: BallotBox) -> Iterator[str]:
    """What is counted per participant, by the database: each count in one look at it."""
    submissions, entries = Submission.objects.filter(box=box), Entry.objects.filter(box=box)
    total = (
        submissions.filter(participant=OuterRef("participant"))
        .order_by()
        .values("participant")
        .values(total=Sum(F("last_number") - F("first_number") + 1))
    )
    wrong = entries.annotate(total=Coalesce(Subquery(total), 0)).exclude(total=F("ballot_count"))
    for person, stored in wrong.values_list("participant", "ballot_count").iterator(CHUNK):
        yield f"The total of {name_person(person)} is not {stored}."
    without = submissions.exclude(participant__in=entries.values("participant"))
    for person in without.order_by().values_list("participant", flat=True).distinct():
        yield f"{name_person(person)} has ballots, but no total."
    if limit := box.lottery.ballots_each:
        for person in entries.filter(ballot_count__gt=limit).values_list("participant", flat=True):
            yield f"{name_person(person)} has more than the {limit} ballots that one may have."
    if submissions.filter(ballots=None).exists():
        yield "A submission has lost its ballots."
    yield from check_participants(box, entries, "have a total")
    yield from check_participants(box, submissions, "submitted ballots")


def check_participants(box: BallotBox, rows: QuerySet, what: str) -> Iterator[str]:
    """How many participants these rows of the box have, beside what the box counts."""
    found = rows.order_by().values("box").values(found=Count("participant", distinct=True))
    counts = BallotBox.objects.filter(pk=box.pk).annotate(found=Coalesce(Subquery(found), 0))
    for counted, people in counts.values_list("participant_count", "found"):
        if counted != people:
            yield f"The box counts {counted} participants, but {people} {what}."


def name_person(participant: UUID) -> str:
    """Their username; the code of somebody who is not there."""
    user = User.objects.filter(pk=participant).first()
    return user.username if user else f"participant {participant}"
