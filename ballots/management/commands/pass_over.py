"""Passes over a winner, in public."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.audit.writing import operator
from ballots.life import pass_over
from ballots.management.arguments import iso_date, whole_number
from ballots.management.base import LotteryCommand
from ballots.models import BallotBox


class Command(LotteryCommand):
    help = (
        "Passes over the winner of a lottery, who cannot be reached or declined: the next number "
        "in the order of the draw wins. The reason is public, for good."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_date, required=True, help="the closure date")
        parser.add_argument(
            "--number",
            type=whole_number(1, 999_999_999),
            required=True,
            help="the number of the winning ballot, so that a repeated command passes over nobody",
        )
        parser.add_argument("--reason", required=True, help="everybody can read it")

    def handle(self, *args: Any, **options: Any) -> None:
        box = BallotBox.objects.on(options["date"])
        box = pass_over(
            box.lottery, number=options["number"], reason=options["reason"], by=operator()
        )
        self.tell(box.lottery, box.outcome)
