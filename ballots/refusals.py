"""What the ballot box refuses, each with the sentence that people are shown."""


class Refusal(Exception):
    """Something that the rules of the lottery don't allow. Nothing has been changed."""


class AdminsTakeNoPart(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "Admins run the lotteries and don't take part in them. "
            "To take part, use an account of your own that is not an admin's."
        )


class LotteryClosed(Refusal):
    def __init__(self) -> None:
        super().__init__("This lottery has closed and takes no more ballots. Choose an open one.")


class LotteryStillOpen(Refusal):
    """The draw was asked for before the closing time, without saying that this is meant."""


class QuantityOutOfRange(Refusal):
    def __init__(self, most: int) -> None:
        super().__init__(f"Choose a number of ballots from 1 to {most}.")


class NoSuchLottery(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no such lottery, or it has been withdrawn. Choose another.")


class LotteryHasBallots(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "This lottery cannot be withdrawn: it has taken ballots or it has been closed. "
            "It stays, and so do they."
        )


class BeaconRefused(Refusal):
    def __init__(self, reason: str) -> None:
        super().__init__(f"This answer is not the announced round of the beacon: {reason}.")


class NoBeaconAwaited(Refusal):
    """A round of the beacon was given to a lottery that does not wait for one."""


class NoRelayAnswered(Refusal):
    def __init__(self, reasons: list[str]) -> None:
        super().__init__(f"No relay gave the round of the beacon. {'; '.join(reasons)}.")


class RedrawRefused(Refusal):
    """The winner cannot be passed over, or not like this."""
