"""Runs what docs/scaling.md recommends, on this machine alone, and takes its primary away.

make try-scaling     needs PostgreSQL and PgBouncer (PGBOUNCER=PATH: another than the one installed)

Two web hosts, each with a PgBouncer of its own in transaction mode, a primary, and a hot standby
that confirms each commit. Everything is in a temporary folder and at ports that are free. It ends
with 1 where something does not hold, and leaves nothing running.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import NoReturn

sys.path[:0] = map(str, Path(__file__).parents[1:3])

from databases import PREPARED, Pooler
from losing import check_loss, check_silence
from programs import OWNER, Failure
from reading import check_pages, check_reading, check_still_standby
from sites import say, set_up, start_hosts
from two_hosts import (
    check_draw,
    check_guesses,
    check_mails,
    check_schedule,
    check_session,
    register_people,
    sign_in,
)

TIME = 600  # seconds for everything
CLIENTS = 8


def try_all(stack: ExitStack, folder: Path, pooler: str) -> None:
    site = set_up(stack, folder, pooler)
    start_hosts(stack, site)
    check_schedule(site)
    addresses = register_people(site)
    check_guesses(site, addresses[-1])
    check_session(site, addresses[-2])
    tokens = [
        sign_in(site.hosts[number % 2], address).json()["access_token"]
        for number, address in enumerate(addresses[:CLIENTS])
    ]
    today = date.today()  # noqa: DTZ011  in UTC, as the hosts
    tomorrow, second, third = (str(today + timedelta(days)) for days in (1, 2, 3))
    check_draw(site, tomorrow, tokens[0])
    check_mails(site)
    check_reading(site)
    check_still_standby(site, second)
    check_silence(site, tokens[0], second)
    check_loss(site, tokens, third)
    check_pages(site)
    for line in site.hosts[0].manage("verify_database").splitlines():
        say(f"OK  verify_database: {line}")


def find_pooler() -> str:
    path = f"{os.environ['PATH']}:/usr/sbin"
    program = shutil.which(os.environ.get("PGBOUNCER") or "pgbouncer", path=path)
    if not program:
        raise Failure(
            "PgBouncer is not there: install it, or name its program with PGBOUNCER=PATH."
        )
    version = Pooler.version(program)
    knows = "knows" if version >= PREPARED else "does not know"
    say(f"PgBouncer {'.'.join(map(str, version))} {knows} prepared statements.")
    return program


def show_logs(folder: Path) -> None:
    for log in folder.rglob("*.log"):
        say(f"--- {log.relative_to(folder)}\n{log.read_text()[-3000:]}")


def end(number: int, frame: object) -> NoReturn:
    raise Failure(f"Stopped by {signal.Signals(number).name}.")


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, end)
    signal.alarm(TIME)
    os.environ["TZ"] = "UTC"
    time.tzset()
    folder = Path(tempfile.mkdtemp(prefix="scaling-"))
    if OWNER:
        shutil.chown(folder, OWNER["user"], OWNER["group"])
    try:
        with ExitStack() as stack:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            try:
                try_all(stack, folder, find_pooler())
            except Failure:
                show_logs(folder)
                raise
    except Failure as failure:
        say(str(failure))
        return 1
    say("All of it holds.")
    return 0


sys.exit(main())
