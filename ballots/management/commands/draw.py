"""Finishes a draw by hand, with the round of the beacon from a file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ballots.management.arguments import box_of, iso_date
from ballots.refusals import Refusal
from ballots.services import draw_lottery


class Command(BaseCommand):
    help = (
        "Draws a sealed lottery with a round of the beacon that you fetched yourself: the JSON "
        "that any relay answers at /CHAIN/public/ROUND. It is checked like any other."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=iso_date, required=True, help="the closure date")
        parser.add_argument(
            "--beacon", type=Path, required=True, metavar="FILE", help="what the relay answered"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        box = box_of(options["date"])
        try:
            answer = json.loads(options["beacon"].read_bytes())
        except OSError as error:
            raise CommandError(f"{options['beacon']} cannot be read.") from error
        except (ValueError, RecursionError) as error:
            raise CommandError(f"{options['beacon']} is not a JSON file.") from error
        try:
            box = draw_lottery(box.lottery, answer)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{box.lottery.closure_date} {box.lottery.name}: {box.outcome}")
