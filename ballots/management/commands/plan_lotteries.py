"""Opens the lotteries of the coming days."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.audit.writing import operator
from ballots.life import plan_lotteries
from ballots.management.arguments import promise, whole_number
from ballots.management.base import LotteryCommand
from lotteries.announcing import BY_DEFAULT


class Command(LotteryCommand):
    help = (
        "Opens the lotteries that are missing for today and the days after it. They promise what "
        "the settings say, unless it is given here; \\n begins a new line of a text."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days", type=whole_number(1, 366), required=True, help="how many, today included"
        )

        parser.add_argument("--prize", type=promise("prize"), help="what can be won")
        parser.add_argument("--terms", type=promise("terms"), help="who may win, and how it goes")
        parser.add_argument("--places", type=promise("places"), help="how many people win")
        parser.add_argument(
            "--ballots-each",
            type=promise("ballots_each"),
            help="the most ballots of one participant; 0: no limit",
        )
        parser.add_argument(
            "--claim-days",
            type=promise("claim_days"),
            help="how many days a winner has to claim; 0: no deadline",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        decided = {name: options[name] for name in BY_DEFAULT}
        boxes = plan_lotteries(options["days"], by=operator(), **decided)
        for box in boxes:
            self.tell(box.lottery, "opened")
        self.stdout.write(f"{len(boxes)} of {options['days']} days were missing their lottery.")
