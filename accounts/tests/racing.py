"""Many at once, each in a thread with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import connection

from accounts.shared.refusals import Refusal

T = TypeVar("T")


def at_once(*jobs: Callable[[], T]) -> list[T | Refusal | ValidationError]:
    """What each job returned, or why it was refused. Any other error is raised."""
    start = Barrier(len(jobs), timeout=30)

    def run(job: Callable[[], T]) -> T | Refusal | ValidationError:
        try:
            start.wait()
            return job()
        except (Refusal, ValidationError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))
