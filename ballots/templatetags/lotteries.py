from datetime import datetime

from django import template
from django.template import RequestContext

from accounts.shared.links import show_text
from ballots.damage import find_damage
from ballots.editions.keeping import is_of_nobody, moment_of
from ballots.models import BallotBox, Holding, State
from ballots.own_entries import show_entry
from ballots.own_places import list_places_to_answer
from ballots.own_submissions import show_submissions
from ballots.public.feed import absolute_url
from ballots.public.qr_codes import qr_code
from lotteries.models import Lottery

register = template.Library()
register.filter("damage", find_damage)
register.filter("text", show_text)
register.filter("qr_code", qr_code)
register.filter("row", show_entry)
register.filter("items", show_submissions)


@register.filter
def state(box: BallotBox, at: datetime) -> State:
    """The state of the box at the moment for which the page is made."""
    return box.state(at)


@register.simple_tag(takes_context=True)
def moment(context: RequestContext) -> str:
    """The server's time in seconds, at which the page is sent."""
    return moment_of(context.get("request"), context["at"])


@register.simple_tag
def check_address(lottery: Lottery, number: int) -> str:
    """Where anybody can check that a ballot has this number."""
    return f"{absolute_url('check', lottery.closure_date)}?number={number}"


@register.simple_tag(takes_context=True)
def places_to_answer(context: RequestContext) -> list[Holding]:
    """What whoever reads the page has won and not answered yet, at most two of them."""
    user = context.get("user")
    if user is None or not user.is_authenticated or user.is_admin:
        return []
    if is_of_nobody(context.get("request")):  # who has won nothing, and need not be looked for
        return []
    return list_places_to_answer(user)
