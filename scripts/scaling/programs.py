"""Programs that run beside this one, and end with it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

# Neither PostgreSQL nor PgBouncer runs as root.
OWNER: dict[str, Any] = (
    {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
)


class Failure(Exception):
    """What did not go as docs/scaling.md says."""


class Program:
    """A program in a session of its own, whose output goes to a file."""

    def __init__(self, log: Path, *command: object, **options: Any) -> None:
        self.log = log
        with log.open("a") as output:
            self.process = subprocess.Popen(
                list(map(str, command)),
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                **options,
            )

    @property
    def children(self) -> list[int]:
        pid = self.process.pid
        with suppress(OSError):
            return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
        return []

    @contextmanager
    def paused(self) -> Iterator[None]:
        """As if the network swallowed all packets."""
        pids = [self.process.pid, *self.children]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def kill(self) -> None:
        """As a power failure would: it and its children do nothing more."""
        pids = [self.process.pid, *self.children]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """Asks it to end, and kills what is left of its session."""
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, with_signal)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        self.kill()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def wait_until(what: str, holds: Callable[[], object], seconds: float = 60) -> None:
    """Raises Failure where it does not hold within this time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise Failure(f"Not within {seconds:.0f} s: {what}.")
        time.sleep(0.2)


def run(*command: object, seconds: float = 120, **options: Any) -> str:
    """What the command prints. Raises Failure where it fails, with what it says."""
    words = list(map(str, command))
    answer: subprocess.CompletedProcess[str] = subprocess.run(
        words, capture_output=True, text=True, timeout=seconds, **options
    )
    if answer.returncode:
        raise Failure(f"{Path(words[0]).name} failed: {answer.stdout}{answer.stderr}")
    return answer.stdout
