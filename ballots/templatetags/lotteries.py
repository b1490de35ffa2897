from datetime import datetime

from django import template

from ballots.models import BallotBox, State

register = template.Library()


@register.filter
def state(box: BallotBox, at: datetime) -> State:
    """The state of the box at the moment for which the page is made."""
    return box.state(at)
