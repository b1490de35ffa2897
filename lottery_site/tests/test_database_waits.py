"""Connections to PostgreSQL: none waits for ever, and one that is gone is noticed."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError, connection
from psycopg import OperationalError as DriverError
from psycopg.errors import ConnectionTimeout

from accounts.tests.racing import at_once
from accounts.tests.trouble import Forwarder, other_session
from lottery_site.postgresql.base import DatabaseWrapper
from lottery_site.postgresql.connections import Gate
from lottery_site.waits import WEB, Waits

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connections"),
    pytest.mark.django_db,
]
LEAST = Waits(connect=2)


@contextmanager
def session(waits: Waits = WEB, has_pooler: bool = False, **place: Any) -> Iterator[Any]:
    """A connection of its own, which is still to be made."""
    given = connection.settings_dict
    options = given["OPTIONS"] | {"waits": waits, "has_pooler": has_pooler}
    with closing(DatabaseWrapper(given | place | {"OPTIONS": options})) as made:
        yield made


@contextmanager
def way_that_can_end() -> Iterator[tuple[Any, Forwarder]]:
    """A connection by way of a forwarder; it waits for an answer for 0.3 seconds."""
    given = connection.settings_dict
    way = Forwarder(given["HOST"], int(given["PORT"]))
    with closing(way), session(HOST="127.0.0.1", PORT=way.port) as made:
        made.ensure_connection()
        made.connection.patience = 0.3
        yield made, way


def ask(made: Any, statement: str, *values: object) -> str:
    with made.cursor() as cursor:
        cursor.execute(statement, values)
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(("has_pooler", "limits"), [(False, "3s 10s 30s"), (True, "0 0 0")])
def test_the_server_keeps_the_limits_and_a_pooler_is_told_none(
    has_pooler: bool, limits: str
) -> None:
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    with session(has_pooler=has_pooler) as made:
        assert " ".join(ask(made, f"SHOW {name}") for name in names) == limits


def test_what_is_asked_again_is_prepared() -> None:
    with session() as made:
        for _ in range(3):
            ask(made, "SELECT %s + 1", 1)
        assert ask(made, "SELECT statement FROM pg_prepared_statements") == "SELECT $1 + 1"


def test_a_server_that_takes_a_question_and_says_nothing_is_given_up() -> None:
    with way_that_can_end() as (made, way):
        way.swallows.set()
        with pytest.raises(OperationalError, match="says nothing"):
            ask(made, "SELECT 1")
        way.swallows.clear()
        made.close_if_unusable_or_obsolete()  # as at the start of each request
        assert ask(made, "SELECT 1") == "1"


def test_a_pipeline_is_given_up_too() -> None:
    with way_that_can_end() as (made, way):
        way.swallows.set()
        with pytest.raises(DriverError, match="says nothing"), made.connection.pipeline():
            made.connection.execute("SELECT 1").fetchone()
        assert made.connection.closed


def test_who_is_in_a_hurry_waits_no_longer_than_that() -> None:
    with way_that_can_end() as (made, way):
        made.connection.patience = 3600
        way.swallows.set()
        with pytest.raises(OperationalError, match="says nothing"), made.hurry(0.1):
            ask(made, "SELECT 1")


def test_one_that_never_lets_in_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = {"HOST": "127.0.0.1", "PORT": silent.getsockname()[1]}
        with session(LEAST, **place) as made, pytest.raises(OperationalError, match="timeout"):
            ask(made, "SELECT 1")
    with session() as made:
        assert ask(made, "SELECT 1") == "1"


def test_a_connection_that_the_server_ended_is_replaced() -> None:
    with session() as made, other_session() as other:
        mine = ask(made, "SELECT pg_backend_pid()")
        other.execute("SELECT pg_terminate_backend(%s, 30000)", [mine])
        made.close_if_unusable_or_obsolete()
        assert ask(made, "SELECT 1") == "1"


def test_a_connection_that_stands_is_kept_without_a_question() -> None:
    with way_that_can_end() as (made, way):
        way.swallows.set()
        made.close_if_unusable_or_obsolete()
        made.close_if_health_check_failed()
        assert made.connection


def time_out() -> object:
    raise ConnectionTimeout("connection timeout expired")


@pytest.fixture
def silent() -> Gate:
    """A gate before a server that said nothing the last time."""
    gate = Gate()
    with pytest.raises(ConnectionTimeout):
        gate.open(time_out)
    return gate


def test_one_waits_for_a_silent_server_and_the_others_are_told(silent: Gate) -> None:
    is_waiting, is_told = Event(), Event()

    def answer_late() -> str:
        is_waiting.set()
        is_told.wait(30)
        return "connected"

    def come_later() -> str:
        is_waiting.wait(30)
        try:
            return silent.open(lambda: "connected")
        except DriverError as error:
            return str(error)
        finally:
            is_told.set()

    outcomes = at_once(lambda: silent.open(answer_late), come_later)
    assert outcomes == ["connected", "The server said nothing a moment ago."]
    assert not silent.is_silent


def test_a_server_that_refuses_is_asked_by_all(silent: Gate) -> None:
    def refuse() -> object:
        raise DriverError("connection refused")

    with pytest.raises(DriverError, match="refused"):
        silent.open(refuse)
    assert not silent.is_silent
