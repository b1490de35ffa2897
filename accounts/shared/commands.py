"""What the commands of the site have in common."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from accounts.shared.explaining import explain
from accounts.shared.refusals import Refusal
from accounts.shared.troubles import explain_trouble


class SiteCommand(BaseCommand):
    """A command that ends with the sentence of what is refused, as pages and API show it."""

    def create_parser(self, *names: str, **options: Any) -> CommandParser:
        """Options are written out: --earl is a slip, and --early can't be taken back."""
        return super().create_parser(*names, **options | {"allow_abbrev": False})

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        except ValidationError as error:
            raise CommandError(explain(error)) from error
        except Error as error:
            if trouble := explain_trouble(error):
                reason = " ".join(str(error).split())  # in one line
                raise CommandError(f"{trouble} Reason: {reason}") from error
            raise
