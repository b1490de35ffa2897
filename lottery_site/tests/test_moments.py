"""Moments of PostgreSQL are read as Django reads them."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg import DataError

from accounts.models import User
from lottery_site.postgresql.moments import MomentLoader

OID = 1184  # of timestamptz
MOMENTS = [
    "2026-11-25 13:32:55.528123+00",
    "2026-11-25 13:32:55.5+00",
    "2026-11-25 13:32:55+00",
    "2026-11-25 13:32:55+05:45",
    "2026-11-25 23:32:55-05",
    "0001-01-01 00:00:00+00",
    "9999-12-31 23:59:59.999999+00",
]
NONE = ["10000-01-01 00:00:00+00", "0044-03-15 00:00:00+00 BC", "infinity", "-infinity"]


class DjangosLoader(BaseTzLoader):  # type: ignore[misc]
    timezone = UTC


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_is_the_same(text: str) -> None:
    found = MomentLoader(OID).load(text.encode())
    assert repr(found) == repr(DjangosLoader(OID).load(text.encode()))


@pytest.mark.parametrize("text", NONE)
def test_what_python_has_no_moment_for_is_the_same_error(text: str) -> None:
    with pytest.raises(DataError) as wanted:
        DjangosLoader(OID).load(text.encode())
    with pytest.raises(DataError) as found:
        MomentLoader(OID).load(text.encode())
    assert str(found.value) == str(wanted.value)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has texts")
def test_the_site_reads_them_so(alice: User) -> None:
    assert connection.connection.adapters.get_loader(OID, 0) is MomentLoader
    at: datetime = User.objects.get().registered_at
    assert (at, at.tzinfo) == (alice.registered_at, UTC)
