"""Whether the site does what it is there for."""

import logging
from datetime import datetime

from django.db import DatabaseError

from ballots.models import BallotBox

logger = logging.getLogger(__name__)


def what_is_wrong(at: datetime) -> str:
    """Why the site is not healthy, in a sentence; empty where it is."""
    try:
        overdue = BallotBox.objects.overdue(at).select_related("lottery").first()
    except DatabaseError:
        logger.exception("The database does not answer.")
        return "The database does not answer."
    return f"The draw of {overdue.lottery.closure_date} is overdue." if overdue else ""
