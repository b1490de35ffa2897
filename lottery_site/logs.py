"""Trouble with the database in the log: each request meets it, and no traceback tells more."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from time import monotonic

from accounts.shared.troubles import DatabaseTrouble, find_trouble

PAUSE = 60  # seconds


def what_trouble(record: logging.LogRecord) -> type[DatabaseTrouble] | None:
    return find_trouble(record.exc_info[1]) if record.exc_info else None


class InALine(logging.Filter):
    """Puts what the database says behind the message, instead of the traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if what_trouble(record) and record.exc_info:
            reason = " ".join(str(record.exc_info[1]).split())
            record.msg, record.args = f"{record.getMessage()} {reason}", ()
            record.exc_info = record.exc_text = None
        return True


class Seldom(logging.Filter):
    """Lets each kind of trouble through once a minute for each logger, and refusals for it, too."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self.clock, self.next = clock, dict[tuple[str, object], float]()

    def filter(self, record: logging.LogRecord) -> bool:
        trouble = what_trouble(record)
        is_refusal = getattr(record, "status_code", None) == HTTPStatus.SERVICE_UNAVAILABLE
        if not (is_refusal or trouble):
            return True
        now, kind = self.clock(), (record.name, trouble)
        if now < self.next.get(kind, now):
            return False
        self.next[kind] = now + PAUSE
        return True
