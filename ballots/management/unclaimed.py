"""What the scheduled job does about places that were not claimed in time."""

import logging

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.audit.writing import operator
from ballots.management.base import LotteryCommand
from ballots.models import BallotBox, DrawnBallot, Holding
from ballots.telling import note_missed_ends
from ballots.unclaimed import find_lotteries_with_unclaimed, pass_over_unclaimed
from lotteries.models import Lottery

logger = logging.getLogger(__name__)


class UnclaimedCommand(LotteryCommand):
    """A command that passes over who did not claim."""

    def pass_over_all(self) -> bool:
        """Passes over who did not claim in time, one lottery after the other; whether anybody.

        One that fails is logged and stops no other; CommandError has their dates at the end.
        """
        note_missed_ends(at=timezone.now())
        lotteries, failed = find_lotteries_with_unclaimed(timezone.now()), list[str]()
        for lottery in lotteries:
            try:
                self.report_passing_over(lottery, pass_over_unclaimed(lottery, by=operator()))
            except Exception:
                logger.exception("Nobody could be passed over in %s.", lottery)
                failed.append(str(lottery.closure_date))
        if failed:
            raise CommandError(f"Not passed over: {', '.join(failed)}. The log says why.")
        return bool(lotteries)

    def report_passing_over(self, lottery: Lottery, passed_over: list[DrawnBallot]) -> None:
        """Who was passed over, and then who holds the places."""
        for drawn in passed_over:
            self.tell(lottery, f"{describe(drawn)}: passed over, not claimed in time")
        if passed_over:
            self.tell(lottery, BallotBox.objects.with_results().get(pk=lottery.pk).outcome)

    def foretell_passing_over(self) -> bool:
        """Says who would be passed over; whether anybody."""
        holdings = Holding.objects.overdue(timezone.now()).order_by("claim_until", "drawn")
        overdue = list(holdings.select_related("drawn__draw__box__lottery", "drawn__ballot"))
        for holding in overdue:
            outcome = f"{describe(holding.drawn)}: would be passed over, not claimed in time"
            self.tell(holding.drawn.draw.box.lottery, outcome)
        return bool(overdue)


def describe(drawn: DrawnBallot) -> str:
    return f"place {drawn.place}, ballot {drawn.number} of {drawn.shown_as}"
