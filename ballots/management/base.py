"""What the commands have in common."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.shared.refusals import Refusal


class LotteryCommand(BaseCommand):
    """A command that ends with the sentence of a refusal, as pages and API show it."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
