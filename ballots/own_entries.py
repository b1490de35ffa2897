"""The lotteries that somebody has ballots in, as a list of theirs has them: by one query."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import FilteredRelation, Q, QuerySet
from django.http import Http404
from django.template.loader import render_to_string

from accounts.shared.prepared import PreparedQuery
from ballots.models import (
    Answer,
    Anybody,
    DrawnBallot,
    Entry,
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


def write_query(user: Any, before: Any, at: Any) -> QuerySet[Entry, tuple[Any, ...]]:
    """The newest first, and one more than a page has.

    Of moments only what is shown of them is read: whether they have come.
    """
    drawn = "box__draw__drawn"
    mine = Q((f"{drawn}__participant", user), (f"{drawn}__place__isnull", False))
    entries = Entry.objects.filter(participant=user, box__lottery__closure_date__lt=before)
    entries = entries.order_by("-box__lottery__closure_date").annotate(
        mine=FilteredRelation(drawn, condition=mine),
        is_drawn=Q(box__draw__isnull=False),
        is_sealed=Q(box__sealed_at__isnull=False),
        is_open=Q(box__lottery__closes_at__gt=at),
        is_passed_over=Q(mine__passed_over_at__isnull=False),
        is_handed_over=Q(mine__holding__handed_over_at__isnull=False),
    )
    return entries.values_list(
        "box__lottery__closure_date",
        "box__lottery__name",
        "box__lottery__prize",
        "box__lottery__places",
        "ballot_count",
        "is_drawn",
        "is_sealed",
        "is_open",
        "mine__place",
        "is_passed_over",
        "mine__holding__answer",
        "is_handed_over",
    )[: PAGE_SIZE + 1]


find_rows = PreparedQuery(write_query, "user", "before", "at")


def list_entries(user: Anybody, *, at: datetime, before: date | None) -> list[OwnEntry]:
    """As they are at that moment; before is a closure date, None for the newest."""
    return [entry_of(*row) for row in find_rows(user.pk, before or date.max, at)]


def entry_of(
    closure_date: date,
    name: str,
    prize: str,
    places: int,
    ballot_count: int,
    is_drawn: bool,
    is_sealed: bool,
    is_open: bool,
    place: int | None,
    is_passed_over: bool,
    answer: str | None,
    is_handed_over: bool,
) -> OwnEntry:
    return OwnEntry(
        closure_date,
        name,
        headline_of(prize),
        places,
        ballot_count,
        "" if is_drawn else state_before_draw(is_sealed=is_sealed, is_open=is_open).label,
        place,
        is_passed_over,
        answer == Answer.CLAIMED,
        is_handed_over,
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


read_entry = PreparedQuery(
    lambda user, day: (
        Entry.objects.filter(participant=user, box__lottery__closure_date=day)
        .select_related("box__lottery", "box__draw")
        .only(
            "ballot_count",
            "participant",
            "box__ballot_count",
            "box__sealed_at",
            "box__lottery__closure_date",
            "box__lottery__closes_at",
            "box__lottery__name",
            "box__lottery__places",
            "box__lottery__prize",
            "box__draw__box",
        )
    ),
    "user",
    "day",
)
read_drawn = PreparedQuery(
    lambda user, box: DrawnBallot.objects.holders().filter(participant=user, draw=box),
    "user",
    "box",
)
