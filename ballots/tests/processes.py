"""Other processes that work on the database of the tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from urllib.parse import quote

from django.db import connection


def database_url() -> str:
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(config['NAME'])}"
    user, password = quote(config["USER"]), quote(config["PASSWORD"])
    return f"postgres://{user}:{password}@{config['HOST']}:{config['PORT']}/{config['NAME']}"


def process_environment() -> dict[str, str]:
    """The variables for a process that uses the same database as the test that starts it."""
    return os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "lottery_site.settings",
    }


def allow_interrupts() -> None:
    """What a shell has taken from the tests if it started them in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def dies(verb: str, step: int) -> bool:
    """Whether a process that does this was killed after that step; False where it came through."""
    process = subprocess.run(
        [sys.executable, "-m", "ballots.tests.dying", verb, str(step)], env=process_environment()
    )
    assert process.returncode in {0, -signal.SIGKILL}
    return process.returncode != 0


@contextmanager
def running(*command: str, env: dict[str, str]) -> "Iterator[subprocess.Popen[str]]":
    """The command in a session of its own, which has ended afterwards, whatever happened."""
    process = subprocess.Popen(
        command,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=allow_interrupts,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = monotonic() + seconds
    while not holds():
        assert monotonic() < end, f"Not within {seconds} seconds."
        sleep(0.1)
