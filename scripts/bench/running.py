"""One run: the tables are filled, then each case is measured in turn with "hello"."""

import resource
import subprocess
import sys
from argparse import Namespace
from collections import defaultdict
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from tqdm import tqdm

from bench import processes
from bench.cases import Case, check_case, make_cases
from bench.filling import MILLION, fill
from bench.profiling import profile
from bench.reporting import Cost, Row, describe_machine, print_rows, print_targets
from bench.serving import Server, serve
from bench.targets import SECONDS
from bench.wrk import Request, ask

HELLO = Case("hello", [Request("GET", "/")], 200, "hello")


class Site(NamedTuple):
    """What is measured, and where its processes are."""

    server: Server
    hello: Server
    postmaster: int


def run(asked: Namespace) -> int:
    """Prints the tables of a run; returns 1 where --check finds that a target is missed."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(describe_machine(asked))
    cases = make_cases(fill(asked.ballots))
    if asked.profile:
        profile(next(case for case in cases if case.name == asked.profile))
        return 0
    chosen = [case for case in cases if case.name in asked.cases]
    figures = verify(asked.ballots) if "verify" in asked.cases else {}
    postmaster = find_postmaster()
    connection.close()
    with serve("lottery_site.wsgi") as server, serve("bench.hello:app") as hello:
        rows = measure_all(Site(server, hello, postmaster), chosen, asked)
    print_rows(rows)
    is_missed = print_targets(rows, figures, asked.cases)
    return int(asked.check and is_missed)


def verify(ballots: int) -> dict[tuple[str, str], float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "verify_database"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {("verify", SECONDS): seconds * MILLION / ballots}


def find_postmaster() -> int:
    """The process of the database that all its others come from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return processes.list_parents()[cursor.fetchone()[0]]


def measure_all(site: Site, cases: list[Case], asked: Namespace) -> list[Row]:
    for case in cases:
        check_case(case, lambda request: answer(site.server.port, request))
        measure(site, case, connections=16, seconds=1)  # warms up
    turns = [(level, case) for level in asked.connections for case in cases]
    costs: dict[tuple[str, int], list[Cost]] = defaultdict(list)
    for level, case in tqdm(turns * asked.rounds, "measurements", disable=None):
        hello = measure(site, HELLO, connections=level, seconds=asked.seconds)
        cost = measure(site, case, connections=level, seconds=asked.seconds)
        costs["hello", level].append(hello._replace(hellos=1))
        costs[case.name, level].append(cost._replace(hellos=cost.server_ms / hello.server_ms))
    return [Row.of_rounds(name, level, rounds) for (name, level), rounds in costs.items()]


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
    """What the requests of the case cost, each."""
    server = site.hello if case is HELLO else site.server
    processes.forget_peaks(server.pid)
    before = [processes.cpu_seconds(pid) for pid in (server.pid, site.postmaster)]
    got = ask(
        server.port,
        case.requests,
        connections=connections,
        seconds=seconds,
        folder=Path(settings.DATA_DIR),
    )
    after = [processes.cpu_seconds(pid) for pid in (server.pid, site.postmaster)]
    served, stored = (
        (now - then) * 1000 / max(got.requests, 1) for now, then in zip(after, before, strict=True)
    )
    return Cost(
        rate=(got.requests - got.errors) / got.seconds,
        p50=got.p50,
        p99=got.p99,
        errors=got.errors,
        server_ms=served,
        database_ms=stored,
        megabytes=processes.peak_megabytes(server.pid),
        hellos=0,
    )
