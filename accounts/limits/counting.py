"""Counting, in one statement that is committed at once: no lock is held while passwords hash."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.limits.models import Count
from accounts.refusals import TooManyRequests

# A period begins with the first thing that is counted, and a later one begins the next.
COUNT = """
INSERT INTO accounts_count (kind, who, count, ends_at) VALUES (%(kind)s, %(who)s, %(by)s, %(end)s)
ON CONFLICT (kind, who) DO UPDATE SET
    count = excluded.count
        + CASE WHEN accounts_count.ends_at > %(now)s THEN accounts_count.count ELSE 0 END,
    ends_at = CASE WHEN accounts_count.ends_at > %(now)s
        THEN accounts_count.ends_at ELSE excluded.ends_at END
RETURNING count, ends_at
"""


@dataclass(frozen=True)
class Limit:
    """So many in so many seconds, for each account, e-mail address or network that it counts."""

    kind: str
    most: int
    seconds: int
    refusal: type[TooManyRequests] = TooManyRequests

    def spend(self, who: object, *, by: int = 1, at: datetime | None = None) -> None:
        """Counts one more. Raises the refusal where that is too many."""
        count, wait = self.add(who, by=by, at=at)
        if count > self.most:
            raise self.refusal(seconds=wait)

    def add(self, who: object, *, by: int = 1, at: datetime | None = None) -> tuple[int, int]:
        """Counts: (how many in this period, seconds until it ends)."""
        now = int((at or timezone.now()).timestamp())
        values: dict[str, str | int] = {"kind": self.kind, "who": self.key(who), "by": by}
        values |= {"now": now, "end": now + self.seconds}
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(COUNT, values)
            count, ends_at = cursor.fetchone()
        return count, ends_at - now

    def take_back(self, who: object, *, by: int = 1) -> None:
        counts = Count.objects.filter(kind=self.kind, who=self.key(who), count__gte=by)
        counts.update(count=F("count") - by)

    def forget(self, who: object) -> None:
        Count.objects.filter(kind=self.kind, who=self.key(who)).delete()

    def key(self, who: object) -> str:
        return salted_hmac("accounts.limits", str(who), algorithm="sha256").hexdigest()


def delete_ended_counts(*, at: datetime) -> None:
    Count.objects.filter(ends_at__lte=int(at.timestamp())).delete()
