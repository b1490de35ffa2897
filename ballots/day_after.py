"""What becomes of the places after the draw (the draw protocol, "Life of a lottery").

Pages, API, admin and commands call these and add no rules. All of them lock the ballot box, so that
of two that meet one comes first, whole.
"""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit.writing import Actor, write_entry
from accounts.shared.refusals import Refusal
from ballots.models import BallotBox, DrawnBallot, Ground
from ballots.places import take_numbers
from ballots.refusals import (
    DeadlineStillToCome,
    HandedOver,
    HolderHasClaimed,
    LotteryNotClosed,
    NotAHolder,
    NoWinner,
    NoWinnerYet,
    ReasonRefused,
)
from ballots.telling import tell_passed_over
from lotteries.models import Lottery

Clock = Callable[[], datetime]

REASON = DrawnBallot._meta.get_field("reason")
# Characters of an admin's reason: enough to say something.
SHORTEST_REASON, LONGEST_REASON = 10, 300
# On which an admin may pass over. The holder declines here alone, a deadline passes over by itself.
GROUNDS = (Ground.INELIGIBLE, Ground.DECLINED, Ground.UNREACHED)


def find_holder(box: BallotBox, number: int) -> DrawnBallot:
    """Whoever holds a place with this number now.

    Raises LotteryNotClosed, NoWinnerYet, NoWinner or NotAHolder.
    """
    if not box.is_drawn:
        raise NoWinnerYet if box.sealed_at else LotteryNotClosed
    if not box.ballot_count:
        raise NoWinner
    standing = box.draw.drawn.standing().select_related("holding", "ballot", "participant")
    holder = standing.filter(ballot__number=number).first()
    if holder is None:
        raise NotAHolder(number=number)
    return holder


def pass_over(
    lottery: Lottery,
    *,
    number: int,
    ground: Ground,
    reason: str,
    by: Actor | None = None,
    clock: Clock = timezone.now,
) -> BallotBox:
    """An admin passes over the holder with this number; the walk goes on for the vacant place.

    The ground is INELIGIBLE at any time; where the holder has not claimed also DECLINED (by word or
    letter: who is signed in declines alone) and, once no time to claim is left, UNREACHED.
    The reason is public, and has at least 10 characters. Raises NotAHolder where the number holds
    no place (so that a repeated form passes over nobody else), HandedOver, HolderHasClaimed,
    DeadlineStillToCome, ReasonRefused, LotteryNotClosed, NoWinnerYet, NoWinner, LotteryWithdrawn.
    """
    with transaction.atomic(durable=True):
        box = BallotBox.objects.lock(lottery)
        holder = find_holder(box, number)
        at = clock()
        check_ground(holder, ground, at=at)
        set_aside(holder, ground, word_reason(ground, reason), by=by, at=at)
    return BallotBox.objects.with_results().get(pk=box.pk)


def check_ground(holder: DrawnBallot, ground: Ground, *, at: datetime) -> None:
    """Raises HandedOver, HolderHasClaimed or DeadlineStillToCome where an admin may not."""
    holding = holder.holding
    if holding.handed_over_at:
        raise HandedOver(number=holder.number)
    if ground == Ground.INELIGIBLE:
        return
    if holding.is_claimed:
        raise HolderHasClaimed(number=holder.number)
    if ground == Ground.UNREACHED and holding.has_time_to_claim(at):
        raise DeadlineStillToCome(number=holder.number)


def find_refusal(holder: DrawnBallot, ground: Ground, *, at: datetime) -> Refusal | None:
    """Why an admin may not pass over the holder on this ground now; None where one may."""
    try:
        check_ground(holder, ground, at=at)
    except Refusal as refusal:
        return refusal
    return None


def word_reason(ground: Ground, reason: str) -> str:
    """The public reason, whole: it begins with the ground. Raises ReasonRefused."""
    try:
        said: str = REASON.clean(reason, None)
    except ValidationError as error:
        raise ReasonRefused(why=" ".join(error.messages)) from error
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise ReasonRefused(
            why=f"Use {SHORTEST_REASON} to {LONGEST_REASON} characters: everybody reads it."
        )
    return f"{ground.words}: {said}"


def hand_over(
    lottery: Lottery, *, number: int, by: Actor | None = None, clock: Clock = timezone.now
) -> DrawnBallot:
    """The holder with this number has the prize, in public: the place is closed.

    Whether they claimed it does not matter. Done twice, it changes nothing. Raises NotAHolder where
    the number holds no place, LotteryNotClosed, NoWinnerYet, NoWinner, LotteryWithdrawn.
    """
    with transaction.atomic(durable=True):
        box = BallotBox.objects.lock(lottery)
        holder = find_holder(box, number)
        holding = holder.holding
        if holding.handed_over_at is None:
            holding.handed_over_at = clock()
            holding.save(update_fields=["handed_over_at"])
            new = {"place": holder.place, "ballot": number}
            write_entry(by, "hand over", box.lottery, new=new, at=holding.handed_over_at)
    return holder


def set_aside(
    holder: DrawnBallot, ground: Ground, reason: str, *, by: Actor | None, at: datetime
) -> list[DrawnBallot]:
    """Passes over the holder and goes on with the walk: what it took. The box is locked."""
    holder.passed_over_at, holder.ground, holder.reason = at, ground, reason
    holder.passed_over_by = by.user if by else None
    holder.save(update_fields=["passed_over_at", "ground", "reason", "passed_over_by"])
    tell_passed_over(holder, at=at)
    taken = take_numbers(holder.draw, at=at, after=holder)
    place = {"place": holder.place}
    new = [drawn.number for drawn in taken if drawn.place]
    write_entry(
        by,
        "pass over",
        holder.draw.box.lottery,
        old=place | {"ballot": holder.number},
        new=place
        | {"ballot": new[0] if new else None, "ground": ground.value, "reason": holder.reason},
        at=at,
    )
    return taken
