"""Long lists, a page at a time: each page starts after the last row of the one before."""

from typing import TypeVar

from django.db.models import Model, QuerySet

PAGE_SIZE = 30

Row = TypeVar("Row", bound=Model)


def first_page(rows: "QuerySet[Row]") -> tuple[list[Row], Row | None]:
    """The first PAGE_SIZE rows, and the last one of them where more follow. Counts nothing."""
    page = list(rows[: PAGE_SIZE + 1])
    return page[:PAGE_SIZE], page[PAGE_SIZE - 1] if len(page) > PAGE_SIZE else None
