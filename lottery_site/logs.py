"""Trouble with the database in the log: each request meets it, and no traceback tells more."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from time import monotonic

from accounts.shared.troubles import find_trouble

PAUSE = 60  # seconds


def has_trouble(record: logging.LogRecord) -> bool:
    return bool(record.exc_info and find_trouble(record.exc_info[1]))


class InALine(logging.Filter):
    """Puts what the database says behind the message, instead of the traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if has_trouble(record) and record.exc_info:
            reason = " ".join(str(record.exc_info[1]).split())
            record.msg, record.args = f"{record.getMessage()} {reason}", ()
            record.exc_info = record.exc_text = None
        return True


class Seldom(logging.Filter):
    """Lets trouble through once a minute for each logger, with its reason and without."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self.clock, self.next = clock, dict[tuple[str, bool], float]()

    def filter(self, record: logging.LogRecord) -> bool:
        is_refusal = getattr(record, "status_code", None) == HTTPStatus.SERVICE_UNAVAILABLE
        if not (is_refusal or has_trouble(record)):
            return True
        now, kind = self.clock(), (record.name, bool(record.exc_info))
        if now < self.next.get(kind, now):
            return False
        self.next[kind] = now + PAUSE
        return True
