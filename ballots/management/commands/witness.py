"""For anyone, against any site of this software: has its history been rewritten?"""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ballots.checkers.witness import NotFetched, Witness, fetcher


def site(text: str) -> str:
    url = urlsplit(text)
    if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment:
        raise ArgumentTypeError(f"'{text}' is no address like https://lottery.example.org")
    return text.rstrip("/")


class Command(BaseCommand):
    help = (
        "Fetches what a site publishes of its lotteries, keeps it, and compares it with what was "
        "kept before. Ends with 1 where history was rewritten, or something could not be checked."
    )
    requires_system_checks: list[str] = []  # it needs nothing of this installation

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", type=site, help="the address of the site to watch")
        parser.add_argument("--keep", type=Path, required=True, metavar="FOLDER")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["keep"]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            witness = Witness(fetcher(options["url"]), folder, timezone.now())
            dates = witness.dates()
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise CommandError(f"{folder} is not a folder that a witness keeps: {error}") from error
        except NotFetched as error:
            raise CommandError(f"Nothing was checked: {error}.") from error
        results = [self.look(witness, date) for date in dates]
        if not all(results):
            bad = ", ".join(date for date, good in zip(dates, results, strict=True) if not good)
            raise CommandError(f"Not as it was, or not checked: {bad}.")
        self.stdout.write(f"{len(dates)} lotteries are as they were.")

    def look(self, witness: Witness, date: str) -> bool:
        is_good = True
        try:
            for alarm in witness.look(date):
                is_good = False
                self.stderr.write(f"{date}: HISTORY WAS REWRITTEN. {alarm}")
        except NotFetched as error:
            self.stderr.write(f"{date}: not checked: {error}.")
            return False
        return is_good
