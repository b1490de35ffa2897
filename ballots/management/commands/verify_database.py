"""The operator's own check, of every ballot and every draw in the database."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import Sum
from tqdm import tqdm

from ballots.management.arguments import iso_date
from ballots.management.base import LotteryCommand
from ballots.models import BallotBox
from ballots.verification import find_differences


class Command(LotteryCommand):
    help = (
        "Rehashes every ballot of every sealed box, computes heads, draws and winners again, and "
        "names whatever differs. Ends with 1 where anything does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_date, help="only the lottery of this closure date")

    def handle(self, *args: Any, **options: Any) -> None:
        boxes = BallotBox.objects.with_results().exclude(sealed_at=None)
        if options["date"]:
            box = BallotBox.objects.on(options["date"])
            if box.sealed_at is None:
                raise CommandError(f"{box.lottery} is not sealed yet: there is nothing to verify.")
            boxes = boxes.filter(pk=box.pk)
        total = boxes.aggregate(total=Sum("ballot_count", default=0))["total"]
        with tqdm(total=total, desc="ballots", disable=None) as bar:
            bad = [
                box.lottery.closure_date.isoformat()
                for box in boxes.order_by("lottery__closure_date").iterator(100)
                if not self.verify(box, bar)
            ]
        if bad:
            raise CommandError(f"Not as they must be: {', '.join(bad)}.")

    def verify(self, box: BallotBox, bar: "tqdm[Any]") -> bool:
        name, is_good = f"{box.lottery.closure_date} {box.lottery.name}", True
        for difference in find_differences(box, bar.update):
            is_good = False
            self.stdout.write(f"{name}: DIFFERS. {difference}")
        if is_good:
            state = "draw" if box.is_drawn else "seal"
            self.stdout.write(f"{name}: {box.ballot_count} ballots and their {state} verified")
        return is_good
