"""Opens the lotteries of the coming days."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.audit.writing import operator
from ballots.life import plan_lotteries
from ballots.management.arguments import whole_number
from ballots.management.base import LotteryCommand


class Command(LotteryCommand):
    help = "Opens the lotteries that are missing for today and the days after it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days", type=whole_number(1, 366), required=True, help="how many, today included"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        boxes = plan_lotteries(options["days"], by=operator())
        for box in boxes:
            self.tell(box.lottery, "opened")
        self.stdout.write(f"{len(boxes)} of {options['days']} days were missing their lottery.")
