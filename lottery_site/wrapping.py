"""What the site adds to Django's connection to a database, of whichever kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_started
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


class SiteConnection(BaseDatabaseWrapper):
    # Since the request began; whether it arrived is another question. What is written outside of a
    # transaction is left aside: counts, sessions that end, marks of mails.
    has_sent_commit = False

    def _commit(self) -> None:
        self.has_sent_commit = True
        super()._commit()  # type: ignore[misc]

    @contextmanager
    def pipeline(self) -> Iterator[None]:
        """Sends what is asked meanwhile at once; at the end all answers are there, to be read.

        Within a transaction. A file answers anyway.
        """
        yield

    @contextmanager
    def hurry(self, seconds: float) -> Iterator[None]:
        """Waits no longer than so for each answer meanwhile. A file answers anyway."""
        yield


def forget_commits(**signal: Any) -> None:
    for connection in connections.all(initialized_only=True):
        connection.has_sent_commit = False  # type: ignore[attr-defined]


request_started.connect(forget_commits)
