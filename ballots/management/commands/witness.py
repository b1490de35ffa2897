"""For anyone, against any site of this software: has its history been rewritten?"""

import sys
from typing import Any

from django.core.management.base import CommandParser

from accounts.shared.commands import SiteCommand
from ballots.checkers import witness


class Command(SiteCommand):
    help = (
        "Fetches what a site publishes of its lotteries, keeps it, and compares it with what was "
        "kept before. Ends with 1 where history was rewritten, or something could not be checked. "
        "The same as the file /witness.py of any site, which needs nothing of this installation."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        witness.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        arguments = [options["url"], "--keep", str(options["keep"])]
        if status := witness.main(arguments, self.stdout.write, self.stderr.write):
            sys.exit(status)
