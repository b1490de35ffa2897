"""A connection that never waits for ever, also where the server takes all and says nothing."""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, Self, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_attempts
from psycopg.errors import ConnectionTimeout, OperationalError

T = TypeVar("T")
LEAST = 2  # seconds for one address: psycopg takes no less
# A network that swallows packets is noticed while nothing is asked, too, and after 5 seconds where
# something was sent.
NETWORK = {
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
}


class Connection(psycopg.Connection[Any]):
    patience: float | None = None  # seconds for whatever is asked at once, a pipeline included

    @classmethod
    def open(cls, seconds: float, **options: Any) -> Self:
        """Tries each address of the server, for so long in all. Raises OperationalError."""
        end, last = monotonic() + seconds, OperationalError("The server has no address.")
        for address in conninfo_attempts(options | NETWORK):
            left = int(end - monotonic())
            if left < LEAST and isinstance(last, ConnectionTimeout):
                break
            given: dict[str, Any] = {**address, "connect_timeout": max(left, LEAST)}
            try:
                return cls.connect(**given)
            except OperationalError as error:
                last = error
        raise last

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        if timeout is not None or self.patience is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except psycopg.errors._WaitTimeout:
            self.close()  # whatever it says later would be taken for the next answer
            raise OperationalError("The server took what was asked, and says nothing.") from None


class Gate:
    """While a server says nothing, one thread of the process at a time waits to connect.

    The others are told at once, instead of each waiting in its turn.
    """

    def __init__(self) -> None:
        self.is_silent, self.turn = False, Lock()

    def open(self, connect: Callable[[], T]) -> T:
        """What connect returns. Raises OperationalError, as it does."""
        if not self.is_silent:
            return self.watch(connect)
        if not self.turn.acquire(blocking=False):
            raise OperationalError("The server said nothing a moment ago.")
        try:
            return self.watch(connect)
        finally:
            self.turn.release()

    def watch(self, connect: Callable[[], T]) -> T:
        try:
            connection = connect()
        except OperationalError as error:
            self.is_silent = isinstance(error, ConnectionTimeout)
            raise
        self.is_silent = False
        return connection
