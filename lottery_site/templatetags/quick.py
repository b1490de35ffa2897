"""Tags and filters of Django that every page has many of, made quick: what they say is kept.

They are built into all templates under the names that Django gives them.
"""

from functools import lru_cache

from django import template
from django.template import Context
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.templatetags.static import static
from django.utils.html import conditional_escape

from accounts.shared.page_texts import KEPT, address, numbered_address, show_date

register = template.Library()
register.filter("date", show_date)


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
