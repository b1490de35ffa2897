"""Lotteries and ballots for the tests, made by the same verbs as the real ones."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import factory
from django.test import override_settings

from accounts.models import User
from ballots import day_after
from ballots.life import close_lottery, open_lottery, submit_ballots
from ballots.models import BallotBox, Draw, Ground, Submission
from lotteries.models import Lottery

# Closes at MIDNIGHT; whatever happens while it is open happens at NOON.
CLOSURE_DATE = date(2020, 2, 29)
NOON = datetime(2020, 2, 29, 12, tzinfo=UTC)
MIDNIGHT = datetime(2020, 3, 1, tzinfo=UTC)


class BoxFactory(factory.Factory[BallotBox]):
    """The box of a lottery that was announced at noon and closes at the end of its date."""

    class Meta:
        model = BallotBox

    # A thousand days, all of them before DRAND_DATE.
    closure_date = factory.Sequence(lambda number: CLOSURE_DATE + timedelta(days=number % 1000))
    name = ""

    @classmethod
    def _create(cls, model_class: type[BallotBox], *args: Any, **kwargs: Any) -> BallotBox:
        at = kwargs.pop("at", None) or noon_of(kwargs["closure_date"])
        random_bytes = kwargs.pop("random_bytes", bytes)
        return open_lottery(Lottery(**kwargs), at=at, random_bytes=random_bytes)

    @classmethod
    def create_batch(cls, size: int, **kwargs: Any) -> list[BallotBox]:
        """By closure date, also where the thousand days begin anew among them."""
        boxes = super().create_batch(size, **kwargs)
        return sorted(boxes, key=lambda box: box.lottery.closure_date)


def noon_of(closure_date: date) -> datetime:
    return NOON + (closure_date - CLOSURE_DATE)


def open_box(*, days: int = 1, **promised: Any) -> BallotBox:
    """A box that is open now, by the clock on the wall, and for so many days more."""
    at = datetime.now(UTC)
    return BoxFactory.create(closure_date=at.date() + timedelta(days=days), at=at, **promised)


def day(box: BallotBox) -> str:
    """The closure date, as addresses have it."""
    return box.lottery.closure_date.isoformat()


def submit(
    box: BallotBox,
    participant: User,
    quantity: int = 1,
    *,
    at: datetime | None = None,
    token: UUID | None = None,
) -> Submission:
    submission, _ = submit_ballots(
        closure_date=box.lottery.closure_date,
        participant=participant,
        quantity=quantity,
        token=token or uuid4(),
        clock=lambda: at or noon_of(box.lottery.closure_date),
    )
    return submission


def pass_over(
    lottery: Lottery, *, number: int, reason: str = "moved away, no address", **options: Any
) -> BallotBox:
    """Passes over somebody who was not reached, in a lottery without a deadline."""
    return day_after.pass_over(
        lottery, number=number, ground=Ground.UNREACHED, reason=reason, **options
    )


def draw(box: BallotBox, *, at: datetime | None = None) -> Draw:
    drawn, _ = close_lottery(box.lottery, clock=lambda: at or box.lottery.closes_at)
    return drawn.draw


# The lottery of the vectors waits for a round that is in the protocol, with its signature.
DRAND_DATE = date(2023, 9, 14)
DRAND_DELAY = 39603
SEALED_AT = datetime(2023, 9, 15, 0, 0, 1, 250000, tzinfo=UTC)
ROUND = 657413
SIGNATURE = (
    "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be"
    "41076862b98fad56e91a6b85b89cd97b"
)
ANSWER = {
    "round": ROUND,
    "randomness": "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
    "signature": SIGNATURE,
}


def beacon_box(closure_date: date = DRAND_DATE, delay: int = DRAND_DELAY) -> BallotBox:
    """A box whose draw waits for a round of the beacon: ROUND, unless told otherwise."""
    with override_settings(DRAW_BEACON="drand", BEACON_DELAY=delay):
        return BoxFactory.create(closure_date=closure_date)


def sealed_box(*submissions: tuple[User, int]) -> BallotBox:
    """A box with these ballots, sealed in time, that waits for ROUND."""
    box = beacon_box()
    for participant, quantity in submissions:
        submit(box, participant, quantity)
    sealed, _ = close_lottery(box.lottery, clock=lambda: SEALED_AT)
    return sealed


def reload(box: BallotBox) -> BallotBox:
    """The box as it is stored now."""
    return BallotBox.objects.with_results().get(pk=box.pk)
