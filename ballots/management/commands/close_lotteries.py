"""The scheduled job: closes the lotteries whose time has come and draws their winners."""

import logging
import time
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from ballots.management.arguments import iso_date, whole_number
from ballots.models import BallotBox, Draw, State
from ballots.refusals import LotteryStillOpen, Refusal
from ballots.services import close_lottery, plan_lotteries

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Closes every lottery whose time has come, oldest first, and draws its winner. "
        "With LOTTERIES_AHEAD set, it also opens the lotteries of the coming days."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_date, help="only the lottery of this closure date")
        parser.add_argument(
            "--early",
            action="store_true",
            help="with --date: close it even before its time; the public record will say so",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be closed")
        parser.add_argument(
            "--watch",
            type=whole_number(1, 86400),
            metavar="SECONDS",
            help="do it again and again, until stopped",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["early"] and not options["date"]:
            raise CommandError("--early needs --date: name the one lottery to close early.")
        if options["watch"]:
            self.watch(**options)
        elif options["date"]:
            self.close_one(options["date"], early=options["early"], dry_run=options["dry_run"])
        else:
            self.close_due(dry_run=options["dry_run"])

    def watch(self, *, watch: int, **options: Any) -> None:
        """Runs until it is stopped: whatever fails is logged and tried again the next time."""
        try:
            while True:
                try:
                    close_old_connections()
                    self.handle(**options | {"watch": None})
                except Exception:
                    logger.exception("This run failed. The next one is in %s seconds.", watch)
                time.sleep(watch)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def close_one(self, closure_date: date, *, early: bool, dry_run: bool) -> None:
        boxes = BallotBox.objects.select_related("lottery")
        box = boxes.filter(lottery__closure_date=closure_date).first()
        if box is None:
            raise CommandError(f"There is no lottery that closes on {closure_date}.")
        if dry_run:
            return self.foretell(box, early=early)
        try:
            self.report(close_lottery(box.lottery, early=early))
        except LotteryStillOpen as refusal:
            raise CommandError(
                f"{refusal} Add --early to close it now; its public record will say so."
            ) from refusal
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def close_due(self, *, dry_run: bool) -> None:
        """Closes all that are due; one that fails is logged and doesn't stop the others."""
        boxes = BallotBox.objects.waiting(timezone.now()).select_related("lottery")
        failed = []
        for box in boxes.order_by("lottery__closes_at"):
            if dry_run:
                self.foretell(box)
                continue
            try:
                self.report(close_lottery(box.lottery))
            except Exception:
                logger.exception("%s could not be drawn.", box.lottery)
                failed.append(str(box.lottery.closure_date))
        if not dry_run:
            self.plan_ahead()
        if failed:
            raise CommandError(f"Not drawn: {', '.join(failed)}. The log says why.")

    def plan_ahead(self) -> None:
        for box in plan_lotteries(settings.LOTTERIES_AHEAD):
            self.stdout.write(f"{box.lottery.closure_date} {box.lottery.name}: opened")

    def foretell(self, box: BallotBox, *, early: bool = False) -> None:
        outcome = {
            State.OPEN: "would be closed early and drawn" if early else "is still open",
            State.CLOSED: "would be closed and drawn",
        }.get(box.state(timezone.now()), "is drawn already")
        self.stdout.write(f"{box.lottery.closure_date} {box.lottery.name}: {outcome}")

    def report(self, draw: Draw) -> None:
        lottery, ballot = draw.box.lottery, draw.winning_ballot
        result = f"ballot {ballot.number} wins, {ballot.participant}" if ballot else "no ballots"
        self.stdout.write(f"{lottery.closure_date} {lottery.name}: {result}")
