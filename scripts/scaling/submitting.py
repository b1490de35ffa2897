"""Submissions at all hosts at once, each tried again with its key until it is acknowledged."""

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle, islice, pairwise
from threading import Event, Lock, Thread
from typing import Any
from uuid import uuid4

import httpx
from programs import Failure
from web_hosts import Host

PATIENCE = 90  # seconds until a submission must be acknowledged, whatever happens meanwhile


@dataclass
class Journal:
    """What the clients were told."""

    receipts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by key
    moments: list[float] = field(default_factory=list)  # of each acknowledgement
    refusals: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def add(self, key: str, receipts: list[dict[str, Any]]) -> None:
        with self.lock:
            self.receipts[key] = receipts
            self.moments.append(time.monotonic())

    def note(self, answer: str) -> None:
        with self.lock:
            self.refusals[answer] += 1

    @property
    def longest_gap(self) -> float:
        """Seconds in which nothing was acknowledged."""
        ordered = sorted(self.moments)
        return max(after - before for before, after in pairwise(ordered))


class Clients:
    """One thread for each access token; they submit until they are stopped."""

    def __init__(self, hosts: Sequence[Host], tokens: Sequence[str], date: str) -> None:
        self.hosts, self.date, self.stopping = hosts, date, Event()
        self.journal = Journal()
        self.threads = [
            Thread(target=self.work, args=(number, token), daemon=True)
            for number, token in enumerate(tokens)
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> Journal:
        """Lets each end the submission it is at. Raises Failure where one never was answered."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(PATIENCE + 30)
        if self.journal.failures or any(thread.is_alive() for thread in self.threads):
            raise Failure(f"Never acknowledged: {self.journal.failures}")
        return self.journal

    def work(self, number: int, token: str) -> None:
        hosts = islice(cycle(self.hosts), number, None)  # half of them begin at the other host
        with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=20) as client:
            while not self.stopping.is_set():
                key, end = str(uuid4()), time.monotonic() + PATIENCE
                while not self.submit(client, next(hosts), key):
                    if time.monotonic() > end:
                        self.journal.failures.append(key)
                        return
                    time.sleep(0.2)

    def submit(self, client: httpx.Client, host: Host, key: str) -> bool:
        """One try; whether it was acknowledged."""
        answer = "no answer"
        with suppress(httpx.HTTPError):
            response = client.post(
                f"{host.url}/api/ballots",
                params={"lottery_date": self.date, "quantity": 1 + int(key[0], 16) % 3},
                headers={"Idempotency-Key": key},
            )
            if response.status_code == 201:
                self.journal.add(key, response.json()["receipts"])
                return True
            answer = str(response.status_code)
        self.journal.note(answer)
        return False
