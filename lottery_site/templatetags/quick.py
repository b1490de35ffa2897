"""Tags and filters of Django that every page has many of, made quick: what they say is kept.

They are built into all templates under the names that Django gives them.
"""

from calendar import month_name
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context, defaultfilters
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.timezone import get_current_timezone, is_aware, localtime

KEPT = 4096  # of each kind; some hundred bytes each
MARK = 1_357_924_680  # stands for a number in an address, and is no part of one otherwise

register = template.Library()


@lru_cache(KEPT, typed=True)
def address(name: str, *args: object) -> str:
    """The address of a page, escaped. No request changes it: see FORCE_SCRIPT_NAME."""
    return conditional_escape(reverse(name, args=args))


def numbered_address(name: str, *args: object) -> str:
    """The same of one of very many pages, whose last argument is a number."""
    before, _, after = address(name, *args[:-1], MARK).rpartition(str(MARK))
    return mark_safe(f"{before}{args[-1]}{after}")  # noqa: S308  escaped, but for digits


class QuickURLNode(URLNode):
    def render(self, context: Context) -> str:
        args = [each.resolve(context) for each in self.args]
        is_numbered = args and type(args[-1]) is int and args[-1] >= 0
        find = numbered_address if is_numbered else address
        return find(self.view_name.resolve(context), *args)


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """Django's own where it stores the address or names its arguments, as Django admin does."""
    node = parse_url(parser, token)
    if node.asvar or node.kwargs:
        return node
    return QuickURLNode(node.view_name, node.args, {}, None)


@lru_cache(KEPT)
def static_address(path: str) -> str:
    return conditional_escape(static(path))


@register.simple_tag(name="static")
def show_static_address(path: str) -> str:
    return static_address(path)


@register.filter("date")
def show_date(value: Any, form: str | None = None) -> str:
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
    """On the clocks of the zone. The form that lists have is written at once."""
    at = localtime(moment, zone) if is_aware(moment) else moment
    if form == "j F Y, H:i:s" and at.year >= 1000:
        return f"{at.day} {month_name[at.month]} {at.year}, {at:%H:%M:%S}"
    return defaultfilters.date(at, form)
