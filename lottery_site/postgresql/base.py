"""Django's PostgreSQL, with limits for all waiting, and asked less often whether it is there."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus

from lottery_site.postgresql.connections import Connection, Gate
from lottery_site.postgresql.moments import MomentLoader
from lottery_site.waits import Waits
from lottery_site.wrapping import SiteConnection

GATES: defaultdict[str, Gate] = defaultdict(Gate)  # by the alias of the database


class DatabaseWrapper(SiteConnection, base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        """Those of psycopg, and two of our own: waits, and has_pooler."""
        params: dict[str, Any] = super().get_connection_params()
        waits, has_pooler = params["waits"], params.pop("has_pooler", False)
        params["context"].register_loader("timestamptz", MomentLoader)
        # A pooler gives a session to others: docs/operations.md tells who has the limits then.
        return params if has_pooler else params | {"options": write_options(waits)}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        self.isolation_level = IsolationLevel.READ_COMMITTED
        waits: Waits = conn_params.pop("waits")
        made = GATES[self.alias].open(lambda: Connection.open(waits.connect, **conn_params))
        made.patience = waits.statement + waits.answer
        return made

    def is_usable(self) -> bool:
        """Whether the server is still there, asked of the socket: who hangs up can be read.

        A transaction that failed and was left open is of no use, either.
        """
        if self.connection is None or self.connection.closed:
            return False
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return False
        socket = poll()
        socket.register(self.connection.fileno(), POLLIN)
        return not socket.poll(0)

    @contextmanager
    def pipeline(self) -> Iterator[None]:
        with self.wrap_database_errors, self.connection.pipeline():
            yield

    @contextmanager
    def hurry(self, seconds: float) -> Iterator[None]:
        self.close_if_health_check_failed()
        self.ensure_connection()
        asked = self.connection
        patience, asked.patience = asked.patience, seconds
        try:
            yield
        finally:
            asked.patience = patience


def write_options(waits: Waits) -> str:
    """The limits that the server keeps, for the start of a session."""
    limits = {
        "lock_timeout": waits.lock,
        "statement_timeout": waits.statement,
        "idle_in_transaction_session_timeout": waits.idle,
    }
    return " ".join(f"-c {name}={round(seconds * 1000)}" for name, seconds in limits.items())
