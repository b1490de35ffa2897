"""Public pages from a standby: a copy of the database that PostgreSQL keeps, and that only reads.

Strangers read from it what they look at. Everybody and everything else has the primary: whoever is
signed in or has a token, all that is written, and what is read in a transaction.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import Any, cast

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase

STANDBY = "standby"
LAG = 5  # seconds by which it may be behind; with synchronous_commit = remote_apply it never is
LOOK = 1  # seconds between two looks at how far it is
PAUSE = 10  # seconds after a look that failed
PATIENCE = 2  # seconds for the answer to a look
# Links that were mailed a moment ago, the admin, and whether the site is well.
OF_THE_PRIMARY = ("/accounts/", "/admin/", "/health", "/api/health")

reads_standby = ContextVar("reads_standby", default=False)
Get = Callable[[HttpRequest], HttpResponseBase]


class StandbyRouter:
    """Which database a query goes to. All of a request goes to the same, but for transactions."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        has_begun = connections[DEFAULT_DB_ALIAS].in_atomic_block
        return STANDBY if reads_standby.get() and not has_begun else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True  # they are the same rows

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


class Watch:
    """Knows whether the standby is near: one thread of a process at a time looks, now and then.

    What the primary had written at some moment is marked. Once the standby shows that, it is less
    behind than the time since. A standby that nobody could look at is not near.
    """

    def __init__(
        self,
        read_position: Callable[[], str],
        shows: Callable[[str], bool],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.read_position, self.shows, self.clock = read_position, shows, clock
        self.turn = Lock()
        self.next_look = self.near_until = 0.0
        self.mark: tuple[str, float] | None = None

    def is_near(self) -> bool:
        if self.clock() >= self.next_look and self.turn.acquire(blocking=False):
            try:
                self.look()
            finally:
                self.turn.release()
        return self.clock() < self.near_until

    def look(self) -> None:
        at = self.clock()
        try:
            position = self.read_position()
            mark, marked_at = self.mark = self.mark or (position, at)
            if self.shows(mark):
                self.mark, self.near_until = (position, at), marked_at + LAG
            self.next_look = self.clock() + LOOK
        except Error:
            self.mark, self.near_until = None, 0
            self.next_look = self.clock() + PAUSE


def ask(alias: str, query: str, *values: str) -> Any:
    connection = cast(Any, connections[alias])
    with connection.hurry(PATIENCE), connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def read_position() -> str:
    return str(ask(DEFAULT_DB_ALIAS, "SELECT pg_current_wal_flush_lsn()"))


def shows(position: str) -> bool:
    """False also where it was promoted: then it is another primary, of which we know nothing."""
    query = "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= CAST(%s AS pg_lsn)"
    return bool(ask(STANDBY, query, position))


class StandbyMiddleware:
    """Has strangers' requests read from the standby while it is near.

    What it cannot answer, the primary is asked again.
    """

    def __init__(self, get_response: Get, watch: Watch | None = None) -> None:
        self.get_response, self.watch = get_response, watch or Watch(read_position, shows)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_for_strangers(request) or not self.watch.is_near():
            return self.get_response(request)
        with reading_standby():
            response = self.get_response(request)
        if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return response
        response.close()
        return self.get_response(request)


@contextmanager
def reading_standby() -> Iterator[None]:
    token = reads_standby.set(True)
    try:
        yield
    finally:
        reads_standby.reset(token)


def is_for_strangers(request: HttpRequest) -> bool:
    is_known = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
    is_private = request.path_info.startswith(OF_THE_PRIMARY)
    return request.method in ("GET", "HEAD") and not is_known and not is_private
