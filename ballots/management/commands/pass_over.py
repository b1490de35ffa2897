"""Passes over a winner, in public."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ballots.management.arguments import box_of, iso_date, whole_number
from ballots.refusals import Refusal
from ballots.services import pass_over


class Command(BaseCommand):
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
        box = box_of(options["date"])
        try:
            box = pass_over(box.lottery, number=options["number"], reason=options["reason"])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{box.lottery.closure_date} {box.lottery.name}: {box.outcome}")
