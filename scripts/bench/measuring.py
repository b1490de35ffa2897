"""What requests cost: each case in turn with "hello", round by round."""

from argparse import Namespace
from collections import defaultdict
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import NamedTuple

from django.conf import settings
from tqdm import tqdm, trange

from bench import processes
from bench.cases import SIGNED_IN, Case, check_case
from bench.pgbench import run_pgbench
from bench.reporting import Cost, Row
from bench.serving import Server
from bench.targets import ERRORS, OF_PGBENCH, TAIL, Figures
from bench.wrk import Request, ask

HELLO = Case("hello", [Request("GET", "/")], 200, "hello")
MOST = 64  # connections on one lottery
FEW = 8  # of pgbench, which so many do not hold up as 64 do: the site has as many


class Site(NamedTuple):
    """What is measured, and where its processes are."""

    server: Server
    hello: Server
    postmaster: int


def measure_all(site: Site, cases: list[Case], asked: Namespace) -> list[Row]:
    for case in cases:
        check_case(case, lambda request: answer(site.server.port, request))
    turns = [(level, case) for level in asked.connections for case in cases]
    errors = defaultdict(
        float, {(case.name, level): warm_up(site, case, level) for level, case in turns}
    )
    costs: dict[tuple[str, int], list[Cost]] = defaultdict(list)
    for level, case in tqdm(turns * asked.rounds, "measurements", disable=None):
        hello = measure(site, HELLO, connections=level, seconds=asked.seconds)
        cost = measure(site, case, connections=level, seconds=asked.seconds)
        costs["hello", level].append(hello._replace(hellos=1))
        costs[case.name, level].append(cost._replace(hellos=cost.server_ms / hello.server_ms))
    return [Row.of_rounds(*key, rounds, errors[key]) for key, rounds in costs.items()]


def warm_up(site: Site, case: Case, connections: int) -> float:
    """Returns how many answers were errors: they count, as those of the rounds do."""
    return measure(site, case, connections=connections, seconds=1).errors


def answer(port: int, request: Request) -> tuple[int, str]:
    """The status, and all of the answer's text."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Host": "localhost", **request.headers}
    connection.request(request.method, request.path, request.body or None, headers)
    found = connection.getresponse()
    text = f"{found.headers}{found.read().decode()}"
    connection.close()
    return found.status, text


def measure(site: Site, case: Case, *, connections: int, seconds: int) -> Cost:
    """What each request of the case costs. Its hellos are filled in by who measures those."""
    server = site.hello if case is HELLO else site.server
    processes.forget_peaks(server.pid)
    before = [processes.cpu_seconds(pid) for pid in (server.pid, site.postmaster)]
    folder = Path(settings.DATA_DIR)
    got = ask(server.port, case.requests, connections=connections, seconds=seconds, folder=folder)
    after = [processes.cpu_seconds(pid) for pid in (server.pid, site.postmaster)]
    served, stored = (
        (now - then) * 1000 / max(got.requests, 1) for now, then in zip(after, before, strict=True)
    )
    return Cost(
        rate=(got.requests - got.errors) / got.seconds,
        p50=got.p50,
        p99=got.p99,
        errors=got.errors or int(got.requests == 0),
        server_ms=served,
        database_ms=stored,
        megabytes=processes.peak_megabytes(server.pid),
        hellos=0,
    )


def contend(site: Site, submit: Case, script: Path, asked: Namespace) -> Figures:
    """Many connections on one lottery, in turn with pgbench. Prints the rates of each round."""
    errors = warm_up(site, submit, MOST)
    costs, shares = [], []
    for _ in trange(asked.rounds, desc="contention", disable=None):
        cost = measure(site, submit, connections=MOST, seconds=asked.seconds)
        rates = [
            run_pgbench(script, people=SIGNED_IN, connections=number, seconds=asked.seconds)
            for number in (MOST, FEW)
        ]
        print(
            f"{MOST} connections: {cost.rate:,.0f} submissions/s; pgbench {rates[0]:,.0f}, "
            f"and {rates[1]:,.0f} with {FEW} connections"
        )
        costs.append(cost)
        shares.append(cost.rate / max(rates))
    return {
        ("contention", OF_PGBENCH): median(shares),
        ("contention", TAIL): median(cost.p99 / (cost.p50 or 1) for cost in costs),
        ("contention", ERRORS): errors + sum(cost.errors for cost in costs),
    }
