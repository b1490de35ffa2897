"""Django admin of the lotteries. It calls the same verbs as the pages and adds no rules."""

from ballots.admin.ballots import BallotAdmin as BallotAdmin  # Django looks for them here
from ballots.admin.draws import DrawAdmin as DrawAdmin
from ballots.admin.holdings import HoldingAdmin as HoldingAdmin
from ballots.admin.lotteries import LotteryAdmin as LotteryAdmin
