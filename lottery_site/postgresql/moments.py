"""Moments as PostgreSQL sends them, of which nearly every row has some."""

from datetime import UTC, datetime

from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg.abc import Buffer

UTC_SUFFIX = b"+00"  # Django has PostgreSQL write all moments in UTC


class MomentLoader(BaseTzLoader):  # type: ignore[misc]
    """Django's own, but that Python's parser in C reads whatever it can."""

    timezone = UTC

    def load(self, data: Buffer) -> datetime:
        text = bytes(data)
        if text.endswith(UTC_SUFFIX):
            try:
                return datetime.fromisoformat(text.decode())
            except ValueError:  # a year that Python does not have: Django says so
                pass
        moment: datetime = super().load(data)
        return moment
