"""Closes a place whose holder got the prize."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.audit.writing import operator
from ballots.day_after import hand_over
from ballots.management.arguments import add_holder
from ballots.management.base import LotteryCommand
from ballots.models import BallotBox


class Command(LotteryCommand):
    help = (
        "Says that the holder of a place got the prize: the place is closed for good, and the page "
        "of the lottery shows it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_holder(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        box, number = BallotBox.objects.on(options["date"]), options["number"]
        hand_over(box.lottery, number=number, by=operator())
        self.tell(box.lottery, f"The prize of ballot {number} was handed over.")
