"""The lotteries that somebody has ballots in, as a list of theirs has them: by one query."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, FilteredRelation, Q, QuerySet
from django.http import Http404
from django.template.loader import render_to_string

from accounts.shared.prepared import PreparedQuery
from ballots.models import (
    Answer,
    Anybody,
    DrawnBallot,
    Entry,
    Holding,
    State,
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


def select_own(entries: QuerySet[Entry], user: Any, at: Any) -> QuerySet[Entry]:
    """With what became of them.

    Of moments only what is shown of them is read: whether they have come.
    """
    drawn = "box__draw__drawn"
    mine = Q((f"{drawn}__participant", user), (f"{drawn}__place__isnull", False))
    return entries.filter(participant=user).annotate(
        mine=FilteredRelation(drawn, condition=mine),
        is_drawn=Q(box__draw__isnull=False),
        is_sealed=Q(box__sealed_at__isnull=False),
        is_open=Q(box__lottery__closes_at__gt=at),
        is_passed_over=Q(mine__passed_over_at__isnull=False),
        is_handed_over=Q(mine__holding__handed_over_at__isnull=False),
        has_to_answer=Exists(Holding.objects.to_answer(user, at)),
    )


COLUMNS = (
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
)


def write_query(user: Any, before: Any, at: Any) -> QuerySet[Entry, tuple[Any, ...]]:
    """The newest first, and one more than a page has."""
    earlier = Entry.objects.filter(box__lottery__closure_date__lt=before)
    mine = select_own(earlier, user, at).order_by("-box__lottery__closure_date")
    return mine.values_list("has_to_answer", *COLUMNS)[: PAGE_SIZE + 1]


find_rows = PreparedQuery(write_query, "user", "before", "at")


class OwnEntries(NamedTuple):
    entries: list[OwnEntry]
    may_have_to_answer: bool  # what they have won; without entries it is not known


def list_entries(user: Anybody, *, at: datetime, before: date | None) -> OwnEntries:
    """As they are at that moment; before is a closure date, None for the newest."""
    rows = find_rows(user.pk, before or date.max, at)
    return OwnEntries([entry_of(*row) for _, *row in rows], not rows or rows[0][0])


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


class Found(NamedTuple):
    """An entry, and what its page says beside that."""

    entry: OwnEntry
    box: UUID
    box_count: int  # ballots of all participants
    has_to_answer: bool  # what was won, in whichever lottery

    @property
    def state(self) -> str:
        """In words."""
        drawn = State.DRAWN if self.box_count else State.DRAWN_EMPTY
        return self.entry.state or drawn.label


def find_entry(user: Anybody, closure_date: date, *, at: datetime) -> Found:
    """As it is at that moment. Raises Http404."""
    row = read_entry.first(user.pk, closure_date, at)
    if row is None:
        raise Http404("You have no ballots in such a lottery.")
    box, box_count, has_to_answer, *of_list = row
    return Found(entry_of(*of_list), box, box_count, has_to_answer)


def find_drawn(user: Anybody, found: Found) -> DrawnBallot | None:
    """What holds or held a place for the participant, where something does."""
    return read_drawn.first(user.pk, found.box) if found.entry.place else None


def write_query_of_one(user: Any, day: Any, at: Any) -> QuerySet[Entry, tuple[Any, ...]]:
    mine = select_own(Entry.objects.filter(box__lottery__closure_date=day), user, at)
    return mine.values_list("box", "box__ballot_count", "has_to_answer", *COLUMNS)


read_entry = PreparedQuery(write_query_of_one, "user", "day", "at")
read_drawn = PreparedQuery(
    lambda user, box: DrawnBallot.objects.holders().filter(participant=user, draw=box),
    "user",
    "box",
)
