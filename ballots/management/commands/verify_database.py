"""The operator's own check, of every ballot and every draw in the database."""

from datetime import date, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import Sum
from django.utils import timezone
from tqdm import tqdm

from accounts.shared.numbers import tell_count
from ballots.management.arguments import iso_date
from ballots.management.base import LotteryCommand
from ballots.models import BallotBox
from ballots.refusals import NoLotteryOnDate
from ballots.verification.differences import find_differences, find_unchecked
from ballots.verification.lotteries import Announced, find_box, find_orphans, list_lotteries


class Command(LotteryCommand):
    help = (
        "Rehashes every ballot of every box, computes heads, draws and winners again, and names "
        "whatever differs. Of a lottery that is open it checks what the box has so far. Ends with "
        "1 where anything differs or could not be checked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_date, help="only the lottery of this closure date")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        lotteries = choose(options["date"])
        total = BallotBox.objects.aggregate(total=Sum("ballot_count", default=0))["total"]
        with tqdm(total=total, desc="ballots", disable=True if options["date"] else None) as bar:
            bad = [each.closure_date for each in lotteries if not self.verify(each, bar, at)]
        for orphans in () if options["date"] else find_orphans():
            bad.append("rows that belong to nothing")
            self.stdout.write(f"DIFFERS. {orphans}")
        if bad:
            raise CommandError(f"Not as they must be, or not checked: {', '.join(bad)}.")
        if not lotteries:
            self.stdout.write("There is no lottery to verify.")

    def verify(self, lottery: Announced, bar: "tqdm[Any]", at: datetime) -> bool:
        """Says what is found of one lottery; whether all of it is as it must be."""
        box = find_box(lottery.key)
        if isinstance(box, str):
            self.tell(lottery, f"DIFFERS. {box}")
            return False
        is_good = True
        for difference in find_differences(box, bar.update, at=at):
            is_good = False
            self.tell(lottery, f"DIFFERS. {difference}")
        if unchecked := find_unchecked(box):
            self.tell(lottery, f"NOT CHECKED. {unchecked}")
            return False
        if is_good:
            state = "draw" if box.is_drawn else "seal" if box.sealed_at else "log"
            ballots = tell_count(box.ballot_count, "ballot")
            self.tell(lottery, f"{ballots} and the {state} verified")
        return is_good


def choose(closure_date: date | None) -> list[Announced]:
    """All lotteries, or the one that closes on the date. Raises NoLotteryOnDate."""
    lotteries = list_lotteries()
    if closure_date is None:
        return lotteries
    wanted = [each for each in lotteries if each.closure_date == closure_date.isoformat()]
    if not wanted:
        raise NoLotteryOnDate(closure_date=closure_date)
    return wanted
