"""Tags and filters of Django that every page has many of, made quick: what they say is kept.

They are built into all templates under the names that Django gives them.
"""

from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context, defaultfilters
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.timezone import get_current_timezone, is_aware, localtime

KEPT = 4096  # of each kind; some hundred bytes each

register = template.Library()


@lru_cache(KEPT, typed=True)
def address(name: str, *args: object) -> str:
    """The address of a page, escaped. No request changes it: see FORCE_SCRIPT_NAME."""
    return conditional_escape(reverse(name, args=args))


class QuickURLNode(URLNode):
    def render(self, context: Context) -> str:
        args = (each.resolve(context) for each in self.args)
        return address(self.view_name.resolve(context), *args)


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """Django's own where it stores the address or names its arguments, as Django admin does."""
    node = parse_url(parser, token)
    if node.asvar or node.kwargs:
        return node
    return QuickURLNode(node.view_name, node.args, {}, None)


@register.filter("date")
def show_date(value: Any, form: str | None = None) -> str:
    if type(value) in (date, datetime):
        return format_date(value, form, get_current_timezone())
    return defaultfilters.date(value, form)  # nothing, or a moment that |timezone has moved


@lru_cache(KEPT)
def format_date(value: date | datetime, form: str | None, zone: tzinfo) -> str:
    """A day, or a moment on the clocks of the zone."""
    moved = localtime(value, zone) if isinstance(value, datetime) and is_aware(value) else value
    return defaultfilters.date(moved, form)
