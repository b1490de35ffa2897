"""Public pages from a standby: a copy of the database that PostgreSQL keeps, and that only reads.

Strangers read from it what they look at. Everybody and everything else has the primary: whoever is
signed in or has a token, all that is written, and what is read in a transaction.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from time import monotonic
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Model

from lottery_site.questions import Environ, has_body, is_strangers

STANDBY = "standby"
LAG = 5  # seconds by which it may be behind; with synchronous_commit = remote_apply it never is
LOOK = 1  # seconds between two looks at how far it is
PAUSE = 10  # seconds after a look that failed
PATIENCE = 2  # seconds for the answer to a look
# Links that were mailed a moment ago, the admin, whether the site is well, and a file whose rows
# are still read when the request is over; and what needs no database, and must not wait for a look
# at one.
ASIDE = (
    *("/accounts/", "/admin/", "/health", "/api/health", "/results.csv"),
    *("/ping", "/api/ping", "/static/"),
)

reads_standby = ContextVar("reads_standby", default=False)
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


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
    connection.close_if_unusable_or_obsolete()
    with connection.hurry(PATIENCE), connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def read_position() -> str:
    return str(ask(DEFAULT_DB_ALIAS, "SELECT pg_current_wal_flush_lsn()"))


def shows(position: str) -> bool:
    """False also where it was promoted: then it is another primary, of which we know nothing."""
    query = "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= CAST(%s AS pg_lsn)"
    return bool(ask(STANDBY, query, position))


class StandbyHandler:
    """Has strangers' requests answered from the standby while it is near.

    What it cannot answer, the primary is asked again. It is around all of the site, because what is
    kept in memory is asked for its version before Django makes anything of a request.
    """

    def __init__(self, application: Application, watch: Watch | None = None) -> None:
        self.application, self.watch = application, watch or Watch(read_position, shows)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not is_for_strangers(environ) or not self.watch.is_near():
            return self.application(environ, start_response)
        starts: list[tuple[Any, ...]] = []
        with reading_standby():
            content = self.application(environ, lambda *start: starts.append(start))
        status, *rest = starts[-1]
        if not status.startswith("5"):
            start_response(status, *rest)
            return content
        if hasattr(content, "close"):
            content.close()
        return self.application(environ, start_response)


@contextmanager
def reading_standby() -> Iterator[None]:
    token = reads_standby.set(True)
    try:
        yield
    finally:
        reads_standby.reset(token)


def is_for_strangers(environ: Environ) -> bool:
    """Whether nobody is known to ask, and only asks: what has a body cannot be asked twice."""
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and not has_body(environ)
        and is_strangers(environ)
        and "HTTP_AUTHORIZATION" not in environ
        and not environ["PATH_INFO"].startswith(ASIDE)
    )
