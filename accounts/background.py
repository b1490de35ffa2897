"""Work that nobody waits for, and whose time tells nobody anything."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection

logger = logging.getLogger(__name__)
# One at a time and in order. What is left when the process ends is still done.
worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background")


def run_in_background(job: Callable[[], object]) -> Future[None]:
    """Does the job soon, in another thread. An error in it is logged."""
    return worker.submit(run_now, job)


def run_now(job: Callable[[], object]) -> None:
    try:
        job()
    except Exception:
        logger.exception("A job in the background failed.")
    finally:
        connection.close()
