"""The ballot box of each lottery, its ballots and its draw."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.fields import LineField, LinesField
from accounts.mail.models import Mail
from accounts.models import User
from accounts.shared.prepared import PreparedQuery
from ballots.damage import DAMAGES, find_damage
from ballots.editions.models import Edition as Edition  # Django looks for models here
from ballots.mails.models import ResultsMailing as ResultsMailing  # and so for this one
from ballots.refusals import (
    AdminsTakeNoPart,
    ClaimTooLate,
    DataDamaged,
    LotteryClosed,
    LotteryStillOpen,
    NoLotteryOnDate,
    PlaceGone,
    PrizeHandedOver,
)
from ballots.turns import turns_of
from lotteries.models import Lottery
from lotteries.protocol import drand, merkle
from lotteries.protocol.drawing import draw_key, draw_order
from lotteries.protocol.leaves import ballot_leaf, ballot_leaves
from lotteries.refusals import LotteryWithdrawn

Anybody = User | AnonymousUser  # of whom there is nothing

logger = logging.getLogger(__name__)

# Scheduled runs are 15 minutes apart: a draw that is later than this has missed one.
LATE = timedelta(minutes=30)
# What the column of ballots' numbers can have.
LARGEST_NUMBER = 2**31 - 1
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


def state_before_draw(*, is_sealed: bool, is_open: bool) -> State:
    """Of a box whose closing time has not come where it is open, sealed or not."""
    if is_sealed:
        return State.SEALED
    return State.OPEN if is_open else State.DUE


def prefetch_holders(draw: str) -> "models.Prefetch[str]":
    """Fills in the holders of each draw in one query; repeats are read where they are shown."""
    return models.Prefetch(f"{draw}__drawn", DrawnBallot.objects.holders(), to_attr="holders")


def kept_roots(size: int, roots: Sequence[Sequence[bytes]]) -> Iterator[tuple[int, int, bytes]]:
    """(level, index, root) of those to keep, of the roots that merkle.extend() completed."""
    for level in KEPT_LEVELS:
        for index, root in enumerate(roots[level] if level < len(roots) else (), size >> level):
            yield level, index, root


class BallotBoxQuerySet(models.QuerySet["BallotBox"]):
    def with_results(self) -> Self:
        """Boxes with all that a list says of them, in two queries."""
        return self.select_related("lottery", "draw").prefetch_related(prefetch_holders("draw"))

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
            State.DRAWN: self.filter(draw__isnull=False, ballot_count__gte=1),
            State.DRAWN_EMPTY: self.filter(draw__isnull=False, ballot_count=0),
        }[state]

    def on(self, closure_date: date) -> "BallotBox":
        """The box of the lottery that closes on this date, with its results.

        Raises NoLotteryOnDate, or DataDamaged where its rows cannot be as they are.
        """
        try:
            box = find_box(closure_date)
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
        """The box of the lottery, held until the transaction ends.

        On SQLite the transaction itself is the lock: it is IMMEDIATE. Raises LotteryWithdrawn, and
        SiteBusy where somebody holds it for long.
        """
        try:
            boxes = self.select_for_update(of=("self",)).select_related("lottery")
            with turns_of(lottery.closure_date).take():
                return boxes.get(pk=lottery.pk)
        except BallotBox.DoesNotExist as error:
            raise LotteryWithdrawn from error


def boxes_on(day: Any) -> BallotBoxQuerySet:
    """The box on this date, with its lottery and its draw."""
    return BallotBox.objects.filter(lottery__closure_date=day).select_related("lottery", "draw")


read_box = PreparedQuery(boxes_on, "day")
read_holders = PreparedQuery(lambda draw: DrawnBallot.objects.filter(draw=draw).holders(), "draw")


def find_box(closure_date: date) -> "BallotBox | None":
    """The box on this date as with_results() reads it; None where there is none."""
    box = read_box.first(closure_date)
    if box and box.is_drawn:
        box.draw.holders = read_holders(box.pk)
        for holder in box.draw.holders:
            holder.draw = box.draw
    return box


class Allowance(NamedTuple):
    """How many ballots a participant has in a lottery, and the most that they can have."""

    has: int
    most: int

    @property
    def left(self) -> int:
        return max(self.most - self.has, 0)


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
    def winner(self) -> "DrawnBallot | None":
        """The standing holder of place 1."""
        return self.draw.winner if self.is_drawn else None

    def is_open(self, at: datetime) -> bool:
        return self.sealed_at is None and at < self.lottery.closes_at

    def state(self, at: datetime) -> State:
        if self.is_drawn:
            return State.DRAWN if self.ballot_count else State.DRAWN_EMPTY
        is_sealed = self.sealed_at is not None
        return state_before_draw(is_sealed=is_sealed, is_open=at < self.lottery.closes_at)

    @property
    def outcome(self) -> str:
        """How it ended, in a sentence, of a box that has been sealed."""
        if not self.is_drawn:
            return (
                f"Sealed. Round {self.lottery.beacon_round} of the beacon, "
                f"at {self.lottery.beacon_time:%Y-%m-%d %H:%M:%S %Z}, decides who wins."
            )
        if not self.ballot_count:
            return "No ballots."
        places = self.draw.places
        if len(places) > 1:
            return " ".join(f"Place {place.number}: {place.outcome}." for place in places)
        winner = places[0].holder
        if winner is None:
            return "Nobody holds the place: nobody is left to draw."
        return f"Ballot {winner.number} of {winner.shown_as} wins."

    def allowance(self, user: Anybody) -> "Allowance | None":
        """What the limit leaves to this participant; None where there is no limit."""
        if not self.lottery.ballots_each:
            return None
        has = self.entries.of(user).values_list("ballot_count", flat=True).first() or 0
        return Allowance(has, self.lottery.ballots_each)

    def admit(self, *, at: datetime, is_admin: bool) -> None:
        """Raises AdminsTakeNoPart or LotteryClosed where who asks may not submit now."""
        if is_admin:
            raise AdminsTakeNoPart
        if not self.is_open(at):
            raise LotteryClosed

    def append(self, participant: User, ballots: Sequence[UUID]) -> "tuple[range, list[Subtree]]":
        """Adds the ballots to the log, in memory: (their numbers, the subtrees to keep)."""
        size = self.ballot_count
        numbers = range(size + 1, size + len(ballots) + 1)
        numbered = zip(numbers, ballots, strict=True)
        leaves = ballot_leaves(self.lottery.announcement, numbered, participant.pk)
        peaks, roots = merkle.extend(self.peak_hashes, size, leaves)
        self.peaks, self.ballot_count = b"".join(peaks), numbers.stop - 1
        kept = kept_roots(size, roots)
        return numbers, [Subtree(box=self, level=at, index=i, root=root) for at, i, root in kept]

    def seal(self, *, at: datetime, early: bool) -> None:
        """Freezes the box. Raises LotteryStillOpen before the closing time unless early."""
        if at < self.lottery.closes_at and not early:
            raise LotteryStillOpen(lottery=self.lottery, closes_at=self.lottery.closes_at_local)
        self.sealed_at = at
        self.save(update_fields=["sealed_at"])


class EntryQuerySet(models.QuerySet["Entry"]):
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

    @cached_property
    def ballot_ids(self) -> list[UUID]:
        """Of its ballots, by number. Whoever has just made them puts them here."""
        return list(self.ballots.order_by("number").values_list("pk", flat=True))

    @property
    def drawn(self) -> "list[DrawnBallot]":
        """What the draw took of these ballots, in that order."""
        taken = DrawnBallot.objects.filter(ballot__submission=self.pk)
        return list(taken.select_related("ballot").order_by("position"))


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
        announcement = self.box.lottery.announcement
        return ballot_leaf(announcement, self.number, self.id, self.submission.participant_id).hex()


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


class Draw(models.Model):
    """The one draw of a sealed box. That it exists is what makes a lottery drawn."""

    box = models.OneToOneField(BallotBox, on_delete=models.PROTECT, primary_key=True)
    drawn_at = models.DateTimeField()
    # Empty in mode "none", else the 96 hex digits that the beacon signed the round with.
    beacon_signature = models.CharField(max_length=96, blank=True)

    class Meta:
        permissions = [("pass_over", "Can pass over a holder and hand over prizes")]
        constraints = [
            models.CheckConstraint(
                name="draw_beacon_signature_has_96_digits",
                condition=Q(beacon_signature="") | Q(beacon_signature__length=96),
            )
        ]

    def __str__(self) -> str:
        return f"draw of {self.box.lottery}"

    @property
    def randomness(self) -> str:
        """Of the beacon's round, in hex; "none" without a beacon."""
        return drand.randomness(self.beacon_signature) if self.beacon_signature else "none"

    def order(self) -> Iterator[int]:
        """All numbers in the order drawn, computed one by one."""
        key = draw_key(
            announcement=self.box.lottery.announcement,
            ballot_count=self.box.ballot_count,
            root=self.box.root,
            seed=self.box.lottery.seed,
            randomness=self.randomness,
        )
        return draw_order(key, self.box.ballot_count)

    @cached_property
    def holders(self) -> "list[DrawnBallot]":
        """All who hold or held a place, in the order taken: the draw without its repeats."""
        return list(self.drawn.holders())

    @property
    def places(self) -> "list[Place]":
        """Each place with all who held it, in the order taken."""
        held: dict[int, list[DrawnBallot]] = defaultdict(list)
        for drawn in self.holders:
            held[drawn.place or 0].append(drawn)
        return [Place(number, held[number]) for number in range(1, self.box.lottery.places + 1)]

    @property
    def winner(self) -> "DrawnBallot | None":
        """The standing holder of place 1."""
        return self.places[0].holder


class Place(NamedTuple):
    number: int
    drawn: "list[DrawnBallot]"  # all who held it, the first one first

    @property
    def holder(self) -> "DrawnBallot | None":
        """Who holds it now; None where it is vacant."""
        return self.drawn[-1] if self.drawn and self.drawn[-1].is_standing else None

    @property
    def passed_over(self) -> "list[DrawnBallot]":
        return [each for each in self.drawn if not each.is_standing]

    @property
    def outcome(self) -> str:
        """Who holds it, in words."""
        holder = self.holder
        return f"ballot {holder.number} of {holder.shown_as}" if holder else "vacant"


class Ground(models.TextChoices):
    """Why somebody is passed over, who may decide it, and how the public reason begins."""

    DECLINED = "declined", "Declined."
    UNCLAIMED = "unclaimed", "Did not claim in time."
    INELIGIBLE = "ineligible", "Not eligible"
    UNREACHED = "unreached", "Could not be reached"

    @property
    def words(self) -> str:
        """As the reason of an admin begins, who says more after it."""
        return str(self.label).rstrip(".")


class DrawnBallotQuerySet(models.QuerySet["DrawnBallot"]):
    def holders(self) -> Self:
        """Those who hold or held a place, with all that is shown of them."""
        found = self.filter(place__isnull=False).select_related("ballot__submission", "holding")
        return found.order_by("position")

    def standing(self) -> Self:
        return self.filter(place__isnull=False, passed_over_at=None)

    def of(self, user: Anybody) -> Self:
        return self.filter(participant=user.pk)


class DrawnBallot(models.Model):
    """A number that the draw took: its ballot holds a place, or is a repeat and holds nothing."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="drawn", db_index=False)
    # 1, 2, 3 … in the order taken; the number is the one at this place of the draw's order.
    position = models.PositiveIntegerField()
    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="drawn")
    participant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="drawn"
    )
    # As it was when the number was taken; empty where its owner wanted the code alone to be shown.
    username = models.CharField(max_length=50, blank=True)
    # NULL for a repeat: somebody whose ballot was taken before in this draw.
    place = models.PositiveSmallIntegerField(null=True)
    taken_at = models.DateTimeField()
    # Whose passing over led to it; NULL for what the draw itself took.
    after = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="successors"
    )
    # NULL for a holder who stands, and for a repeat.
    passed_over_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True)
    # The public reason, whole.
    reason = LineField(max_length=400, blank=True)
    # NULL where nobody decided it (a deadline), the holder did, or an operator at the shell.
    passed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="passed_over",
    )

    objects = DrawnBallotQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="one_number_a_position", fields=["draw", "position"]),
            models.UniqueConstraint(
                name="one_standing_holder_a_place",
                fields=["draw", "place"],
                condition=Q(place__isnull=False, passed_over_at=None),
            ),
            models.UniqueConstraint(
                name="one_place_a_person",
                fields=["draw", "participant"],
                condition=Q(place__isnull=False),
            ),
            models.CheckConstraint(
                name="drawn_positions_and_places_start_at_1",
                condition=Q(position__gte=1) & (Q(place=None) | Q(place__gte=1)),
            ),
            models.CheckConstraint(
                name="passing_over_has_all_or_nothing",
                condition=Q(passed_over_at=None, ground="", reason="", passed_over_by=None)
                | Q(
                    place__isnull=False,
                    passed_over_at__isnull=False,
                    ground__in=Ground.values,
                    reason__length__gte=1,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot} of {self.draw.box.lottery}"

    @property
    def is_standing(self) -> bool:
        """Whether it holds its place now."""
        return self.place is not None and self.passed_over_at is None

    @property
    def shown_as(self) -> str:
        """The username, or the code of who wanted it alone to be shown."""
        return self.username or str(self.participant_id)

    @property
    def number(self) -> int:
        return self.ballot.number


class HoldingQuerySet(models.QuerySet["Holding"]):
    def of(self, user: Anybody) -> Self:
        return self.filter(drawn__participant=user.pk)

    def standing(self) -> Self:
        return self.filter(drawn__passed_over_at=None)

    def unanswered(self) -> Self:
        """Those whose holder has neither claimed nor declined, and has not got the prize."""
        return self.standing().filter(answer="", handed_over_at=None)

    def waiting(self) -> Self:
        """Those whose place is not closed: for an answer, or for the prize."""
        return self.standing().filter(handed_over_at=None)

    def overdue(self, at: datetime) -> Self:
        """Not claimed, and the moment is there."""
        return self.unanswered().filter(claim_until__lte=at)

    def to_answer(self, user: Anybody, at: datetime) -> Self:
        """What the user can claim or decline now, the most urgent first."""
        mine = self.unanswered().of(user).exclude(claim_until__lte=at)
        mine = mine.select_related("drawn__draw__box__lottery")
        return mine.order_by(F("claim_until").asc(nulls_last=True), "drawn")


class Answer(models.TextChoices):
    CLAIMED = "claimed", "claimed"
    DECLINED = "declined", "declined"


class Holding(models.Model):
    """What became of a place that somebody holds: what they were told, and what they answered."""

    drawn = models.OneToOneField(
        DrawnBallot, on_delete=models.PROTECT, primary_key=True, related_name="holding"
    )
    # The mail that tells them; NULL where none was sent, or it is no longer kept.
    mail = models.OneToOneField(Mail, on_delete=models.SET_NULL, null=True, related_name="holding")
    # When the mail was handed over or, without mail, the place was drawn. NULL while it waits.
    told_at = models.DateTimeField(null=True)
    # NULL while told_at is, and where there is no deadline.
    claim_until = models.DateTimeField(null=True, db_index=True)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    # What the holder wrote to the organiser: seen by admins alone, and deleted after a time.
    message = LinesField(max_length=2000, blank=True)
    contact = LineField(max_length=300, blank=True)
    handed_over_at = models.DateTimeField(null=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = "place"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="holding_is_answered_whole",
                condition=Q(answer="", answered_at=None, message="", contact="")
                | Q(answer__in=Answer.values, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="holding_is_claimed_after_it_was_told",
                condition=Q(claim_until=None) | Q(told_at__isnull=False),
            ),
            models.CheckConstraint(
                name="nothing_declined_is_handed_over",
                condition=Q(handed_over_at=None) | ~Q(answer=Answer.DECLINED),
            ),
        ]

    def __str__(self) -> str:
        return f"place {self.drawn.place} of {self.drawn.draw.box.lottery}"

    @property
    def is_claimed(self) -> bool:
        return self.answer == Answer.CLAIMED

    def admit_answer(self, *, at: datetime) -> None:
        """Raises PlaceGone, PrizeHandedOver or ClaimTooLate where the holder may not answer now.

        A claim made in time can be changed until the prize is handed over.
        """
        if not self.drawn.is_standing:
            raise PlaceGone(reason=self.drawn.reason)
        if self.handed_over_at:
            raise PrizeHandedOver
        if not self.is_claimed and self.claim_until and at >= self.claim_until:
            raise ClaimTooLate(claim_until=timezone.localtime(self.claim_until))

    @property
    def mail_state(self) -> str:
        """What became of the mail that tells them; "" where none was sent, or none is kept."""
        if self.mail is None:
            return ""
        if self.mail.given_up_at:
            return "given up"
        return "handed over" if self.mail.sent_at else "waits"

    def has_time_to_claim(self, at: datetime) -> bool:
        """Whether the lottery has a deadline, and it has not come for this holder."""
        if self.claim_until is None:
            return self.drawn.draw.box.lottery.claim_days > 0
        return at < self.claim_until
