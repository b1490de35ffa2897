"""What the lotteries refuse: for each rule its status and its sentence, whichever the door."""

from http import HTTPStatus

from accounts.refusals import TooManyRequests
from accounts.shared.numbers import tell_count
from accounts.shared.refusals import Refusal


class NoLotteryOnDate(Refusal):
    status = HTTPStatus.NOT_FOUND
    sentence = "Lottery not found. There is no lottery that closes on {closure_date}."


class DataDamaged(Refusal):
    """Rows that contradict themselves: nothing is shown of them rather than something wrong."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    sentence = (
        "What is stored of the lottery of {closure_date} is damaged, so this cannot be shown. "
        "It has been logged for whoever runs this site."
    )


class SomeDataDamaged(Refusal):
    """The same, where many lotteries are shown together."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    sentence = (
        "What is stored of a lottery is damaged, so this cannot be shown. "
        "It has been logged for whoever runs this site."
    )


class AdminsTakeNoPart(Refusal):
    status = HTTPStatus.FORBIDDEN
    sentence = (
        "Admins cannot submit ballots: they run the lotteries and don't take part in them. "
        "To take part, use an account of your own that is not an admin's."
    )


class LotteryClosed(Refusal):
    sentence = "This is a closed lottery and takes no more ballots. Choose an open one."


class QuantityOutOfRange(Refusal):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    sentence = "Choose a number of ballots from 1 to {most}."


class TokenUsedForAnotherQuantity(Refusal):
    """A submission's token was sent again, with another quantity. Nothing new was made."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    sentence = (
        "This was sent before, for {before}. What was made then is in the box. "
        "Now it asks for {now}: no more were made."
    )

    def __init__(self, *, before: int, now: int) -> None:
        super().__init__(before=tell_count(before, "ballot"), now=now)


class TooManyBallots(Refusal):
    """The most ballots for one participant are reached. Nothing was made."""

    sentence = "This lottery takes at most {most} from one participant: these were not made. {left}"

    def __init__(self, *, most: int, before: int) -> None:
        left = most - before
        has = f"You have {tell_count(before, 'ballot')} already" if before else "You have none yet"
        rest = f"{left} {'more ' if before else ''}at most" if left else "no more can be added"
        super().__init__(most=tell_count(most, "ballot"), left=f"{has}: {rest}.")


class TooManySubmissions(TooManyRequests):
    sentence = (
        "Too many submissions at once: this one was not made. Wait {wait}, then send it again."
    )


class LotteryStillOpen(Refusal):
    """The draw was asked for before the closing time, without saying that this is meant."""

    sentence = "{lottery} is open until {closes_at:%Y-%m-%d %H:%M %Z}."


class LotteryAlreadyClosed(Refusal):
    sentence = "This lottery is already closed. The first closing stands."


class LotteryNotClosed(Refusal):
    """Its result was asked for while it still takes ballots."""

    sentence = "This lottery is not closed yet. It has no winner before its draw."


class NoWinnerYet(Refusal):
    sentence = "This lottery has no winner yet: it is closed and waits for its draw."


class NoWinner(Refusal):
    sentence = "This lottery has no winner: nobody submitted a ballot."


class NoWinnerLeft(Refusal):
    sentence = (
        "This lottery has no winner: whoever held the first place was passed over, "
        "and nobody was left to draw."
    )


class LotteryHasBallots(Refusal):
    sentence = (
        "This lottery cannot be withdrawn: it has taken ballots or it has been closed. "
        "It stays, and so do they."
    )


class BeaconRefused(Refusal):
    sentence = "This answer is not the announced round of the beacon: {reason}."


class NoBeaconAwaited(Refusal):
    """A round of the beacon was given to a lottery that does not wait for one."""


class NotSealedYet(NoBeaconAwaited):
    sentence = "{lottery} is not sealed yet. Run close_lotteries first."


class NoBeaconAnnounced(NoBeaconAwaited):
    sentence = "{lottery} is drawn without a beacon."


class RoundStillToCome(NoBeaconAwaited):
    sentence = (
        "Round {number} comes at {round_time:%Y-%m-%d %H:%M:%S %Z} only: "
        "wait for it, or set this machine's clock right."
    )


class NoRelayAnswered(Refusal):
    sentence = "No relay gave the round of the beacon. {reasons}."


class PassOverRefused(Refusal):
    """The holder of a place cannot be passed over, or not like this."""


class NotAHolder(PassOverRefused):
    sentence = (
        "Ballot {number} holds no place now, and nothing was done. Look who does, and repeat."
    )


class HandedOver(PassOverRefused):
    sentence = "The prize of ballot {number} was handed over: that place stays as it is."


class HolderHasClaimed(PassOverRefused):
    sentence = (
        "The holder of ballot {number} has claimed the prize, and can be passed over only "
        "as not eligible under the terms."
    )


class DeadlineStillToCome(PassOverRefused):
    sentence = (
        "The holder of ballot {number} has time to claim, and is passed over by itself after that. "
        "Before, an admin passes over only who declined, or is not eligible under the terms."
    )


class ReasonRefused(PassOverRefused):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    sentence = "Give a reason. {why}"


class AnswerRefused(Refusal):
    """Somebody's place can't be claimed, or declined, now."""


class PlaceGone(AnswerRefused):
    sentence = "This place is yours no more. You were passed over: “{reason}”"


class ClaimTooLate(AnswerRefused):
    sentence = (
        "The time to claim was over on {claim_until:%Y-%m-%d at %H:%M %Z}: "
        "the place goes to the next person drawn."
    )


class PrizeHandedOver(AnswerRefused):
    sentence = "The prize was handed over: there is nothing more to claim or to decline."


class AddressUnconfirmed(AnswerRefused):
    status = HTTPStatus.FORBIDDEN
    sentence = (
        "Nothing was claimed yet: confirm your e-mail address first, with the link that is mailed "
        "to you from the page of your account. Then claim again."
    )


class NoPlace(AnswerRefused):
    status = HTTPStatus.NOT_FOUND
    sentence = "Your ballots hold no place in this lottery."
