"""The lotteries that somebody has ballots in, as a list of theirs has them: by one query."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import FilteredRelation, Q, QuerySet
from django.http import Http404
from django.template.loader import render_to_string

from accounts.shared.prepared import PreparedQuery
from ballots.models import (
    LARGEST_NUMBER,
    Answer,
    Anybody,
    DrawnBallot,
    Entry,
    Submission,
    state_before_draw,
)
from ballots.paging import PAGE_SIZE
from lotteries.models import headline_of

KEPT = 1024  # rows, of about a kilobyte


class OwnEntry(NamedTuple):
    """All that a row of the list shows, and nothing that tells whose it is."""

    closure_date: date
    name: str
    headline: str
    places: int
    ballot_count: int
    state: str  # until the draw, in words; then ""
    place: int | None  # that the person holds or held
    is_passed_over: bool
    is_claimed: bool
    is_handed_over: bool


def write_query(user: Any, before: Any) -> QuerySet[Entry, tuple[Any, ...]]:
    """The newest first, and one more than a page has."""
    drawn = "box__draw__drawn"
    mine = Q((f"{drawn}__participant", user), (f"{drawn}__place__isnull", False))
    entries = Entry.objects.filter(participant=user, box__lottery__closure_date__lt=before)
    entries = entries.annotate(mine=FilteredRelation(drawn, condition=mine))
    return entries.order_by("-box__lottery__closure_date").values_list(
        "box__lottery__closure_date",
        "box__lottery__name",
        "box__lottery__prize",
        "box__lottery__places",
        "box__lottery__closes_at",
        "box__sealed_at",
        "box__draw",
        "ballot_count",
        "mine__place",
        "mine__passed_over_at",
        "mine__holding__answer",
        "mine__holding__handed_over_at",
    )[: PAGE_SIZE + 1]


find_rows = PreparedQuery(write_query, "user", "before")


def list_entries(user: Anybody, *, at: datetime, before: date | None) -> list[OwnEntry]:
    """As they are at that moment; before is a closure date, None for the newest."""
    return [entry_of(at, *row) for row in find_rows(user.pk, before or date.max)]


def entry_of(
    at: datetime,
    closure_date: date,
    name: str,
    prize: str,
    places: int,
    closes_at: datetime,
    sealed_at: datetime | None,
    draw: object,
    ballot_count: int,
    place: int | None,
    passed_over_at: datetime | None,
    answer: str | None,
    handed_over_at: datetime | None,
) -> OwnEntry:
    return OwnEntry(
        closure_date,
        name,
        headline_of(prize),
        places,
        ballot_count,
        "" if draw else str(state_before_draw(sealed_at, closes_at, at).label),
        place,
        passed_over_at is not None,
        answer == Answer.CLAIMED,
        handed_over_at is not None,
    )


@lru_cache(KEPT)
def show_entry(entry: OwnEntry) -> str:
    """The row of the table: most rows are those of many people."""
    return render_to_string("ballots/_entry.html", {"entry": entry})


# --- One of them


def find_entry(user: Anybody, closure_date: date) -> Entry:
    """With its box, its lottery and its draw. Raises Http404."""
    entry = read_entry.first(user.pk, closure_date)
    if entry is None:
        raise Http404("You have no ballots in such a lottery.")
    return entry


def find_drawn(entry: Entry) -> DrawnBallot | None:
    """What holds or held a place for the participant, where something does."""
    return read_drawn.first(entry.participant_id, entry.box_id) if entry.box.is_drawn else None


def list_submissions(entry: Entry, *, before: int | None) -> list[Submission]:
    """Those with lower numbers, the latest first; before is None for all of them."""
    limit = LARGEST_NUMBER + 1 if before is None else min(before, LARGEST_NUMBER + 1)
    return read_submissions(entry.participant_id, entry.box_id, limit)


read_entry = PreparedQuery(
    lambda user, day: Entry.objects.filter(
        participant=user, box__lottery__closure_date=day
    ).select_related("box__lottery", "box__draw"),
    "user",
    "day",
)
read_drawn = PreparedQuery(
    lambda user, box: DrawnBallot.objects.holders().filter(participant=user, draw=box),
    "user",
    "box",
)
read_submissions = PreparedQuery(
    lambda user, box, before: (
        Submission.objects.filter(participant=user, box=box, first_number__lt=before)
        .only("first_number", "last_number", "submitted_at")
        .order_by("-first_number")[: PAGE_SIZE + 1]
    ),
    "user",
    "box",
    "before",
)
