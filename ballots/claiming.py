"""What the holder of a place answers: they claim it, or decline it.

Like all that becomes of a place it locks the ballot box, and reads the clock after that: of a claim
and the deadline that meet, one comes first and counts.
"""

from datetime import datetime
from typing import cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.fields import CanonicalField
from accounts.models import User
from accounts.refusals import AccountGone
from ballots.day_after import Clock, set_aside
from ballots.models import Answer, BallotBox, DrawnBallot, Ground, Holding
from ballots.refusals import AddressUnconfirmed, NoPlace
from lotteries.models import Lottery


def claim(
    lottery: Lottery,
    participant: User,
    *,
    message: str,
    contact: str,
    clock: Clock = timezone.now,
) -> Holding:
    """Claims the participant's place; later calls change the words to the organiser.

    The words are how the holder can be reached and, if they like, a message. Raises
    ValidationError, by field, for words that cannot be stored; AddressUnconfirmed; NoPlace,
    PlaceGone, PrizeHandedOver and ClaimTooLate; AccountGone and LotteryWithdrawn.
    """
    words = clean_words(message=message, contact=contact)
    with transaction.atomic(durable=True):
        holding = lock_place(lottery, participant).holding
        person = lock_account(participant)
        at = clock()
        holding.admit_answer(at=at)
        if is_confirmation_missing(person):
            raise AddressUnconfirmed
        if holding.answer != Answer.CLAIMED or words != (holding.message, holding.contact):
            store_answer(holding, Answer.CLAIMED, *words, at=at)
    return holding


def decline(lottery: Lottery, participant: User, *, clock: Clock = timezone.now) -> DrawnBallot:
    """Declines the participant's place: the next person drawn gets it, at once.

    A claim can be taken back like this, too. Declined twice, it changes nothing. Raises like claim.
    """
    with transaction.atomic(durable=True):
        drawn = lock_place(lottery, participant)
        lock_account(participant)
        if drawn.ground == Ground.DECLINED:
            return drawn
        at = clock()
        drawn.holding.admit_answer(at=at)
        store_answer(drawn.holding, Answer.DECLINED, "", "", at=at)
        set_aside(drawn, Ground.DECLINED, Ground.DECLINED.label, by=None, at=at)
    return drawn


def clean_words(*, message: str, contact: str) -> tuple[str, str]:
    """Both as they are stored. Raises ValidationError, by field."""
    cleaned, errors = [], {}
    for name, text in [("message", message), ("contact", contact)]:
        field = cast(CanonicalField, Holding._meta.get_field(name))
        try:
            cleaned.append(field.clean(text, None))
        except ValidationError as error:
            errors[name] = error
    if not contact.strip():
        errors["contact"] = ValidationError("Say how the organiser can reach you.")
    if errors:
        raise ValidationError(errors)
    return cleaned[0], cleaned[1]


def lock_place(lottery: Lottery, participant: User) -> DrawnBallot:
    """What holds or held a place for the participant; the box is locked. Raises NoPlace."""
    box = BallotBox.objects.lock(lottery)
    places = DrawnBallot.objects.holders().of(participant).filter(draw=box.pk)
    drawn = places.select_related("draw__box__lottery", "participant").first()
    if drawn is None:
        raise NoPlace
    return drawn


def lock_account(participant: User) -> User:
    """The account, held: whoever closes it finds the answer, or this finds it closed.

    Raises AccountGone.
    """
    person = User.objects.lock(participant)
    if not person.is_active:
        raise AccountGone
    return person


def is_confirmation_missing(user: User) -> bool:
    """Whether they must confirm their address first. Where no mail is sent, nobody can."""
    return settings.SENDS_MAIL and user.email_confirmed_at is None


def store_answer(
    holding: Holding, answer: Answer, message: str, contact: str, *, at: datetime
) -> None:
    holding.answer, holding.answered_at = answer, at
    holding.message, holding.contact = message, contact
    holding.save(update_fields=["answer", "answered_at", "message", "contact"])
