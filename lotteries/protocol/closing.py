"""When a lottery closes."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, tzinfo


def closing_time(closure_date: date, zone: tzinfo) -> datetime:
    """The UTC instant of local midnight at the end of closure_date.

    Where the clocks skip that midnight, the first instant after it; where they show it twice, the
    first time. Raises OverflowError for a date whose end is beyond the calendar.
    """
    midnight = datetime.combine(closure_date + timedelta(days=1), time.min, tzinfo=zone)
    # With fold=1 a skipped moment is read by the clock as it stands after the skip (PEP 495).
    earliest = midnight.replace(fold=1).astimezone(UTC)
    latest = midnight.astimezone(UTC)
    if earliest >= latest:
        return latest

    def clock_after(seconds: int) -> datetime:
        return (earliest + timedelta(seconds=seconds)).astimezone(zone).replace(tzinfo=None)

    gap = int((latest - earliest).total_seconds())
    skipped = bisect_left(range(gap), midnight.replace(tzinfo=None), key=clock_after)
    return earliest + timedelta(seconds=skipped)
