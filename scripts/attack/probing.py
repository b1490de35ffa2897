"""python -m attack.probing PORT PATH PAUSE: asks an address until standard input ends.

In a process of its own, in which no attacker is: it prints the seconds and outcomes as JSON.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from statistics import median
from threading import Thread
from time import monotonic

PATIENCE = 60  # seconds for an answer


def ask(port: int, path: str) -> str:
    """The status of the answer, or what became of the connection instead.

    In a connection of its own each time, as a load balancer may.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        answer = connection.getresponse()
        answer.read()
        return str(answer.status)
    except (OSError, HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


def main(port: int, path: str, pause: float) -> None:
    end = Thread(target=sys.stdin.read)
    end.start()
    asked = []
    while end.is_alive():
        begin = monotonic()
        outcome = ask(port, path)
        asked.append((monotonic() - begin, outcome))
        end.join(pause)
    print(json.dumps(asked))


class Probe:
    """What it found, once it has ended."""

    def __init__(self, port: int, path: str, pause: float) -> None:
        self.command = [sys.executable, "-m", "attack.probing", str(port), path, str(pause)]

    @contextmanager
    def running(self) -> Iterator[None]:
        process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            yield
        finally:
            found, _ = process.communicate()
        asked = json.loads(found)
        self.most = max(seconds for seconds, _ in asked)
        self.median = median(seconds for seconds, _ in asked)
        self.outcomes = Counter(outcome for _, outcome in asked)

    def describe_outcomes(self) -> str:
        return ", ".join(f"{number} x {outcome}" for outcome, number in self.outcomes.most_common())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
