"""Appends a dated public note to a lottery."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.audit.writing import operator
from ballots.management.arguments import iso_date
from ballots.management.base import LotteryCommand
from ballots.models import BallotBox
from lotteries.noting import append_note


class Command(LotteryCommand):
    help = (
        "Appends a public note to a lottery, with its date, for good. It clarifies, and changes "
        "nothing that was promised."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_date, required=True, help="the closure date")
        parser.add_argument(
            "--text", required=True, help="everybody can read it; \\n begins a new line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lottery = BallotBox.objects.on(options["date"]).lottery
        append_note(lottery, options["text"].replace("\\n", "\n"), by=operator())
        self.tell(lottery, "the note is on its page")
