"""The closing times as calendars (RFC 5545), to subscribe to or to take one along.

An event is a moment that takes no time, and nobody is busy at it. There are no alarms: whether to
be reminded, and when, is set in everybody's own calendar. A withdrawn lottery vanishes.
"""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from icalendar import TRANSP, Calendar, Event

from ballots.damage import find_damage
from ballots.editions.keeping import keep
from ballots.editions.versions import closings_version, lottery_version
from ballots.models import BallotBox
from ballots.public.caching import let_caches_keep, publish
from ballots.public.feed import absolute_url
from ballots.public.views import give_box

KEPT = timedelta(days=31)  # after it closed
LONGEST = 500  # events: a daily lottery, planned a year ahead
PRODUCT = "-//Lottery Site//Closing times//EN"


@keep(closings_version)
@publish
def calendar(request: HttpRequest) -> HttpResponse:
    """The open lotteries, soonest first, after those that closed in the last 31 days."""
    boxes = BallotBox.objects.with_results().order_by("lottery__closes_at")
    boxes = boxes.filter(lottery__closes_at__gt=timezone.now() - KEPT)[:LONGEST]
    return publish_calendar(absolute_url("calendar"), boxes)


@keep(lottery_version)
@give_box()
def lottery_calendar(request: HttpRequest, box: BallotBox) -> HttpResponse:
    return publish_calendar(absolute_url("lottery_calendar", box.lottery.closure_date), [box])


def publish_calendar(address: str, boxes: Iterable[BallotBox]) -> HttpResponse:
    made = Calendar.new(prodid=PRODUCT, uid=address, name=settings.PROJECT_NAME)
    # The library leaves out the type, which RFC 7986 (section 5.7) asks for.
    made.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    for box in boxes:
        if not find_damage(box):
            made.add_component(describe_closing(box))
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    return let_caches_keep(response, is_final=False)


def describe_closing(box: BallotBox) -> Event:
    """When the box closes or, where an admin closed it early, when it did.

    Without METHOD, DTSTAMP is when the event was last changed (RFC 5545, section 3.8.7.2).
    """
    lottery = box.lottery
    is_early = box.closed_early and box.sealed_at is not None
    address = absolute_url("lottery", lottery.closure_date)
    return Event.new(
        uid=f"{lottery.id}@{urlsplit(settings.SITE_URL).hostname}",
        summary=f"{lottery.name} closes",
        description="\n".join(filter(None, [lottery.headline, address])),
        url=address,
        start=box.sealed_at if is_early else lottery.closes_at,
        stamp=box.sealed_at if is_early else lottery.announced_at,
        sequence=1 if is_early else 0,
        transparency=TRANSP.TRANSPARENT,
    )
