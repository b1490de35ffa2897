"""Strangers' pages are read from a standby; everybody and everything else has the primary."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import Error, connection, connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.tests.factories import UserFactory
from accounts.tokens import issue_token
from ballots.models import BallotBox
from ballots.tests.factories import open_box
from lottery_site.standby import (
    LAG,
    PAUSE,
    STANDBY,
    StandbyHandler,
    Watch,
    read_position,
    reading_standby,
    shows,
)
from lottery_site.tests.processes import successful

READ_ONLY = {
    "sqlite": "PRAGMA query_only = ON",
    "postgresql": "SET default_transaction_read_only = on",
}


@pytest.fixture
def standby(transactional_db: None, settings: Settings) -> Iterator[BaseDatabaseWrapper]:
    """Another connection to the database of the tests, which takes no writing."""
    settings.DATABASE_ROUTERS = ["lottery_site.standby.StandbyRouter"]
    other = connection.copy(STANDBY)
    connections[STANDBY] = other
    with other.cursor() as cursor:
        cursor.execute(READ_ONLY[connection.vendor])
    yield other
    other.close()
    del connections[STANDBY]


def near() -> Watch:
    return Watch(lambda: "0/0", lambda position: True)


def get(path: str, *, watch: Watch | None = None, **headers: Any) -> int:
    """The status of the answer."""
    handler = StandbyHandler(WSGIHandler(), watch or near())
    environ = RequestFactory(SERVER_NAME="localhost").get(path, headers=headers).environ
    statuses: list[str] = []
    content = handler(environ, lambda status, *rest: statuses.append(status))
    cast(Any, content).close()
    return int(statuses[0].partition(" ")[0])


def count_queries(path: str, **headers: Any) -> tuple[int, int]:
    """Of a request: (those to the primary, those to the standby)."""
    with ExitStack() as stack:
        primary, other = (
            stack.enter_context(CaptureQueriesContext(connections[alias]))
            for alias in ("default", STANDBY)
        )
        assert get(path, **headers) < HTTPStatus.INTERNAL_SERVER_ERROR
    return len(primary), len(other)


PUBLIC = ("/", "/lotteries/", "/results/", "/feed.atom", "/api/lotteries", "/api/results")
OF_THE_PRIMARY = ("/health", "/api/health", "/admin/", "/results.csv")


def test_strangers_read_public_pages_from_the_standby_alone(standby: BaseDatabaseWrapper) -> None:
    date = open_box().lottery.closure_date
    lottery = reverse("ballots:lottery", args=[date])
    for path in (*PUBLIC, lottery, f"{lottery}record.json", f"/api/lotteries/{date}"):
        of_the_primary, of_the_standby = count_queries(path)
        assert of_the_primary == 0, path
        assert of_the_standby > 0, path


def test_whoever_is_known_reads_from_the_primary(standby: BaseDatabaseWrapper) -> None:
    token = issue_token(UserFactory.create())
    for path in PUBLIC:
        assert count_queries(path, cookie=f"{settings.SESSION_COOKIE_NAME}=x")[1] == 0
        assert count_queries(path, authorization=f"Bearer {token}")[1] == 0


def test_what_is_of_the_primary_stays_there(standby: BaseDatabaseWrapper) -> None:
    for path in (*OF_THE_PRIMARY, reverse("accounts:confirm_email", args=["x"])):
        assert count_queries(path)[1] == 0


def test_a_transaction_and_all_writing_have_the_primary(standby: BaseDatabaseWrapper) -> None:
    open_box()
    with reading_standby():
        box = BallotBox.objects.select_related("lottery").get()
        assert box._state.db == router.db_for_read(BallotBox) == STANDBY
        box.lottery.name = "another name"
        box.lottery.save()
        with transaction.atomic():
            assert BallotBox.objects.get()._state.db == "default"
    assert BallotBox.objects.get(lottery__name="another name")._state.db == "default"


def test_no_tables_are_made_in_the_standby(standby: BaseDatabaseWrapper) -> None:
    assert router.allow_migrate_model("default", User)
    assert not router.allow_migrate_model(STANDBY, User)


def test_the_primary_answers_what_the_standby_cannot(standby: BaseDatabaseWrapper) -> None:
    standby.close()
    standby.settings_dict["NAME"] = "/nowhere/lottery"
    box = open_box()
    assert get(reverse("ballots:lottery", args=[box.lottery.closure_date])) == HTTPStatus.OK


def test_the_primary_answers_while_the_standby_is_not_near(standby: BaseDatabaseWrapper) -> None:
    far = Watch(lambda: "0/0", lambda position: False)
    with CaptureQueriesContext(standby) as queries:
        assert get("/", watch=far) == HTTPStatus.OK
    assert not queries


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no standby")
def test_a_server_that_is_no_standby_shows_nothing(standby: BaseDatabaseWrapper) -> None:
    position = read_position()
    assert re.fullmatch("[0-9A-F]+/[0-9A-F]+", position)
    assert not shows(position)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/ping", "/api/ping", "/static/site.css"])
def test_what_needs_no_database_waits_for_none(path: str) -> None:
    def fail(*position: str) -> Any:
        raise AssertionError

    get(path, watch=Watch(fail, fail))


def test_the_site_is_served_through_it_where_there_is_one(tmp_path: Path) -> None:
    program = "from lottery_site.wsgi import application; print(type(application).__name__)"
    (tmp_path / "static").mkdir()
    name = successful(
        *("shell", "--verbosity", "0", "--no-imports", "-c", program),
        DATA_DIR=str(tmp_path),
        DATABASE_URL="postgres://me@db.example.org/lottery",
        DATABASE_STANDBY_URL="postgres://me@standby.example.org/lottery",
    )
    assert name.strip() == StandbyHandler.__name__


class Servers:
    """A primary and its standby, with a clock that both have."""

    def __init__(self) -> None:
        self.now, self.written, self.shown = 100.0, 0, 0
        self.is_away = False

    def position(self) -> str:
        return str(self.written)

    def shows(self, position: str) -> bool:
        if self.is_away:
            raise Error
        return self.shown >= int(position)

    def watch(self) -> Watch:
        return Watch(self.position, self.shows, lambda: self.now)


def test_a_standby_that_keeps_up_stays_near() -> None:
    servers = Servers()
    watch = servers.watch()
    for _ in range(3 * LAG):
        assert watch.is_near()
        servers.now += 1
        servers.shown = servers.written
        servers.written += 1  # it is behind, and never long


def test_one_that_stands_still_is_near_no_longer_than_the_lag_allowed() -> None:
    servers = Servers()
    watch = servers.watch()
    assert watch.is_near()
    servers.written += 1
    for _ in range(LAG + 1):
        is_near = watch.is_near()
        servers.now += 1
    assert not is_near
    servers.shown = servers.written
    for _ in range(2):  # what it was waited for, and what is written now
        servers.now += 1
        is_near = watch.is_near()
    assert is_near


def test_one_that_is_away_is_asked_again_after_a_pause() -> None:
    servers = Servers()
    watch = servers.watch()
    assert watch.is_near()
    servers.now, servers.is_away = servers.now + 1, True
    assert not watch.is_near()
    servers.is_away = False
    assert not watch.is_near()
    servers.now += PAUSE
    assert watch.is_near()
