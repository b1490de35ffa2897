"""Who may wait for a box: few threads of a process, so that the others serve what needs no box."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from math import inf
from threading import Condition
from time import monotonic

from accounts.shared.troubles import NOTHING, SiteBusy


class Turns:
    """To wait for one box.

    While turns come up, whoever wants one waits. Where none has for a while, somebody holds the
    box, and the others are told at once.
    """

    most = inf  # that wait in the database at once; the web has a number (wsgi.py)
    patience = 2.0  # seconds

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self.condition = Condition()
        self.waiting = 0
        self.moved_at = 0.0  # when the first began to wait, or the last had the box

    @contextmanager
    def take(self) -> Iterator[None]:
        """A turn, until the box is there or the database gave up. Raises SiteBusy."""
        self.begin()
        try:
            yield
        except BaseException:
            self.end(self.moved_at)
            raise
        self.end(self.clock())

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

    def end(self, moved_at: float) -> None:
        with self.condition:
            self.waiting -= 1
            self.moved_at = moved_at
            self.condition.notify()


# Not one for each date that is asked for, which would have no bound: neighbours have their own.
TURNS = [Turns() for _ in range(64)]


def turns_of(closure_date: date) -> Turns:
    """Those to wait for the box of the lottery that closes on this date."""
    return TURNS[closure_date.toordinal() % len(TURNS)]
