"""The life of a lottery (the draw protocol, "Life of a lottery"): all that writes to a ballot box.

Pages, API, admin and commands call these and add no rules.

What an admin may do is told by whom it is done, and writes its line in the log of their acts.

Time and chance are passed in. A clock is a function, because it is read after the lock.
"""

import os
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from math import ceil
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit.writing import Actor, write_entry
from accounts.models import User
from accounts.refusals import AccountGone
from accounts.shared.refusals import Refusal
from accounts.shared.storing import store
from ballots.appending import Appended, Person, hold, write_submissions
from ballots.beacons import check_signature
from ballots.mails.models import ResultsMailing
from ballots.mails.receipts import tell_numbers
from ballots.meeting import Clock, Outcome, RandomBytes, Request, meeting_of
from ballots.models import BallotBox, Draw, Submission
from ballots.places import take_numbers
from ballots.refusals import (
    LotteryHasBallots,
    NoBeaconAnnounced,
    NotSealedYet,
    QuantityOutOfRange,
    RoundStillToCome,
    TokenUsedForAnotherQuantity,
    TooManyBallots,
    TooManySubmissions,
)
from lotteries.announcing import draft_lottery, prepare_announcement
from lotteries.models import Lottery
from lotteries.protocol.drand import round_time


@transaction.atomic
def open_lottery(
    lottery: Lottery,
    *,
    by: Actor | None = None,
    at: datetime | None = None,
    random_bytes: RandomBytes = os.urandom,
) -> BallotBox:
    """Announces the lottery and sets up its empty box: the one door through which lotteries come.

    Raises ValidationError like prepare_announcement, and for a date that is taken.
    """
    at = at or timezone.now()
    store(prepare_announcement(lottery, at=at, random_bytes=random_bytes))
    write_entry(by, "open", lottery, new=_promises(lottery), at=at)
    return BallotBox.objects.create(lottery=lottery)


def _promises(lottery: Lottery) -> dict[str, object]:
    """What the log of the admins' acts says of a lottery. Never the seed."""
    names = ("closure_date", "name", "prize", "places", "ballots_each", "claim_days")
    promised = {name: getattr(lottery, name) for name in names}
    return promised | {"closes": lottery.closes_at, "announcement": lottery.announcement}


def plan_lotteries(
    days: int, *, by: Actor | None = None, at: datetime | None = None, **decided: Any
) -> list[BallotBox]:
    """Opens the lotteries still missing for today and the next days - 1; returns the new ones.

    What they promise is decided for all of them, by field; the rest is as the settings say.
    """
    at = at or timezone.now()
    boxes = []
    for closure_date in missing_dates(days, at=at):
        try:
            boxes.append(open_lottery(draft_lottery(closure_date, **decided), by=by, at=at))
        except ValidationError:
            # Another process planned the same day meanwhile: the lottery is there.
            if not Lottery.objects.filter(closure_date=closure_date).exists():
                raise
    return boxes


def missing_dates(days: int, *, at: datetime) -> list[date]:
    """Those of today and the next days - 1 on which no lottery closes."""
    today = timezone.localdate(at)
    dates = [today + timedelta(days=ahead) for ahead in range(days)]
    taken = Lottery.objects.filter(closure_date__in=dates).values_list("closure_date", flat=True)
    return sorted(set(dates) - set(taken))


def withdraw_lottery(lottery: Lottery, *, by: Actor | None = None) -> None:
    """Removes a lottery announced by mistake.

    Raises LotteryHasBallots once it has any or is sealed, and LotteryWithdrawn.
    """
    with transaction.atomic():
        box = BallotBox.objects.lock(lottery)
        if not box.is_withdrawable:
            raise LotteryHasBallots
        # A note that is being appended is there before, and goes with it, or comes too late.
        Lottery.objects.select_for_update().get(pk=lottery.pk)
        write_entry(by, "withdraw", box.lottery, old=_promises(box.lottery))
        box.lottery.delete()


def submit_ballots(
    *,
    closure_date: date,
    participant: User,
    quantity: int,
    token: UUID,
    is_limited: bool = True,
    clock: Clock = timezone.now,
    random_bytes: RandomBytes = os.urandom,
) -> tuple[Submission, bool]:
    """Puts the participant's ballots in the box: (the submission, whether it is new).

    A token used before in this lottery returns the submission it made then, whatever else has
    changed since; with another quantity it raises TokenUsedForAnotherQuantity. Raises
    QuantityOutOfRange, NoLotteryOnDate, DataDamaged, AdminsTakeNoPart, AccountGone, LotteryClosed,
    TooManySubmissions (if the submission is a person's, and not made up), TooManyBallots, or
    SiteBusy. Those that meet in this process are written together.
    """
    if not 1 <= quantity <= settings.MAX_BALLOTS_PER_SUBMISSION:
        raise QuantityOutOfRange(most=settings.MAX_BALLOTS_PER_SUBMISSION)
    request = Request(participant, quantity, token, is_limited, clock, random_bytes)
    return meeting_of(closure_date).submit(request, partial(_write_together, closure_date))


def _write_together(closure_date: date, group: Sequence[Request]) -> list[Outcome]:
    """By one transaction, each with an outcome of its own. Raises what is true of all of them."""
    with transaction.atomic(durable=True):
        box, people = hold(closure_date, group)
        found = [_append(box, *each) for each in zip(group, people, strict=True)]
        new = [each for each in found if isinstance(each, Appended)]
        write_submissions(box, new)
        for each in new:
            tell_numbers(each.submission)
    return [(each.submission, True) if isinstance(each, Appended) else each for each in found]


def _append(box: BallotBox, request: Request, person: Person | None) -> Appended | Outcome:
    """To a box that is held: what is to be stored, or else what became of the request."""
    try:
        if person is None or not person.is_active:
            raise AccountGone
        if person.earlier:
            return _find_earlier(box, person.earlier, request.quantity), False
        at, before = request.clock(), person.ballot_count or 0
        box.admit(at=at, is_admin=person.is_admin)
        _check_ballots_each(box, before, request.quantity)  # first: waiting would not help
        if request.is_limited:
            _check_rate(person.limiting, at=at)
    except Refusal as refusal:
        return refusal
    ballots = [UUID(bytes=request.random_bytes(16), version=4) for _ in range(request.quantity)]
    numbers, subtrees = box.append(request.participant, ballots)
    box.participant_count += not before
    submission = Submission(
        box=box,
        participant=request.participant,
        token=request.token,
        first_number=numbers[0],
        last_number=numbers[-1],
        root=box.root,
        submitted_at=at,
    )
    submission.ballot_ids = ballots
    return Appended(submission, subtrees, total=before + request.quantity)


def _find_earlier(box: BallotBox, key: int, quantity: int) -> Submission:
    """Raises TokenUsedForAnotherQuantity."""
    earlier: Submission = box.submissions.get(pk=key)
    if earlier.quantity != quantity:
        raise TokenUsedForAnotherQuantity(before=earlier.quantity, now=quantity)
    return earlier


def _check_ballots_each(box: BallotBox, before: int, quantity: int) -> None:
    """Raises TooManyBallots where these would be more than one participant may have."""
    most = box.lottery.ballots_each
    if most and before + quantity > most:
        raise TooManyBallots(most=most, before=before)


def _check_rate(limiting: datetime | None, *, at: datetime) -> None:
    """Raises TooManySubmissions where as many as SUBMISSION_RATE allows are in its period.

    The moment is that of the participant's latest submission but so many.
    """
    if limiting is None:
        return
    _, seconds = settings.SUBMISSION_RATE
    gone = (at - limiting).total_seconds()
    if 0 <= gone < seconds:  # a clock that was put back stops nobody
        raise TooManySubmissions(seconds=ceil(seconds - gone))


def close_lottery(
    lottery: Lottery,
    *,
    early: bool = False,
    by: Actor | None = None,
    clock: Clock = timezone.now,
) -> tuple[BallotBox, bool]:
    """Seals the box and, without a beacon, draws the winners: (the box, whether this call did it).

    It happens once: later calls change nothing. Raises LotteryStillOpen before the closing time,
    unless early, and LotteryWithdrawn.
    """
    with transaction.atomic(durable=True):
        box = BallotBox.objects.lock(lottery)
        if box.sealed_at:
            return box, False
        at = clock()
        box.seal(at=at, early=early)
        if not box.lottery.has_beacon:
            _draw(box, at=at)
        new = {"closed early": box.closed_early} | _outcome(box)
        write_entry(by, "close", box.lottery, new=new, at=at)
    return box, True


def _draw(box: BallotBox, *, at: datetime, beacon_signature: str = "") -> None:
    """Stores the draw of the sealed box, with all that it takes."""
    draw = Draw(box=box, drawn_at=at, beacon_signature=beacon_signature)
    draw.save(force_insert=True)
    ResultsMailing.objects.create(draw=draw)
    take_numbers(draw, at=at)


def _outcome(box: BallotBox) -> dict[str, object]:
    """What the log of the admins' acts says of a sealed box."""
    if not box.is_drawn:
        return {"places": "wait for the beacon"}
    return {"places": {drawn.place: drawn.number for drawn in box.draw.holders}}


def draw_lottery(
    lottery: Lottery, answer: Any, *, by: Actor | None = None, clock: Clock = timezone.now
) -> tuple[BallotBox, bool]:
    """Draws the winners of a sealed box with a relay's answer for the announced round.

    Returns (the box, whether this call drew): it happens once. Raises BeaconRefused for an answer
    that does not count, NoBeaconAwaited where the lottery is not sealed, has no beacon, or the
    round is still to come, and LotteryWithdrawn.
    """
    number = lottery.beacon_round
    if number is None:
        raise NoBeaconAnnounced(lottery=lottery)
    signature = check_signature(answer, number)
    with transaction.atomic(durable=True):
        box = BallotBox.objects.lock(lottery)
        at = clock()
        if box.sealed_at is None:
            raise NotSealedYet(lottery=lottery)
        if at < round_time(number):
            raise RoundStillToCome(number=number, round_time=round_time(number))
        if box.is_drawn:
            return box, False
        _draw(box, at=at, beacon_signature=signature)
        write_entry(by, "draw", box.lottery, new={"round": number} | _outcome(box), at=at)
    return box, True
