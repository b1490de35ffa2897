"""Group commit: submissions to one lottery that meet in a process are written by one transaction.

Whoever comes while nobody writes begins at once, and writes for all who are waiting by then. Those
who come meanwhile are next. So a box is locked, and its lock kept until a commit is on the disk,
once for all of them, and under no load nobody waits for anybody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Condition, Lock
from time import monotonic
from uuid import UUID
from weakref import WeakValueDictionary

from accounts.models import User
from accounts.shared.refusals import Refusal
from accounts.shared.troubles import (
    NOTHING,
    DatabaseTrouble,
    SiteBusy,
    find_trouble,
    has_sent_commit,
    share_commit,
)
from ballots.models import Submission

Clock = Callable[[], datetime]
RandomBytes = Callable[[int], bytes]
Outcome = tuple[Submission, bool] | BaseException


@dataclass(eq=False)
class Request:
    """What one participant wants to put in the box, and what became of it."""

    participant: User
    quantity: int
    token: UUID
    is_limited: bool
    clock: Clock
    random_bytes: RandomBytes
    outcome: Outcome | None = None  # None until it is written or refused
    has_sent_commit: bool = False  # who wrote it, and may not know whether it was stored

    def answer(self) -> tuple[Submission, bool]:
        """Raises what it was refused for, or what went wrong."""
        if self.has_sent_commit:
            share_commit()
        if isinstance(self.outcome, tuple):
            return self.outcome
        raise self.outcome or AssertionError("It was left behind.")


Write = Callable[[Sequence[Request]], list[Outcome]]


class Meeting:
    """Of the requests for one box in this process.

    Where nothing has been written for a while, somebody holds the box: then one thread tries, and
    the others are told at once instead of waiting, each with a thread, until it can be had again.
    """

    most = 50  # in a transaction: nobody waits long for the others
    patience = 2.0  # seconds without anything being written

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self.condition = Condition()
        self.waiting: list[Request] = []
        self.is_writing = False
        self.is_held = False  # the last that was written could not have the box
        self.since = 0.0  # when the writing began, or the first of those that were in vain

    def submit(self, request: Request, write: Write) -> tuple[Submission, bool]:
        """Has the request written, here or by another thread: (the submission, whether it is new).

        Raises what it was refused for, or SiteBusy where somebody holds the box for long.
        """
        with self.condition:
            self.waiting.append(request)
        while group := self.join(request):
            try:
                settle(group, write)
            finally:
                self.leave(group)
        return request.answer()

    def join(self, request: Request) -> list[Request]:
        """The requests that this thread is to write next; none where its own is written."""
        with self.condition:
            while self.is_writing and not request.outcome:
                left = self.since + self.patience - self.clock()
                if request not in self.waiting:
                    self.condition.wait()  # what is being written has the database's limits
                elif left > 0:
                    self.condition.wait(left)
                else:
                    self.waiting.remove(request)
                    raise SiteBusy(NOTHING)
            if request.outcome:
                return []
            self.is_writing = True
            if not self.is_held:
                self.since = self.clock()
            return self.take()

    def take(self) -> list[Request]:
        """The first request of each participant, so that their next one finds it written.

        In the order of their codes: two groups never wait for each other's participants.
        """
        first: dict[UUID, Request] = {}
        for request in self.waiting:
            if len(first) < self.most:
                first.setdefault(request.participant.pk, request)
        group = [first[code] for code in sorted(first)]
        self.waiting = [request for request in self.waiting if request not in group]
        return group

    def leave(self, group: Sequence[Request]) -> None:
        with self.condition:
            self.is_writing = False
            self.is_held = all(stops_all(request.outcome) for request in group)
            self.condition.notify_all()


def settle(group: Sequence[Request], write: Write) -> None:
    """Gives each its outcome. What fails for no known reason is tried one by one."""
    try:
        outcomes = write(group)
    except BaseException as error:
        is_known = isinstance(error, Refusal) or stops_all(error)
        if len(group) > 1 and isinstance(error, Exception) and not is_known:
            for each in group:
                settle([each], write)
            return
        outcomes = [error] * len(group)
    for each, outcome in zip(group, outcomes, strict=True):
        each.has_sent_commit = has_sent_commit()
        each.outcome = outcome  # last: from here on its thread may go on


def stops_all(outcome: Outcome | None) -> bool:
    """Whether the database could not be had, which all others would meet as well."""
    if not isinstance(outcome, BaseException):
        return False
    return isinstance(outcome, DatabaseTrouble) or find_trouble(outcome) is not None


MEETINGS: WeakValueDictionary[date, Meeting] = WeakValueDictionary()  # while somebody is there
DOOR = Lock()


def meeting_of(closure_date: date) -> Meeting:
    """Where all meet who submit to the lottery that closes on this date."""
    with DOOR:
        return MEETINGS.setdefault(closure_date, Meeting())
