"""The feed of all that was promised and done, newest first, so that others keep copies (RFC 4287).

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

from ballots.models import BallotBox, Draw, Redraw
from ballots.publishing import cached, published
from lotteries.models import Lottery

PAGE_SIZE = 50


class Event(NamedTuple):
    """Something that became public of a lottery. The place tells its redraws apart."""

    moment: datetime
    kind: str
    lottery: UUID
    place: int

    @property
    def urn(self) -> str:
        return uuid5(self.lottery, f"{self.kind} {self.place}").urn


def events() -> "QuerySet[Any, Any]":
    return happened(Lottery, "created_at", "announced", "id").union(
        happened(BallotBox, "sealed_at", "sealed", "lottery"),
        happened(Draw, "drawn_at", "drawn", "box"),
        happened(Redraw, "redrawn_at", "redrawn", "draw", F("place")),
        all=True,
    )


def happened(
    model: type[Model], moment: str, kind: str, lottery: str, place: Any = None
) -> "QuerySet[Any, Any]":
    """The events that are rows of the model, each with the columns of an Event."""
    rows = model._default_manager.filter(**{f"{moment}__isnull": False}).order_by()
    columns = {"moment": F(moment), "kind": Value(kind), "of": F(lottery)}
    columns |= {"at_place": place or Value(0)}
    found: QuerySet[Any, Any] = rows.annotate(**columns).values_list(*columns)
    return found


class PagedFeed(Atom1Feed):
    """With a link to the older entries, which the library does not know."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if older := self.feed["older"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": older})


@published
def feed(request: HttpRequest) -> HttpResponse:
    newest_first = events().order_by("-moment", "kind", "of", "at_place")
    page = Paginator(newest_first, PAGE_SIZE).get_page(request.GET.get("page"))
    response = HttpResponse(content_type=PagedFeed.content_type)
    response.write(written([Event(*row) for row in page], page))
    return cached(response, is_final=False)


def address(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(f"ballots:{name}", args=args)


def written(page_events: list[Event], page: "Page[Any]") -> str:
    here = address("feed")
    made = PagedFeed(
        title=settings.PROJECT_NAME,
        link=address("home"),
        description="",
        feed_url=f"{here}?page={page.number}" if page.number > 1 else here,
        feed_guid=here,
        author_name=settings.PROJECT_NAME,
        older=f"{here}?page={page.next_page_number()}" if page.has_next() else "",
    )
    boxes = BallotBox.objects.with_results().in_bulk({event.lottery for event in page_events})
    for event in page_events:
        box = boxes[event.lottery]
        made.add_item(
            title=f"{box.lottery}: {event.kind}",
            link=address("lottery", box.lottery.closure_date),
            description=render_to_string("ballots/feed_entry.html", {"event": event, "box": box}),
            unique_id=event.urn,
            pubdate=event.moment,
            updateddate=event.moment,
        )
    return str(made.writeString("utf-8"))
