"""Long lists, a page at a time: each page starts after the last row of the one before."""

from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from accounts.shared.numbers import is_plain
from lotteries.dates import parse_date

PAGE_SIZE = 30  # rows on a page for people

Row = TypeVar("Row", bound=Model)


def first_page(rows: "QuerySet[Row]", size: int) -> tuple[list[Row], Row | None]:
    """The first size rows, and the last one of them where more follow. Counts nothing."""
    return split_page(list(rows[: size + 1]), size)


def split_page(rows: list[Any], size: int) -> tuple[list[Any], Any | None]:
    """The same, of rows that have been read: one more than are shown, where there are more."""
    return rows[:size], rows[size - 1] if len(rows) > size else None


def read_date(text: str) -> date:
    """A date out of a query string; one that is not in the calendar is no page."""
    try:
        return parse_date(text)
    except ValueError as error:
        raise Http404("There is no such date.") from error


def read_number(text: str) -> int:
    """A number out of a query string; whatever else it may be is no page."""
    if not is_plain(text):
        raise Http404("There is no such number.")
    return int(text)
