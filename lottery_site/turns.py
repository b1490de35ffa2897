"""One host at a time: several that start at once would each make the tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

NUMBER = 0x6C6F7474657279  # of the lock: "lottery"
LIMITS = "SET LOCAL lock_timeout = '5min'; SET LOCAL idle_in_transaction_session_timeout = 0"


@contextmanager
def take_turn() -> Iterator[None]:
    """Waits until no other host is at it; raises OperationalError after five minutes.

    The lock is that of a transaction on a connection of its own: what is done meanwhile has
    transactions as it likes, and a pooler may stand between. SQLite has no other hosts.
    """
    if connection.vendor == "sqlite":
        yield
        return
    turn = connection.copy()
    try:
        turn.set_autocommit(False)
        with turn.cursor() as cursor:
            cursor.execute(LIMITS)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBER])
        yield
    finally:
        turn.close()
