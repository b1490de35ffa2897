"""Whether the site does what it is there for."""

import logging
from datetime import datetime

from django.db import DatabaseError

from ballots.models import LATE, BallotBox, Holding

logger = logging.getLogger(__name__)


def what_is_wrong(at: datetime) -> str:
    """Why the site is not healthy, in a sentence; empty where it is."""
    try:
        overdue = BallotBox.objects.overdue(at).select_related("lottery").first()
        unclaimed = Holding.objects.overdue(at - LATE)
        holding = unclaimed.select_related("drawn__draw__box__lottery").first()
    except DatabaseError:
        logger.exception("The database does not answer.")
        return "The database does not answer."
    if overdue:
        return f"The draw of {overdue.lottery.closure_date} is overdue."
    if holding:
        closure_date = holding.drawn.draw.box.lottery.closure_date
        return f"A place of {closure_date} was not claimed in time; passing over is overdue."
    return ""
