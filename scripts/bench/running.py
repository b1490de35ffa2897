"""One run: the tables are filled, the cases are measured, and what came of it is printed."""

import resource
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench import processes
from bench.cases import Case, People, make_cases, sign_in
from bench.contending import record_submission
from bench.filling import MILLION, Filled, fill
from bench.measuring import Site, contend, measure_all
from bench.profiling import profile
from bench.reporting import describe_machine, print_rows, print_targets
from bench.serving import serve
from bench.targets import SECONDS, Figures


def run(asked: Namespace) -> int:
    """Prints the tables of a run; returns 1 where --check finds that a target is missed."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(describe_machine(asked), flush=True)
    filled = fill(asked.ballots)
    people = sign_in(filled.people)
    cases = {case.name: case for case in make_cases(filled, people)}
    if asked.profile:
        profile(cases[asked.profile])
        return 0
    return measure_site(asked, filled, people, cases)


def measure_site(asked: Namespace, filled: Filled, people: People, cases: dict[str, Case]) -> int:
    figures: Figures = {}
    script = Path(settings.DATA_DIR, "submission.sql")
    chosen = [case for name, case in cases.items() if name in asked.cases]
    if "verify" in asked.cases:
        figures |= verify(asked.ballots)
    if "contention" in asked.cases:  # after that: it spoils a lottery
        record_submission(filled.last, filled.people, people.programs[0], script)
    postmaster = find_postmaster()
    connection.close()
    with serve("lottery_site.wsgi") as server, serve("bench.hello:app") as hello:
        site = Site(server, hello, postmaster)
        rows = measure_all(site, chosen, asked)
        if "contention" in asked.cases:
            figures |= contend(site, cases["submit-api"], script, asked)
    if rows:
        print_rows(rows)
    is_missed = print_targets(rows, figures, asked.cases)
    return int(asked.check and is_missed)


def verify(ballots: int) -> Figures:
    """Of all ballots, in a process of its own. Fails where it finds that something differs."""
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
