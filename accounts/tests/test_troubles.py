"""Which errors of a database are nobody's mistake, and what people are told of them."""

import sqlite3

import pytest
from django.core.signals import request_started
from django.db import (
    Error,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from psycopg import InternalError as PoolerError
from psycopg import OperationalError as DriverError
from psycopg.errors import lookup

from accounts.models import User
from accounts.shared.troubles import (
    NOTHING,
    UNSURE,
    DatabaseAway,
    SiteBusy,
    explain_trouble,
    find_trouble,
)
from accounts.tests.trouble import away, lock, waits


def error_from(driver: Exception, kind: type[Error] = OperationalError) -> Error:
    """As Django makes it from what the driver raised."""
    try:
        raise kind(*driver.args) from driver
    except Error as error:
        return error


def of_sqlite(name: str) -> sqlite3.Error:
    error = sqlite3.OperationalError(name)
    error.sqlite_errorname = name
    return error


BUSY = ("55P03", "57014", "40P01", "40001", "53300")
AWAY = ("08006", "57P01", "57P03", "28P01", "3D000")


@pytest.mark.parametrize("state", BUSY)
def test_what_took_too_long_is_busy(state: str) -> None:
    assert find_trouble(error_from(lookup(state)())) is SiteBusy


@pytest.mark.parametrize("state", AWAY)
def test_a_server_that_cannot_answer_is_away(state: str) -> None:
    assert find_trouble(error_from(lookup(state)())) is DatabaseAway


def test_a_connection_that_was_lost_is_away() -> None:
    assert find_trouble(error_from(DriverError("server closed the connection"))) is DatabaseAway
    answers = PoolerError("received 2 results from command 'COMMIT'")
    assert find_trouble(error_from(answers, InternalError)) is DatabaseAway


def test_a_transaction_that_stood_still_is_busy_and_a_standby_is_away() -> None:
    assert find_trouble(error_from(lookup("25P03")(), InternalError)) is SiteBusy
    assert find_trouble(error_from(lookup("25006")(), InternalError)) is DatabaseAway


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SQLITE_BUSY", SiteBusy),
        ("SQLITE_BUSY_SNAPSHOT", SiteBusy),
        ("SQLITE_LOCKED", SiteBusy),
        ("SQLITE_CANTOPEN", DatabaseAway),
        ("SQLITE_ERROR", None),
        ("SQLITE_FULL", None),
    ],
)
def test_a_file_is_busy_or_away(name: str, kind: object) -> None:
    assert find_trouble(error_from(of_sqlite(name))) is kind


@pytest.mark.parametrize("state", ["42P01", "42601", "22P02", "53100", "XX000"])
def test_a_mistake_of_ours_stays_one(state: str) -> None:
    assert find_trouble(error_from(lookup(state)())) is None


@pytest.mark.parametrize("error", [None, ValueError(), OperationalError("of nobody")])
def test_what_no_driver_raised_is_none(error: Exception | None) -> None:
    assert find_trouble(error) is None


def test_a_slip_in_a_statement_is_none() -> None:
    assert find_trouble(error_from(DriverError("wrong parameters"), ProgrammingError)) is None


def rename(user: User) -> None:
    """In a request of its own."""
    request_started.send(sender=None)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_is_held_is_busy_and_nothing_was_stored(alice: User) -> None:
    with waits(lock=0.1, write=0.1), lock(alice), pytest.raises(OperationalError) as raised:
        rename(alice)
    trouble = explain_trouble(raised.value, was_to_store=True)
    assert isinstance(trouble, SiteBusy)
    assert NOTHING in str(trouble)
    assert trouble.headers == {"Retry-After": "3"}
    assert "stored" not in str(explain_trouble(raised.value))


@pytest.mark.django_db(transaction=True)
def test_where_something_was_committed_it_is_not_certain_that_nothing_was_stored(
    alice: User,
) -> None:
    with waits(lock=0.1, write=0.1), lock(alice), pytest.raises(OperationalError) as raised:
        rename(alice)
    with transaction.atomic():
        alice.save()
    assert UNSURE in str(explain_trouble(raised.value, was_to_store=True))


@pytest.mark.django_db(transaction=True)
def test_a_database_that_cannot_be_reached_is_away_and_comes_back(alice: User) -> None:
    with away():
        with pytest.raises(OperationalError) as raised:
            rename(alice)
        trouble = explain_trouble(raised.value, was_to_store=True)
    assert isinstance(trouble, DatabaseAway)
    assert NOTHING in str(trouble)
    assert User.objects.get() == alice


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no limit for statements")
@pytest.mark.django_db(transaction=True)
def test_a_statement_that_takes_too_long_is_busy() -> None:
    with (
        waits(statement=0.5),
        connection.cursor() as cursor,
        pytest.raises(OperationalError) as raised,
    ):
        cursor.execute("SELECT pg_sleep(30)")
    assert find_trouble(raised.value) is SiteBusy
