"""Long lists, a page at a time: each page starts after the last row of the one before."""

from typing import TypeVar

from django.db.models import Model, QuerySet

PAGE_SIZE = 30  # rows on a page for people

Row = TypeVar("Row", bound=Model)


def first_page(rows: "QuerySet[Row]", size: int) -> tuple[list[Row], Row | None]:
    """The first size rows, and the last one of them where more follow. Counts nothing."""
    page = list(rows[: size + 1])
    return page[:size], page[size - 1] if len(page) > size else None
