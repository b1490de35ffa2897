"""What the rules about announced lotteries refuse."""

from http import HTTPStatus

from accounts.shared.refusals import Refusal


class LotteryWithdrawn(Refusal):
    """It was there when it was looked up, and is no more."""

    status = HTTPStatus.NOT_FOUND
    sentence = "Lottery not found. It has been withdrawn meanwhile: choose another."
