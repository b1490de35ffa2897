"""Addresses, days and moments, of which pages have many: what they say is kept."""

from calendar import month_name
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any

from django.template import defaultfilters
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.timezone import get_current_timezone, is_aware, localtime

KEPT = 4096  # of each kind; some hundred bytes each
MONTHS = tuple(month_name)
MARK = 1_357_924_680  # stands for a number in an address, and is no part of one otherwise


@lru_cache(KEPT, typed=True)
def address(name: str, *args: object) -> str:
    """The address of a page, escaped. No request changes it: see FORCE_SCRIPT_NAME."""
    return conditional_escape(reverse(name, args=args))


@lru_cache(KEPT, typed=True)
def split_address(name: str, *args: object) -> tuple[str, str]:
    """That of very many pages, whose last argument is a number: what stands around it."""
    before, _, behind = address(name, *args, MARK).rpartition(str(MARK))
    return before, behind


def numbered_address(name: str, *args: object) -> str:
    """That of one of them."""
    before, behind = split_address(name, *args[:-1])
    return mark_safe(f"{before}{args[-1]}{behind}")  # noqa: S308  escaped, but for digits


def show_date(value: Any, form: str | None = None) -> str:
    """A day, or a moment on the site's clocks, in a form of Django's."""
    if type(value) is date:
        return format_day(value, form)
    if type(value) is datetime:
        return format_moment(value, form, get_current_timezone())
    return defaultfilters.date(value, form)  # nothing, or a moment that |timezone has moved


@lru_cache(KEPT)
def format_day(day: date, form: str | None) -> str:
    return defaultfilters.date(day, form)


@lru_cache(KEPT)
def format_moment(moment: datetime, form: str | None, zone: tzinfo) -> str:
    """On the clocks of the zone."""
    at = localtime(moment, zone) if is_aware(moment) else moment
    return defaultfilters.date(at, form)


def show_moment(moment: datetime | None, zone: tzinfo) -> str:
    """On the clocks of the zone, as "j F Y, H:i:s", which lists have many of; "" for None."""
    if moment is None:
        return ""
    at = moment.astimezone(zone)
    day = f"{at.day} {MONTHS[at.month]} {at.year:04}"
    return f"{day}, {at.hour:02}:{at.minute:02}:{at.second:02}"
