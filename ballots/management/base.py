"""What the commands of lotteries have in common."""

from accounts.shared.commands import SiteCommand
from ballots.verification.lotteries import Announced
from lotteries.models import Lottery


class LotteryCommand(SiteCommand):
    """A command that tells of lotteries."""

    def tell(self, lottery: Lottery | Announced, what: str) -> None:
        self.stdout.write(f"{lottery.closure_date} {lottery.name}: {what}")

    def tell_outcome(self, lottery: Lottery, outcome: str, *, is_first: bool) -> None:
        """How a draw ended, and whether this command drew."""
        before = "" if is_first else "was drawn already, and the first draw stays: "
        self.tell(lottery, before + outcome)
