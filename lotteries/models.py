"""What and when: the lotteries as they were announced."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from accounts.fields import LineField
from lotteries.protocol import drand

models.CharField.register_lookup(Length)


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
    closure_date = models.DateField(
        unique=True,
        error_messages={"unique": "A lottery on this date already exists. Choose another date."},
        help_text="The lottery closes at midnight at the end of this date.",
    )
    time_zone = models.CharField(max_length=64, editable=False)
    closes_at = models.DateTimeField(db_index=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    # The round of the beacon that the draw will wait for; all three are empty in mode "none".
    beacon_chain = models.CharField(max_length=64, blank=True, editable=False)
    beacon_delay = models.PositiveIntegerField(null=True, editable=False)  # seconds
    beacon_round = models.PositiveBigIntegerField(null=True, editable=False)
    # 64 hex digits; secret until the ballot box is sealed.
    seed = models.CharField(max_length=64, editable=False)
    seed_commitment = models.CharField(max_length=64, editable=False)

    objects = LotteryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "lotteries"
        constraints = [
            models.CheckConstraint(
                name="lottery_name_has_1_to_100_characters",
                condition=Q(name__length__range=(1, 100)),
            ),
            models.CheckConstraint(
                name="lottery_closes_after_its_creation", condition=Q(closes_at__gt=F("created_at"))
            ),
            models.CheckConstraint(
                name="lottery_seed_and_commitment_have_64_digits",
                condition=Q(seed__length=64, seed_commitment__length=64),
            ),
            models.CheckConstraint(
                name="lottery_beacon_is_announced_whole",
                condition=Q(beacon_chain="", beacon_delay=None, beacon_round=None)
                | Q(
                    beacon_chain__length=64,
                    beacon_delay__isnull=False,
                    beacon_round__isnull=False,
                    beacon_round__gte=1,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.closure_date})"

    @property
    def closes_at_local(self) -> datetime:
        """The closing time on the clocks of the lottery's own time zone."""
        return self.closes_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def has_beacon(self) -> bool:
        return self.beacon_round is not None

    @property
    def beacon(self) -> str:
        """What was announced: none, or drand:CHAIN:ROUND, to which the draw adds :RANDOMNESS."""
        return f"drand:{self.beacon_chain}:{self.beacon_round}" if self.has_beacon else "none"

    @property
    def beacon_time(self) -> datetime | None:
        """When the beacon signs the announced round."""
        return drand.round_time(self.beacon_round) if self.beacon_round else None
