"""Whoever asks an address again and again, and how long each answer takes."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from statistics import median
from threading import Event, Thread
from time import monotonic

PATIENCE = 60  # seconds for an answer


class Probe:
    """Asks in a connection of its own each time, as a load balancer may."""

    def __init__(self, port: int, path: str, pause: float) -> None:
        self.port, self.path, self.pause = port, path, pause
        self.seconds: list[float] = []
        self.outcomes: Counter[str] = Counter()
        self.ends = Event()

    def ask(self) -> str:
        """The status of the answer, or what became of the connection instead."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", self.path, headers={"Host": "localhost"})
            answer = connection.getresponse()
            answer.read()
            return str(answer.status)
        except (OSError, HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()

    def run(self) -> None:
        while not self.ends.is_set():
            begin = monotonic()
            self.outcomes[self.ask()] += 1
            self.seconds.append(monotonic() - begin)
            self.ends.wait(self.pause)

    @contextmanager
    def running(self) -> Iterator["Probe"]:
        thread = Thread(target=self.run)
        thread.start()
        try:
            yield self
        finally:
            self.ends.set()
            thread.join()

    @property
    def most(self) -> float:
        return max(self.seconds)

    @property
    def median(self) -> float:
        return median(self.seconds)

    def describe_outcomes(self) -> str:
        return ", ".join(f"{number} x {outcome}" for outcome, number in self.outcomes.most_common())
