"""Who may wait for a lock: few threads of a process, so that the others serve what needs none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from threading import Condition
from time import monotonic

from accounts.shared.troubles import NOTHING, SiteBusy


class Turns:
    """To wait for one lock.

    While turns come up, whoever wants one waits. Where none has for a while, somebody holds the
    lock, and the others are told at once.
    """

    most = inf  # that wait in the database at once; the web has a number (wsgi.py)
    patience = 2.0  # seconds

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self.condition = Condition()
        self.waiting = 0
        self.moved_at = 0.0  # when the first began to wait, or the last had the lock

    @contextmanager
    def take(self) -> Iterator[None]:
        """A turn, until the lock is theirs or the database gave up. Raises SiteBusy."""
        self.begin()
        is_there = False
        try:
            yield
            is_there = True
        finally:
            self.end(is_there=is_there)

    def begin(self) -> None:
        with self.condition:
            while self.waiting >= self.most:
                left = self.moved_at + self.patience - self.clock()
                if left <= 0:
                    raise SiteBusy(NOTHING)
                self.condition.wait(left)
            if not self.waiting:
                self.moved_at = self.clock()
            self.waiting += 1

    def end(self, *, is_there: bool) -> None:
        with self.condition:
            self.waiting -= 1
            if is_there:
                self.moved_at = self.clock()
            self.condition.notify()
