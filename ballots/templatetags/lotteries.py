from datetime import datetime

from django import template

from accounts.shared.links import show_text
from ballots.damage import find_damage
from ballots.models import BallotBox, State
from ballots.public.feed import absolute_url
from ballots.public.qr_codes import qr_code
from lotteries.models import Lottery

register = template.Library()
register.filter("damage", find_damage)
register.filter("text", show_text)
register.filter("qr_code", qr_code)


@register.filter
def state(box: BallotBox, at: datetime) -> State:
    """The state of the box at the moment for which the page is made."""
    return box.state(at)


@register.simple_tag
def check_address(lottery: Lottery, number: int) -> str:
    """Where anybody can check that a ballot has this number."""
    return f"{absolute_url('check', lottery.closure_date)}?number={number}"
