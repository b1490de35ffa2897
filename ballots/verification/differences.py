"""Everything about one box: its announcement, its log, its totals and its draw."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from ballots.damage import DAMAGES
from ballots.models import BallotBox
from ballots.verification.draws import check_draw
from ballots.verification.holdings import check_holdings
from ballots.verification.log import check_log
from ballots.verification.scanning import SKEW, Progress
from ballots.verification.totals import check_totals
from lotteries.models import Lottery
from lotteries.protocol import drand
from lotteries.protocol.closing import closing_time
from lotteries.protocol.seeds import seed_commitment


def find_differences(
    box: BallotBox, progress: Progress = lambda ballots: None, *, at: datetime | None = None
) -> Iterator[str]:
    """A sentence for everything about the box that is not as it must be.

    One that is open at this moment may grow meanwhile: of its log, what it had when it was read
    is checked.
    """
    may_grow = box.is_open((at or timezone.now()) - SKEW)
    checks = (
        check_announcement(box.lottery),
        check_log(box, progress, may_grow=may_grow),
        check_totals(box),
        check_draw(box),
        check_holdings(box),
    )
    for check in checks:
        try:
            yield from check
        except DAMAGES as error:
            yield f"A value is not in its format: {error}."


def find_unchecked(box: BallotBox) -> str:
    """What of the box cannot be checked here, and why; empty where everything can."""
    if box.is_drawn and box.lottery.has_beacon and not drand.is_checkable():
        return f"Whether the beacon signed its round: that takes the package {drand.LIBRARY}."
    return ""


def check_announcement(lottery: Lottery) -> Iterator[str]:
    if lottery.seed_commitment != seed_commitment(lottery.id, lottery.seed):
        yield "The seed is not the one that was committed to."
    if lottery.closes_at != closing_time(lottery.closure_date, ZoneInfo(lottery.time_zone)):
        yield f"The closing time is not midnight at the end of its date in {lottery.time_zone}."
    if lottery.announcement != lottery.compute_announcement():
        yield "The announcement is not the one that its ballots were submitted under."
    if lottery.beacon_round and lottery.beacon_chain != drand.CHAIN:
        yield "The beacon is not drand quicknet."
    if lottery.beacon_time and lottery.beacon_time <= lottery.closes_at:
        yield "The round of the beacon is not after its closing time."
    if lottery.notes.filter(noted_at__lt=lottery.announced_at - SKEW).exists():
        yield "It has a note from before it was announced."
