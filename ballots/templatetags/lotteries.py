from datetime import datetime

from django import template

from accounts.shared.links import show_text
from ballots.damage import find_damage
from ballots.models import BallotBox, State

register = template.Library()
register.filter("damage", find_damage)
register.filter("text", show_text)


@register.filter
def state(box: BallotBox, at: datetime) -> State:
    """The state of the box at the moment for which the page is made."""
    return box.state(at)
