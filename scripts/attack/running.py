"""One run: the site is started, attacked in each way, and looked at during that and after."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

from bench.cases import sign_in
from bench.filling import fill
from bench.running import find_postmaster
from bench.serving import GUNICORN, START, find_spare_port, wait_for
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from attack.attacks import ATTACKS, Target
from attack.forwarding import Forwarder
from attack.probing import Probe, ask

BALLOTS = 50_000
MOST_PING = 1.0  # seconds
MOST_RECOVERY = 60  # seconds
ESTABLISHED, CLOSE_WAIT = "01", "08"  # states of a connection in /proc/net/tcp (proc(5))
ROW = "{:17} {:>9} {:>9} {:>9} {:>9} {:>7} {:>6}  {}"


class Outcome(NamedTuple):
    name: str
    ping: Probe
    home: Probe
    recovery: float  # seconds until the home page was as before
    left: int  # connections

    @property
    def is_good(self) -> bool:
        has_answered = set(self.ping.outcomes) == {"200"} and self.ping.most <= MOST_PING
        return has_answered and self.recovery < MOST_RECOVERY and self.left == 0


def run(names: Sequence[str], seconds: int) -> int:
    """Prints the table; returns 1 where /ping took too long, or the site is not as before."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    filled = fill(BALLOTS)
    programs = sign_in(filled.people).programs
    postmaster = find_postmaster()
    given = connection.settings_dict
    forwarder = Forwarder(given["HOST"], int(given["PORT"]))
    os.environ["DATABASE_URL"] = (
        f"postgres://{given['USER']}@127.0.0.1:{forwarder.port}/{given['NAME']}"
    )
    print(ROW.format("attack", "ping most", "median", "home most", "median", "back in", "left", ""))
    with serve() as port:
        target = Target(port, forwarder, postmaster, filled.first, programs)
        outcomes = [attack(name, target, seconds) for name in names]
    return int(not all(outcome.is_good for outcome in outcomes))


@contextmanager
def serve() -> Iterator[int]:
    """The port of the site, whose log is in a file: it has much to say when it is attacked."""
    port = find_spare_port()
    with Path(settings.DATA_DIR, "site.log").open("wb") as log:
        process = subprocess.Popen(
            [*GUNICORN, "lottery_site.wsgi"],
            env=os.environ | {"PORT": str(port)},
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(process, port)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=START)


def attack(name: str, target: Target, seconds: int) -> Outcome:
    ping, home = Probe(target.port, "/ping", 0.05), Probe(target.port, "/", 0.5)
    with ping.running(), home.running():
        with ATTACKS[name](target):
            sleep(seconds)
        ended = monotonic()
    recovery, left = wait_for_recovery(target.port, ended)
    outcome = Outcome(name, ping, home, recovery, left)
    times = [f"{each:.3f}" for each in (ping.most, ping.median, home.most, home.median)]
    verdict = "" if outcome.is_good else f"FAILED: /ping {ping.describe_outcomes()};"
    print(
        ROW.format(
            name, *times, f"{recovery:.1f}", left, f"{verdict} home {home.describe_outcomes()}"
        ),
        flush=True,
    )
    return outcome


def wait_for_recovery(port: int, ended: float) -> tuple[float, int]:
    """Seconds until ten home pages in a row are there, and the connections that are left then."""
    good = 0
    while good < 10 and monotonic() < ended + MOST_RECOVERY:
        good = good + 1 if ask(port, "/") == "200" else 0
        sleep(0 if good else 0.5)
    recovery = monotonic() - ended
    while count_connections(port) and monotonic() < ended + MOST_RECOVERY:
        sleep(0.5)
    return recovery, count_connections(port)


def count_connections(port: int) -> int:
    """Those that the site holds open, from /proc/net/tcp (proc(5))."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return sum(
        int(row[1].split(":")[1], 16) == port and row[3] in {ESTABLISHED, CLOSE_WAIT}
        for row in rows
    )
