"""What and when: the lotteries as they were announced."""

import uuid
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils.text import Truncator

from accounts.fields import BoundedNumberField, LineField, LinesField
from lotteries.bounds import (
    LONGEST_NOTE,
    LONGEST_PRIZE,
    LONGEST_TERMS,
    MOST_BALLOTS_EACH,
    MOST_CLAIM_DAYS,
    MOST_PLACES,
)
from lotteries.protocol import drand
from lotteries.protocol.announcements import announcement_hash, announcement_text
from lotteries.protocol.encoding import unix_seconds

models.CharField.register_lookup(Length)

LONGEST_HEADLINE = 100  # characters
NOTHING_WRITTEN = "Write the note."


def headline_of(prize: str) -> str:
    return shorten(prize.partition("\n")[0])


@lru_cache(1024)
def shorten(line: str) -> str:
    return Truncator(line).chars(LONGEST_HEADLINE)


class LotteryQuerySet(models.QuerySet["Lottery"]):
    def nearest(self, closure_date: date, count: int = 2) -> list["Lottery"]:
        """Up to count lotteries before the date and up to count after it, by closure date."""
        before = self.filter(closure_date__lt=closure_date).order_by("-closure_date")[:count]
        after = self.filter(closure_date__gt=closure_date).order_by("closure_date")[:count]
        return [*reversed(before), *after]

    def next_free_date(self, today: date) -> date:
        """The first date from today on that has no lottery."""
        taken = self.filter(closure_date__gte=today).order_by("closure_date")
        free = today
        for closure_date in taken.values_list("closure_date", flat=True).iterator():
            if closure_date > free:
                break
            free = closure_date + timedelta(days=1)
        return free


class Lottery(models.Model):
    """A promise: from its creation on everything here but the seed is public and never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = LineField(
        max_length=100,
        blank=True,
        help_text="1 to 100 characters. Left empty, one is made up.",
    )
    prize = LinesField(
        max_length=LONGEST_PRIZE,
        blank=True,
        help_text="What can be won. Its first line is shown wherever the lottery is named.",
    )
    terms = LinesField(
        max_length=LONGEST_TERMS, blank=True, help_text="Who may win, and how it goes."
    )
    places = BoundedNumberField(
        least=1,
        most=MOST_PLACES,
        default=1,
        help_text=f"How many people win, from 1 to {MOST_PLACES}.",
    )
    ballots_each = BoundedNumberField(
        "ballots each",
        least=0,
        most=MOST_BALLOTS_EACH,
        default=0,
        help_text="The most ballots that one participant may have; 0 for no limit.",
    )
    claim_days = BoundedNumberField(
        "days to claim",
        least=0,
        most=MOST_CLAIM_DAYS,
        default=0,
        help_text="How many days a winner has to claim; 0 for no deadline.",
    )
    closure_date = models.DateField(
        unique=True,
        error_messages={"unique": "A lottery on this date already exists. Choose another date."},
        help_text="The lottery closes at midnight at the end of this date.",
    )
    time_zone = models.CharField(max_length=64, editable=False)
    closes_at = models.DateTimeField(db_index=True, editable=False)
    announced_at = models.DateTimeField(editable=False)
    # The round of the beacon that the draw will wait for; both are empty in mode "none".
    beacon_chain = models.CharField(max_length=64, blank=True, editable=False)
    beacon_round = models.PositiveBigIntegerField(null=True, editable=False)
    # 64 hex digits; secret until the ballot box is sealed.
    seed = models.CharField(max_length=64, editable=False)
    seed_commitment = models.CharField(max_length=64, editable=False)
    # A of the draw protocol, 64 hex digits: the hash of all that is promised above.
    announcement = models.CharField(max_length=64, editable=False)

    objects = LotteryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "lotteries"
        constraints = [
            models.CheckConstraint(
                name="lottery_name_has_1_to_100_characters",
                condition=Q(name__length__range=(1, 100)),
            ),
            models.CheckConstraint(
                name="lottery_closes_after_its_announcement",
                condition=Q(closes_at__gt=F("announced_at")),
            ),
            models.CheckConstraint(
                name="lottery_hashes_have_64_digits",
                condition=Q(seed__length=64, seed_commitment__length=64, announcement__length=64),
            ),
            models.CheckConstraint(
                name="lottery_has_1_to_100_places", condition=Q(places__range=(1, MOST_PLACES))
            ),
            models.CheckConstraint(
                name="lottery_ballots_each_is_in_range",
                condition=Q(ballots_each__range=(0, MOST_BALLOTS_EACH)),
            ),
            models.CheckConstraint(
                name="lottery_claim_days_is_in_range",
                condition=Q(claim_days__range=(0, MOST_CLAIM_DAYS)),
            ),
            models.CheckConstraint(
                name="lottery_beacon_is_announced_whole",
                condition=Q(beacon_chain="", beacon_round=None)
                | Q(beacon_chain__length=64, beacon_round__isnull=False, beacon_round__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.closure_date})"

    @property
    def headline(self) -> str:
        """The first line of the prize, shortened; empty where none was announced."""
        return headline_of(self.prize)

    @property
    def closes_at_local(self) -> datetime:
        """The closing time on the clocks of the lottery's own time zone."""
        return self.closes_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def has_beacon(self) -> bool:
        return self.beacon_round is not None

    @property
    def beacon(self) -> str:
        """What the draw waits for: none, or drand:CHAIN:ROUND."""
        return f"drand:{self.beacon_chain}:{self.beacon_round}" if self.has_beacon else "none"

    @property
    def beacon_time(self) -> datetime | None:
        """When the beacon signs the announced round."""
        return drand.round_time(self.beacon_round) if self.beacon_round else None

    @property
    def announcement_text(self) -> bytes:
        """All that is promised, as the draw protocol writes it down; announcement is its hash."""
        return announcement_text(
            lottery=self.id,
            closure_date=self.closure_date,
            time_zone=self.time_zone,
            closes_at=unix_seconds(self.closes_at),
            announced_at=unix_seconds(self.announced_at),
            places=self.places,
            ballots_each=self.ballots_each,
            claim_days=self.claim_days,
            name=self.name,
            prize=self.prize,
            terms=self.terms,
            seed_commitment=self.seed_commitment,
            beacon=self.beacon,
        )

    def compute_announcement(self) -> str:
        return announcement_hash(self.announcement_text)


class Note(models.Model):
    """A dated public note of the organiser: it clarifies, and changes nothing that was promised."""

    lottery = models.ForeignKey(Lottery, on_delete=models.CASCADE, related_name="notes")
    text = LinesField(max_length=LONGEST_NOTE, error_messages={"blank": NOTHING_WRITTEN})
    noted_at = models.DateTimeField()

    class Meta:
        default_permissions = ("add",)
        ordering = ["noted_at", "id"]
        constraints = [
            models.CheckConstraint(name="note_has_a_text", condition=Q(text__length__gte=1)),
        ]

    def __str__(self) -> str:
        return f"note on {self.lottery}"
