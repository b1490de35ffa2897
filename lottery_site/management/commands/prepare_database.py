from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.shared.commands import SiteCommand
from lottery_site.schema import find_mismatch, lock_schema


class Command(SiteCommand):
    help = (
        "Makes the tables of the site, or brings them up to date. Ends with one sentence where "
        "the database was made by another version that this one cannot use."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with lock_schema():
            call_command("migrate", verbosity=0)
        if mismatch := find_mismatch():
            raise CommandError(
                f"This database was made by another version of the site ({mismatch}): go on with "
                "that version, or set DATABASE_URL to a new database. Nothing was lost."
            )
