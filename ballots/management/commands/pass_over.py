"""Passes over the holder of a place, in public."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.audit.writing import operator
from ballots.day_after import GROUNDS, pass_over
from ballots.management.arguments import add_holder
from ballots.management.base import LotteryCommand
from ballots.models import BallotBox, Ground


class Command(LotteryCommand):
    help = (
        "Passes over the holder of a place: the next person in the order of the draw gets it. "
        "The reason is public, for good."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_holder(parser)
        parser.add_argument(
            "--ground",
            choices=[ground.value for ground in GROUNDS],
            required=True,
            help="declined: by word or letter; unreached: once no time is left to claim",
        )
        parser.add_argument(
            "--reason", required=True, help="10 to 300 characters; everybody can read it"
        )

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
