"""Whether the site does what it is there for."""

import logging
from datetime import datetime
from typing import Any, cast

from django.db import Error, connection

from ballots.models import LATE, BallotBox, Holding

logger = logging.getLogger(__name__)
PATIENCE = 2  # seconds for the database: who asks this doesn't wait as long as a reader of pages


def what_is_wrong(at: datetime) -> str:
    """Why the site is not healthy, in a sentence; empty where it is."""
    try:
        with cast(Any, connection).hurry(PATIENCE):
            overdue = BallotBox.objects.overdue(at).select_related("lottery").first()
            unclaimed = Holding.objects.overdue(at - LATE)
            holding = unclaimed.select_related("drawn__draw__box__lottery").first()
    except Error:
        logger.exception("The database does not answer.")
        return "The database does not answer."
    if overdue:
        return f"The draw of {overdue.lottery.closure_date} is overdue."
    if holding:
        closure_date = holding.drawn.draw.box.lottery.closure_date
        return f"A place of {closure_date} was not claimed in time; passing over is overdue."
    return ""
