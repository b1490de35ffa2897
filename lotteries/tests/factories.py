"""Lotteries for the tests of this app alone: stored without the ballot box that builds on them."""

from typing import Any

from accounts.shared.storing import store
from lotteries.announcing import prepare_announcement
from lotteries.models import Lottery


def announce(lottery: Lottery, **options: Any) -> Lottery:
    store(prepare_announcement(lottery, **options))
    return lottery
