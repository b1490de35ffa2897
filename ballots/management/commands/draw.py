"""Finishes a draw by hand, with the round of the beacon from a file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.audit.writing import operator
from ballots.life import draw_lottery
from ballots.management.arguments import iso_date
from ballots.management.base import LotteryCommand
from ballots.models import BallotBox


class Command(LotteryCommand):
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
        box = BallotBox.objects.on(options["date"])
        try:
            answer = json.loads(options["beacon"].read_bytes())
        except OSError as error:
            raise CommandError(f"{options['beacon']} cannot be read.") from error
        except (ValueError, RecursionError) as error:
            raise CommandError(f"{options['beacon']} is not a JSON file.") from error
        box, is_first = draw_lottery(box.lottery, answer, by=operator())
        self.tell_outcome(box.lottery, box.outcome, is_first=is_first)
