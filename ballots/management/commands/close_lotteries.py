"""The scheduled job: closes the lotteries whose time has come and draws their winners."""

import logging
import time
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from accounts.audit.writing import operator
from accounts.cleaning import delete_what_is_over
from accounts.mail.senders import Senders, at_work, send_all
from ballots.cleaning import delete_old_words
from ballots.life import close_lottery, missing_dates, plan_lotteries
from ballots.management.arguments import iso_date, whole_number
from ballots.management.unclaimed import UnclaimedCommand
from ballots.models import BallotBox, State
from ballots.refusals import LotteryStillOpen, NoRelayAnswered
from ballots.relays import draw_from_relays
from lotteries.models import Lottery

logger = logging.getLogger(__name__)
SENDING = 600  # seconds for mails in a run of cron: the next run is 15 minutes after this one


class Command(UnclaimedCommand):
    help = (
        "Closes every lottery whose time has come, oldest first, and draws its winner. "
        "Passes over who did not claim a place in time. "
        "With LOTTERIES_AHEAD set, it also opens the lotteries of the coming days."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_date, help="only the lottery of this closure date")
        parser.add_argument(
            "--early",
            action="store_true",
            help="with --date: close it even before its time; the public record will say so",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would be closed, opened and passed over, and do nothing",
        )
        parser.add_argument(
            "--watch",
            type=whole_number(1, 86400),
            metavar="SECONDS",
            help="do it again and again, so many seconds apart, until stopped",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["early"] and not options["date"]:
            raise CommandError("--early needs --date: name the one lottery to close early.")
        if options["watch"] and (options["date"] or options["dry_run"]):
            raise CommandError(
                "--watch goes with neither --date nor --dry-run: it closes all, always."
            )
        if options["watch"]:
            self.watch(options["watch"])
        elif options["date"]:
            self.close_one(options["date"], early=options["early"], dry_run=options["dry_run"])
        else:
            self.close_due(dry_run=options["dry_run"])

    def watch(self, seconds: int) -> None:
        """Runs until it is stopped: whatever fails is logged and tried again the next time."""
        try:
            with at_work(Senders()):
                while True:
                    try:
                        close_old_connections()
                        self.close_all()
                    except Exception:
                        logger.exception("This run failed. The next one is in %s seconds.", seconds)
                    time.sleep(seconds)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def close_one(self, closure_date: date, *, early: bool, dry_run: bool) -> None:
        box = BallotBox.objects.on(closure_date)
        if dry_run:
            return self.foretell(box, early=early)
        try:
            self.finish([self.close(box, early=early)])
        except LotteryStillOpen as refusal:
            raise CommandError(
                f"{refusal} Add --early to close it now; its public record will say so."
            ) from refusal

    def close_due(self, *, dry_run: bool) -> None:
        try:
            if not (self.foretell_all() if dry_run else self.close_all()):
                self.stdout.write("Nothing is due.")
        finally:
            if not dry_run:
                send_all(seconds=SENDING)

    def due(self) -> list[BallotBox]:
        boxes = BallotBox.objects.waiting(timezone.now()).select_related("lottery")
        return list(boxes.order_by("lottery__closes_at"))

    def close_all(self) -> bool:
        """Closes all that are due, and opens those of the days ahead; whether there were any.

        One that fails is logged and doesn't stop the others.
        """
        due, failed, sealed = self.due(), list[str](), list[BallotBox]()
        for box in due:
            try:
                sealed.append(self.close(box))
            except Exception:
                logger.exception("%s could not be drawn.", box.lottery)
                failed.append(str(box.lottery.closure_date))
        opened = plan_lotteries(settings.LOTTERIES_AHEAD, by=operator())
        for box in opened:
            self.tell(box.lottery, "opened")
        try:
            passed_over = self.pass_over_all()
        finally:
            try:
                self.finish(sealed, failed)
            finally:
                self.clean()
        return bool(due or opened or passed_over)

    def clean(self) -> None:
        """After all draws: whatever fails here stops none."""
        try:
            delete_what_is_over(at=timezone.now())
            delete_old_words(at=timezone.now())
        except Exception:
            logger.exception("What is over could not be deleted. The next run tries again.")

    def close(self, box: BallotBox, *, early: bool = False) -> BallotBox:
        box, is_first = close_lottery(box.lottery, early=early, by=operator())
        if box.is_drawn:
            self.report(box, is_first=is_first)
        return box

    def finish(self, sealed: list[BallotBox], failed: list[str] | None = None) -> None:
        """Draws those that wait for their beacon; raises CommandError with the dates that failed.

        It waits for BEACON_WAIT in all: what comes later is drawn by the next run.
        """
        failed = failed or []
        end = timezone.now() + timedelta(seconds=settings.BEACON_WAIT)
        for box in sealed:
            if box.is_drawn:
                continue
            if (box.lottery.beacon_time or end) > end:
                self.report(box)
                continue
            try:
                drawn, is_first = self.draw(box.lottery, end)
                self.report(drawn, is_first=is_first)
            except Exception:
                logger.exception("%s could not be drawn.", box.lottery)
                failed.append(str(box.lottery.closure_date))
        if failed:
            raise CommandError(f"Not drawn: {', '.join(failed)}. The log says why.")

    def draw(self, lottery: Lottery, end: datetime) -> tuple[BallotBox, bool]:
        """Asks the relays from the time of the round on, again and again until the end."""
        while True:
            wait = (lottery.beacon_time or end) - timezone.now()
            time.sleep(max(0, wait.total_seconds()))
            try:
                return draw_from_relays(lottery, by=operator())
            except NoRelayAnswered:
                if timezone.now() >= end:
                    raise
                time.sleep(1)

    def foretell_all(self) -> bool:
        """Says what would be closed and opened; whether there is anything."""
        due = self.due()
        missing = missing_dates(settings.LOTTERIES_AHEAD, at=timezone.now())
        for box in due:
            self.foretell(box)
        for closure_date in missing:
            self.stdout.write(f"{closure_date}: would be opened")
        return self.foretell_passing_over() or bool(due or missing)

    def foretell(self, box: BallotBox, *, early: bool = False) -> None:
        then = "sealed" if box.lottery.has_beacon else "drawn"
        outcome = {
            State.OPEN: f"would be closed early and {then}" if early else "is still open",
            State.DUE: f"would be closed and {then}",
            State.SEALED: "waits for its beacon",
        }.get(box.state(timezone.now()), "is drawn already")
        self.tell(box.lottery, outcome)

    def report(self, box: BallotBox, *, is_first: bool = True) -> None:
        self.tell_outcome(box.lottery, box.outcome, is_first=is_first)
