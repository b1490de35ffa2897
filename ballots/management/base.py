"""What the commands have in common."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.shared.refusals import Refusal
from ballots.verification.lotteries import Announced
from lotteries.models import Lottery


class LotteryCommand(BaseCommand):
    """A command that ends with the sentence of a refusal, as pages and API show it."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def tell(self, lottery: Lottery | Announced, what: str) -> None:
        self.stdout.write(f"{lottery.closure_date} {lottery.name}: {what}")

    def tell_outcome(self, lottery: Lottery, outcome: str, *, is_first: bool) -> None:
        """How a draw ended, and whether this command drew."""
        before = "" if is_first else "was drawn already, and the first draw stays: "
        self.tell(lottery, before + outcome)
