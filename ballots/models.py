"""The ballot box of each lottery, its ballots and its draw."""

import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple, Self
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from accounts.fields import LineField
from accounts.models import User
from ballots.damage import DAMAGES, find_damage
from ballots.refusals import (
    AdminsTakeNoPart,
    DataDamaged,
    LotteryClosed,
    LotteryStillOpen,
    LotteryWithdrawn,
    NoLotteryOnDate,
)
from lotteries.models import Lottery
from lotteries.protocol import drand, merkle
from lotteries.protocol.drawing import draw_key, draw_order
from lotteries.protocol.leaves import ballot_leaf

Anybody = User | AnonymousUser  # of whom there is nothing

logger = logging.getLogger(__name__)

# Scheduled runs are 15 minutes apart: a draw that is later than this has missed one.
LATE = timedelta(minutes=30)
# The tree's nodes at each of these levels are kept; those in between are computed from the 256
# nodes or ballots below, which is what a proof reads at each level instead of the whole box.
TILE_HEIGHT = 8
KEPT_LEVELS = (8, 16, 24)


class State(models.TextChoices):
    OPEN = "open", "open"
    DUE = "due", "closed, waiting for its draw"
    SEALED = "sealed", "sealed, waiting for the beacon"
    DRAWN = "drawn", "drawn"
    DRAWN_EMPTY = "drawn-empty", "closed without ballots"


class BallotBoxQuerySet(models.QuerySet["BallotBox"]):
    def with_results(self) -> Self:
        """Boxes with all that a list says of them, in two queries."""
        boxes = self.select_related("lottery", "draw__drawn_ballot__submission__participant")
        return boxes.prefetch_related(prefetch_passings_over("draw__passings_over"))

    def open(self, at: datetime) -> Self:
        return self.filter(lottery__closes_at__gt=at, sealed_at=None)

    def closed(self, at: datetime) -> Self:
        """Those that take no more ballots, drawn or not."""
        return self.filter(~Q(sealed_at=None) | Q(lottery__closes_at__lte=at))

    def waiting(self, at: datetime) -> Self:
        """Closed and not drawn."""
        return self.closed(at).filter(draw=None)

    def overdue(self, at: datetime) -> Self:
        """Not sealed, or not drawn, for longer than the schedule and the beacon explain."""
        limit = at - LATE
        due = Q(lottery__beacon_round=None) | Q(
            lottery__beacon_round__lte=drand.latest_round(limit)
        )
        unsealed = Q(sealed_at=None, lottery__closes_at__lte=limit)
        return self.filter(unsealed | Q(sealed_at__isnull=False) & due, draw=None)

    def drawn(self) -> Self:
        return self.filter(draw__isnull=False)

    def in_state(self, state: State, at: datetime) -> Self:
        """Those whose state() at this moment is the one asked for."""
        return {
            State.OPEN: self.open(at),
            State.DUE: self.filter(sealed_at=None, lottery__closes_at__lte=at),
            State.SEALED: self.filter(sealed_at__isnull=False, draw=None),
            State.DRAWN: self.filter(draw__drawn_ballot__isnull=False),
            State.DRAWN_EMPTY: self.filter(draw__isnull=False, draw__drawn_ballot=None),
        }[state]

    def on(self, closure_date: date) -> "BallotBox":
        """The box of the lottery that closes on this date, with its results.

        Raises NoLotteryOnDate, or DataDamaged where its rows cannot be as they are.
        """
        try:
            box = self.with_results().filter(lottery__closure_date=closure_date).first()
            is_there = box or Lottery.objects.filter(closure_date=closure_date).exists()
            damage = find_damage(box) if box else "it has no ballot box"
        except DAMAGES as error:
            is_there, box, damage = True, None, str(error)
        if not is_there:
            raise NoLotteryOnDate(closure_date=closure_date)
        if box is None or damage:
            logger.error("The lottery of %s is damaged: %s.", closure_date, damage)
            raise DataDamaged(closure_date=closure_date)
        return box

    def has_damage(self) -> bool:
        """Whether the rows of any of them cannot be as they are."""
        try:
            is_without_box = Lottery.objects.filter(box=None).exists()
            return is_without_box or any(map(find_damage, self.with_results().iterator(500)))
        except DAMAGES:
            return True

    def of(self, user: Anybody) -> Self:
        """Those in which the user has ballots."""
        return self.filter(entries__participant=user.pk)

    def lock(self, lottery: Lottery) -> "BallotBox":
        """The box of the lottery, held until the transaction ends. Raises LotteryWithdrawn.

        On SQLite the transaction itself is the lock: it is IMMEDIATE.
        """
        try:
            boxes = self.select_for_update(of=("self",)).select_related("lottery")
            return boxes.get(pk=lottery.pk)
        except BallotBox.DoesNotExist as error:
            raise LotteryWithdrawn from error


class BallotBox(models.Model):
    """The append-only log of one lottery's ballots: one transaction at a time writes to it."""

    lottery = models.OneToOneField(
        Lottery, on_delete=models.CASCADE, primary_key=True, related_name="box"
    )
    ballot_count = models.PositiveIntegerField(default=0, editable=False)
    participant_count = models.PositiveIntegerField(default=0, editable=False)
    # The peaks of the Merkle tree over the ballots, 32 bytes each: all that appending needs.
    peaks = models.BinaryField(default=b"", editable=False)
    # NULL until the box is sealed: from then on nothing above changes.
    sealed_at = models.DateTimeField(null=True, editable=False)

    objects = BallotBoxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ballot boxes"
        default_permissions = ()
        permissions = [("close_ballotbox", "Can close a lottery and draw its winner")]
        constraints = [
            models.CheckConstraint(
                name="box_has_a_ballot_for_each_participant",
                condition=Q(participant_count__lte=F("ballot_count")),
            ),
        ]

    def __str__(self) -> str:
        return f"ballot box of {self.lottery}"

    @property
    def peak_hashes(self) -> list[bytes]:
        peaks, size = bytes(self.peaks), merkle.HASH_SIZE
        return [peaks[start : start + size] for start in range(0, len(peaks), size)]

    @property
    def root(self) -> str:
        """The head of the Merkle tree over all ballots so far, in hex."""
        return merkle.root_of_peaks(self.peak_hashes).hex()

    @property
    def is_drawn(self) -> bool:
        return hasattr(self, "draw")

    @property
    def is_withdrawable(self) -> bool:
        """Whether nothing would be lost with it."""
        return self.ballot_count == 0 and self.sealed_at is None

    @property
    def closed_early(self) -> bool:
        return self.sealed_at is not None and self.sealed_at < self.lottery.closes_at

    @property
    def sealed_late(self) -> bool:
        """Sealed when the round of the beacon was out or, without one, half an hour too late."""
        limit = self.lottery.beacon_time or self.lottery.closes_at + LATE
        return self.sealed_at is not None and self.sealed_at >= limit

    @property
    def winning_ballot(self) -> "Ballot | None":
        return self.draw.winning_ballot if self.is_drawn else None

    def is_open(self, at: datetime) -> bool:
        return self.sealed_at is None and at < self.lottery.closes_at

    def state(self, at: datetime) -> State:
        if self.is_drawn:
            return State.DRAWN if self.draw.drawn_ballot_id else State.DRAWN_EMPTY
        if self.sealed_at:
            return State.SEALED
        return State.OPEN if self.is_open(at) else State.DUE

    @property
    def outcome(self) -> str:
        """How it ended, in a sentence, of a box that has been sealed."""
        if not self.is_drawn:
            return (
                f"Sealed. Round {self.lottery.beacon_round} of the beacon, "
                f"at {self.lottery.beacon_time:%Y-%m-%d %H:%M:%S %Z}, decides who wins."
            )
        ballot = self.winning_ballot
        return f"Ballot {ballot.number} of {ballot.participant} wins." if ballot else "No ballots."

    def admit(self, participant: User, *, at: datetime) -> None:
        """Raises AdminsTakeNoPart or LotteryClosed where the person may not submit now."""
        if participant.is_admin:
            raise AdminsTakeNoPart
        if not self.is_open(at):
            raise LotteryClosed

    def append(self, participant: User, ballots: Iterable[UUID]) -> "tuple[range, list[Subtree]]":
        """Adds the ballots to the log, in memory: (their numbers, the subtrees to keep)."""
        peaks, before, subtrees = self.peak_hashes, self.ballot_count, []
        for ballot in ballots:
            leaf = ballot_leaf(self.lottery_id, self.ballot_count + 1, ballot, participant.pk)
            roots = merkle.complete(peaks, self.ballot_count, leaf)
            peaks = merkle.append(peaks, self.ballot_count, leaf)
            subtrees += [
                Subtree(box=self, level=level, index=self.ballot_count >> level, root=roots[level])
                for level in KEPT_LEVELS
                if level < len(roots)
            ]
            self.ballot_count += 1
        self.peaks = b"".join(peaks)
        return range(before + 1, self.ballot_count + 1), subtrees

    def seal(self, *, at: datetime, early: bool) -> None:
        """Freezes the box. Raises LotteryStillOpen before the closing time unless early."""
        if at < self.lottery.closes_at and not early:
            raise LotteryStillOpen(lottery=self.lottery, closes_at=self.lottery.closes_at_local)
        self.sealed_at = at
        self.save(update_fields=["sealed_at"])

    def draw_winner(self, *, at: datetime, beacon_signature: str = "") -> "Draw":
        """Stores the draw of the sealed box: the ballot of the first number, if there is one."""
        draw = Draw(box=self, drawn_at=at, beacon_signature=beacon_signature)
        number = next(draw.order(), None)
        draw.drawn_ballot = self.ballots.get(number=number) if number else None
        draw.save(force_insert=True)
        return draw


class EntryQuerySet(models.QuerySet["Entry"]):
    def with_results(self) -> Self:
        """Entries with all that a list says of them, in two queries."""
        entries = self.select_related("box__lottery", "box__draw__drawn_ballot__submission")
        return entries.prefetch_related(prefetch_passings_over("box__draw__passings_over"))

    def of(self, user: Anybody) -> Self:
        return self.filter(participant=user.pk)


class Entry(models.Model):
    """One participant in one lottery, with a running total, so that nobody counts ballots."""

    box = models.ForeignKey(BallotBox, on_delete=models.PROTECT, related_name="entries")
    participant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entries"
    )
    ballot_count = models.PositiveIntegerField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="one_entry_each", fields=["box", "participant"]),
            models.CheckConstraint(name="entry_has_ballots", condition=Q(ballot_count__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.participant} in {self.box.lottery}"

    @property
    def submissions(self) -> "SubmissionQuerySet":
        return Submission.objects.filter(box=self.box_id, participant=self.participant_id)

    @property
    def winning_ballot(self) -> "Ballot | None":
        """The ballot that won, where it is one of this participant's."""
        ballot = self.box.winning_ballot
        is_mine = ballot and ballot.submission.participant_id == self.participant_id
        return ballot if is_mine else None


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def of(self, user: Anybody) -> Self:
        return self.filter(participant=user.pk)


class Submission(models.Model):
    """The ballots that one form put in the box, and the head of the box right after them."""

    box = models.ForeignKey(
        BallotBox,
        on_delete=models.PROTECT,
        related_name="submissions",
        db_index=False,  # the constraints below have the index
    )
    participant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="submissions",
        db_index=False,  # the indexes below begin with it
    )
    # The form's own: a repeated form has the same one.
    token = models.UUIDField()
    first_number = models.PositiveIntegerField()
    last_number = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="one_submission_a_form", fields=["box", "participant", "token"]
            ),
            models.UniqueConstraint(
                name="one_submission_a_first_number", fields=["box", "first_number"]
            ),
            models.CheckConstraint(
                name="submission_numbers_ascend",
                condition=Q(first_number__gte=1, last_number__gte=F("first_number")),
            ),
        ]
        indexes = [
            models.Index(
                name="submissions_of_a_participant", fields=["participant", "box", "-first_number"]
            ),
            models.Index(name="latest_of_a_participant", fields=["participant", "-id"]),
        ]

    def __str__(self) -> str:
        return f"ballots {self.first_number} to {self.last_number} of {self.box.lottery}"

    @property
    def quantity(self) -> int:
        return self.last_number - self.first_number + 1

    @property
    def numbers(self) -> range:
        return range(self.first_number, self.last_number + 1)


class BallotQuerySet(models.QuerySet["Ballot"]):
    def of(self, user: Anybody) -> Self:
        return self.filter(submission__participant=user.pk)

    def with_receipts(self) -> Self:
        """Ballots with all that their receipts say."""
        return self.select_related("box__lottery", "submission")


class Ballot(models.Model):
    """One chance: the ballot of this number in the box."""

    id = models.UUIDField("ballot", primary_key=True)
    box = models.ForeignKey(
        BallotBox,
        on_delete=models.PROTECT,
        related_name="ballots",
        db_index=False,  # the constraint below has the index
    )
    number = models.PositiveIntegerField()
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="ballots")

    objects = BallotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_ballot_a_number", fields=["box", "number"]),
            models.CheckConstraint(name="ballot_numbers_start_at_1", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"ballot {self.number}"

    @property
    def participant(self) -> User:
        return self.submission.participant

    @property
    def leaf(self) -> str:
        """The ballot's leaf in the Merkle tree, in hex."""
        return ballot_leaf(self.box_id, self.number, self.id, self.submission.participant_id).hex()


class Subtree(models.Model):
    """The root of a perfect subtree of 2**level ballots, kept so that proofs read few of them."""

    box = models.ForeignKey(
        BallotBox,
        on_delete=models.PROTECT,
        related_name="subtrees",
        db_index=False,  # the constraint below has the index
    )
    level = models.PositiveSmallIntegerField()
    index = models.PositiveIntegerField()
    root = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="one_subtree_a_place", fields=["box", "level", "index"]),
            models.CheckConstraint(
                name="subtree_has_a_kept_level", condition=Q(level__in=KEPT_LEVELS)
            ),
        ]

    def __str__(self) -> str:
        return f"subtree {self.index} of level {self.level}"


def prefetch_passings_over(lookup: str) -> "models.Prefetch[str]":
    """Draws with their passings over, of which most have none."""
    made = PassingOver.objects.select_related("drawn_ballot__submission__participant")
    return models.Prefetch(lookup, made)


class Draw(models.Model):
    """The one draw of a sealed box. That it exists is what makes a lottery drawn."""

    box = models.OneToOneField(BallotBox, on_delete=models.PROTECT, primary_key=True)
    drawn_at = models.DateTimeField()
    # Empty in mode "none", else the 96 hex digits that the beacon signed the round with.
    beacon_signature = models.CharField(max_length=96, blank=True)
    # The ballot of the first number; NULL where the box was empty.
    drawn_ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, null=True)

    class Meta:
        permissions = [("pass_over", "Can pass over a winner")]
        constraints = [
            models.CheckConstraint(
                name="draw_beacon_signature_has_96_digits",
                condition=Q(beacon_signature="") | Q(beacon_signature__length=96),
            )
        ]

    def __str__(self) -> str:
        return f"draw of {self.box.lottery}"

    @property
    def beacon(self) -> str:
        """What the draw mixed in, as the record has it."""
        announced = self.box.lottery.beacon
        return f"{announced}:{self.randomness}" if self.randomness else announced

    @property
    def randomness(self) -> str:
        """Of the beacon's round, in hex; empty in mode "none"."""
        return drand.randomness(self.beacon_signature) if self.beacon_signature else ""

    def order(self) -> Iterator[int]:
        """All numbers in the order drawn, computed one by one."""
        key = draw_key(
            lottery=self.box.lottery_id,
            ballot_count=self.box.ballot_count,
            root=self.box.root,
            seed=self.box.lottery.seed,
            beacon=self.beacon,
        )
        return draw_order(key, self.box.ballot_count)

    @property
    def winners(self) -> "list[Winner]":
        """Everybody who won, in the order drawn; only the last one still does."""
        if self.drawn_ballot is None:
            return []
        made = list(self.passings_over.all())
        ballots = [self.drawn_ballot, *(each.drawn_ballot for each in made)]
        reasons = [*(each.reason for each in made), None]
        return [Winner(*pair) for pair in zip(ballots, reasons, strict=True)]

    @property
    def winning_ballot(self) -> Ballot | None:
        winners = self.winners
        return winners[-1].ballot if winners else None


class Winner(NamedTuple):
    ballot: Ballot
    passed_over: str | None  # the public reason, or None for the winner that stands


class PassingOver(models.Model):
    """Passes over the winner before it, for a reason that is public: the next number wins."""

    draw = models.ForeignKey(
        Draw, on_delete=models.PROTECT, related_name="passings_over", db_index=False
    )
    # 1 for the first one. The number that it draws is the one at this place of the order.
    place = models.PositiveIntegerField()
    drawn_ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT)
    reason = LineField(max_length=300)
    passed_over_at = models.DateTimeField()
    # NULL: an operator, at the shell.
    admin = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="passings_over",
    )

    class Meta:
        default_permissions = ()
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(name="one_passing_over_a_place", fields=["draw", "place"]),
            models.CheckConstraint(
                name="passing_over_places_start_at_1", condition=Q(place__gte=1)
            ),
            models.CheckConstraint(
                name="passing_over_has_a_reason", condition=Q(reason__length__range=(1, 300))
            ),
        ]

    def __str__(self) -> str:
        return f"passing over {self.place} of {self.draw.box.lottery}"
