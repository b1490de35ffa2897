"""Threads that send what is due, several at once: one that a mail server keeps waiting stops none.

The web server has some in each of its processes, and so has the scheduled command.
"""

import logging
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread
from time import monotonic
from typing import Any

from django.db import close_old_connections, connection
from django.utils import timezone

from accounts.mail.bell import bell
from accounts.mail.leases import put_back
from accounts.mail.mailings import queue_more
from accounts.mail.models import Mail
from accounts.mail.patience import Patience
from accounts.mail.sending import next_mail, send_mail

logger = logging.getLogger(__name__)
COUNT = 3
LOOK = 5  # seconds between two looks at the table: other processes ring another bell
GOODBYE = 2  # seconds for the mails under way when it is stopped, and to hand them back


class Sender(Thread):
    """Sends one mail at a time, until it is stopped or, if so asked, until none is due."""

    def __init__(
        self,
        stopping: Event,
        *,
        ends_when_idle: bool,
        clock: Callable[[], datetime] = timezone.now,
        patience: Callable[[], Patience] = Patience,
    ) -> None:
        super().__init__(name="mail sender", daemon=True)
        self.stopping, self.ends_when_idle = stopping, ends_when_idle
        self.clock, self.patience = clock, patience
        self.held: tuple[Mail, Patience] | None = None

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                heard = bell.rings
                if not self.work() and not self.wait(heard):
                    break
        finally:
            connection.close()

    def wait(self, heard: int) -> bool:
        """Until there may be something to do; False where it is to end instead."""
        if self.ends_when_idle:
            return False
        connection.close()  # none is kept while there is nothing to do
        bell.wait(heard, LOOK)
        return True

    def work(self) -> bool:
        """Tries one mail. False where nothing more can be done now, whatever the reason."""
        try:
            close_old_connections()
            mail = next_mail(at=self.clock())
            if mail is None:
                return False
            self.held = mail, self.patience()
            return send_mail(*self.held, clock=self.clock)
        except Exception:
            logger.exception("A sender of mails has failed. It goes on in %s seconds.", LOOK)
            return False
        finally:
            self.held = None

    def hand_back(self) -> None:
        """Leaves its mail to others at once, unless the mail server may have it."""
        if held := self.held:
            mail, patience = held
            if patience.stop():
                put_back(mail)


class Senders:
    def __init__(self, count: int = COUNT, *, ends_when_idle: bool = False, **options: Any) -> None:
        self.stopping = Event()
        self.threads = [
            Sender(self.stopping, ends_when_idle=ends_when_idle, **options) for _ in range(count)
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self, seconds: float = GOODBYE) -> None:
        """Takes up no more mails, waits for those under way, and hands back what takes longer."""
        self.stopping.set()
        bell.ring()
        self.join(seconds)
        # With a connection of its own: a signal may have stopped the caller's in mid-query.
        leaving = Thread(target=self.hand_back, name="mails handed back", daemon=True)
        leaving.start()
        leaving.join(GOODBYE)

    def hand_back(self) -> None:
        try:
            for thread in self.threads:
                if thread.is_alive():
                    thread.hand_back()
        finally:
            connection.close()

    def join(self, seconds: float) -> None:
        end = monotonic() + seconds
        for thread in self.threads:
            thread.join(max(0, end - monotonic()))


@contextmanager
def at_work(senders: Senders) -> Iterator[Senders]:
    """Has them send meanwhile, in a command. SIGTERM ends it like an error: they hand back."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    senders.start()
    try:
        yield senders
    finally:
        senders.stop()
        signal.signal(signal.SIGTERM, before)


def send_all(*, seconds: float) -> None:
    """Tries all that is due, for so many seconds at most. What is left is for the next run."""
    at = timezone.now()
    if Mail.objects.due(at).exists() or queue_more(at):
        with at_work(Senders(ends_when_idle=True)) as senders:
            senders.join(seconds)
