"""Other values for a column of a stored row: slight and gross, none at all, and those of others."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models

from ballots.models import Ballot, BallotBox, Draw, DrawnBallot, Holding, Submission, Subtree
from lotteries.models import Lottery, Note

# All whose rows everybody is shown something of.
SHOWN: list[type[models.Model]] = [
    Lottery,
    Note,
    BallotBox,
    Submission,
    Ballot,
    Subtree,
    Draw,
    DrawnBallot,
    Holding,
]
NOBODY = UUID(int=7, version=4)
DAY = timedelta(days=1)


def other_values(row: models.Model, field: Any) -> list[Any]:
    """What the column could say instead, by its kind; always the same for the same rows."""
    value = getattr(row, field.attname)
    values = [*made_up(value, field), None, *values_of_others(row, field)]
    return [other for place, other in enumerate(values) if other not in (value, *values[:place])]


def made_up(value: Any, field: Any) -> list[Any]:
    if field.is_relation:
        return [NOBODY if isinstance(value, UUID) else 999_999]
    if value is None:
        return [datetime(2023, 9, 3, tzinfo=UTC) if isinstance(field, models.DateTimeField) else 7]
    if isinstance(value, UUID):
        return [NOBODY, UUID(int=value.int ^ 1)]
    if isinstance(value, datetime):
        second = timedelta(seconds=1)
        return [value - 3000 * DAY, value - DAY, value - second, value + second, value + 3000 * DAY]
    if isinstance(value, date):
        return [value - DAY, value + DAY, value + 300 * DAY]
    if isinstance(value, int):
        return [value - 60, value - 1, value + 1, value + 60, -value]
    if isinstance(value, str):
        return other_texts(value)
    return other_blobs(bytes(value))


def values_of_others(row: models.Model, field: Any) -> list[Any]:
    """What the first, a middle and the last row have there, or could."""
    model, name = (field.related_model, "pk") if field.is_relation else (type(row), field.attname)
    return [getattr(other, name) for other in some_rows(model)]


def some_rows(model: type[models.Model]) -> list[Any]:
    """The first row, one in the middle and the last, in the order of their keys."""
    rows = model._default_manager.order_by("pk")
    count = rows.count()
    return [rows[place] for place in sorted({0, count // 2, count - 1})]


def other_texts(text: str) -> list[str]:
    """Another sign at its start, its middle and its end, one more, and none."""
    places = {0, len(text) // 2, len(text) - 1} if text else set()
    signs = [(place, "1" if text[place] == "0" else "0") for place in sorted(places)]
    changed = [text[:place] + sign + text[place + 1 :] for place, sign in signs]
    return [*changed, f"{text}0", f"{text[:-1]}é", text[:-1], ""]


def other_blobs(blob: bytes) -> list[bytes]:
    """One bit of its start and of its end, one byte less, and none."""
    first, last = bytes([blob[0] ^ 1]) + blob[1:], blob[:-1] + bytes([blob[-1] ^ 128])
    return [first, last, blob[:-1], b""]
