"""The feed of all that was promised and done, newest first, so that others keep copies (RFC 4287).

An entry never changes: it says what became public at its moment, and nothing that came later. It
has codes and no usernames, as proofs have. What a withdrawn lottery had announced goes with it.
A page has 50 entries; its link rel="next" leads to older ones (RFC 5005).
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import F, Model, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from ballots.damage import find_damage
from ballots.editions.keeping import keep
from ballots.editions.versions import site_version
from ballots.models import BallotBox, Draw, DrawnBallot, Holding, prefetch_holders
from ballots.public.caching import let_caches_keep, publish
from lotteries.models import Lottery, Note

PAGE_SIZE = 50


class Event(NamedTuple):
    """Something that became public of a lottery.

    Which tells those of one kind apart: the key of a note, or the position of a holder; else 0.
    """

    moment: datetime
    kind: str
    lottery: UUID
    which: int

    @property
    def urn(self) -> str:
        return uuid5(self.lottery, f"{self.kind} {self.which}").urn


def events() -> "QuerySet[Any, Any]":
    draw = "draw__box__lottery__id"
    return select_events(Lottery, "announced_at", "announced", "id").union(
        select_events(Note, "noted_at", "note", "lottery__id", F("id")),
        select_events(BallotBox, "sealed_at", "sealed", "lottery__id"),
        select_events(Draw, "drawn_at", "drawn", "box__lottery__id"),
        select_events(DrawnBallot, "passed_over_at", "passed over", draw, F("position")),
        select_events(
            Holding, "handed_over_at", "handed over", f"drawn__{draw}", F("drawn__position")
        ),
        all=True,
    )


def select_events(
    model: type[Model], moment: str, kind: str, lottery: str, which: Any = None
) -> "QuerySet[Any, Any]":
    """The events that are rows of the model, each with the columns of an Event."""
    rows = model._default_manager.filter(**{f"{moment}__isnull": False}).order_by()
    columns = {"moment": F(moment), "kind": Value(kind), "of": F(lottery)}
    columns |= {"which": which or Value(0)}
    found: QuerySet[Any, Any] = rows.annotate(**columns).values_list(*columns)
    return found


class PagedFeed(Atom1Feed):
    """With a link to the older entries, which the library does not know."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if older := self.feed["older"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": older})


@keep(site_version)
@publish
def feed(request: HttpRequest) -> HttpResponse:
    newest_first = events().order_by("-moment", "kind", "of", "which")
    page = Paginator(newest_first, PAGE_SIZE).get_page(request.GET.get("page"))
    response = HttpResponse(content_type=PagedFeed.content_type)
    response.write(write_feed([Event(*row) for row in page], page))
    return let_caches_keep(response, is_final=False)


def find_lotteries(keys: set[UUID]) -> dict[UUID, Lottery]:
    """The lotteries with notes and draws; one without a box, which cannot be, hides no other."""
    lotteries = Lottery.objects.select_related("box__draw")
    return lotteries.prefetch_related("notes", prefetch_holders("box__draw")).in_bulk(keys)


def name_with_prize(lottery: Lottery) -> str:
    return f"{lottery}, {lottery.headline}" if lottery.headline else str(lottery)


def describe(event: Event, lottery: Lottery) -> str:
    """The event in words, as it was then."""
    box = getattr(lottery, "box", None)
    context: dict[str, Any] = {"event": event, "lottery": lottery, "box": box}
    if event.kind == "note":
        context["note"] = next(note for note in lottery.notes.all() if note.pk == event.which)
    elif event.kind != "announced" and (box is None or find_damage(box)):
        context["is_damaged"] = True
    elif box and event.kind != "announced" and box.is_drawn:
        context |= describe_places(box.draw, event.which)
    return render_to_string("ballots/feed_entry.html", context)


def describe_places(draw: Draw, position: int) -> dict[str, Any]:
    """Whose place it is about, if any, and who came to hold one by it or by the draw."""
    holder = next((each for each in draw.holders if each.position == position), None)
    after = holder.pk if holder else None
    return {"holder": holder, "next": [each for each in draw.holders if each.after_id == after]}


def absolute_url(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(f"ballots:{name}", args=args)


def write_feed(page_events: list[Event], page: "Page[Any]") -> str:
    here = absolute_url("feed")
    made = PagedFeed(
        title=settings.PROJECT_NAME,
        link=absolute_url("home"),
        description="",
        feed_url=f"{here}?page={page.number}" if page.number > 1 else here,
        feed_guid=here,
        author_name=settings.PROJECT_NAME,
        older=f"{here}?page={page.next_page_number()}" if page.has_next() else "",
    )
    lotteries = find_lotteries({event.lottery for event in page_events})
    for event in page_events:
        lottery = lotteries[event.lottery]
        made.add_item(
            title=f"{name_with_prize(lottery)}: {event.kind}",
            link=absolute_url("lottery", lottery.closure_date),
            description=describe(event, lottery),
            unique_id=event.urn,
            pubdate=event.moment,
            updateddate=event.moment,
        )
    return str(made.writeString("utf-8"))
