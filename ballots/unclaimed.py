"""The deadline: whoever did not claim in time is passed over by the scheduled command."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit.writing import Actor
from ballots.day_after import Clock, set_aside
from ballots.models import BallotBox, DrawnBallot, DrawnBallotQuerySet, Ground, Holding
from lotteries.models import Lottery


def pass_over_unclaimed(
    lottery: Lottery, *, by: Actor | None = None, clock: Clock = timezone.now
) -> list[DrawnBallot]:
    """Passes over whoever did not claim in time in this lottery, one after the other.

    Returns them: nobody where all of them have claimed meanwhile. Raises LotteryWithdrawn.
    """
    with transaction.atomic(durable=True):
        box = BallotBox.objects.lock(lottery)
        at = clock()
        overdue = list(find_unclaimed(box, at))
        for holder in overdue:
            set_aside(holder, Ground.UNCLAIMED, Ground.UNCLAIMED.label, by=by, at=at)
    return overdue


def find_unclaimed(box: BallotBox, at: datetime) -> DrawnBallotQuerySet:
    """Whose time to claim is over, the first one first."""
    late = Holding.objects.overdue(at).filter(drawn__draw=box.pk)
    holders = DrawnBallot.objects.holders().filter(holding__in=late)
    holders = holders.select_related("draw__box__lottery", "participant", "holding")
    return holders.order_by("holding__claim_until", "position")


def find_lotteries_with_unclaimed(at: datetime) -> list[Lottery]:
    """Where somebody's time to claim is over, oldest first."""
    boxes = Holding.objects.overdue(at).values("drawn__draw")
    return list(Lottery.objects.filter(pk__in=boxes).order_by("closure_date"))
