"""Passes over the holder of a place, in public."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.audit.writing import operator
from ballots.day_after import pass_over
from ballots.management.arguments import iso_date, whole_number
from ballots.management.base import LotteryCommand
from ballots.models import BallotBox, Ground


class Command(LotteryCommand):
    help = (
        "Passes over the holder of a place: the next person in the order of the draw gets it. "
        "The reason is public, for good."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_date, required=True, help="the closure date")
        parser.add_argument(
            "--number",
            type=whole_number(1, 999_999_999),
            required=True,
            help="the number of the holder's ballot, so that a repeated command passes over nobody",
        )
        parser.add_argument(
            "--ground",
            choices=[Ground.INELIGIBLE.value, Ground.UNREACHED.value],
            required=True,
            help="unreached only where the lottery has no deadline to claim",
        )
        parser.add_argument("--reason", required=True, help="everybody can read it")

    def handle(self, *args: Any, **options: Any) -> None:
        box = BallotBox.objects.on(options["date"])
        box = pass_over(
            box.lottery,
            number=options["number"],
            ground=Ground(options["ground"]),
            reason=options["reason"],
            by=operator(),
        )
        self.tell(box.lottery, box.outcome)
