"""What docs/scaling.md recommends, on one machine: each host and server at a port of its own."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from databases import LIMITS, Pooler, Server
from programs import Failure
from web_hosts import Host

from accounts.tests.mail.server import MailServer

REGISTRATIONS = 12  # an hour, of one network
DAYS = 4  # with an open lottery


class Site(NamedTuple):
    primary: Server
    standby: Server
    hosts: list[Host]
    mails: MailServer

    def run_at_all(self, *arguments: str) -> list[str]:
        """What a command prints that runs at all hosts at once."""
        with ThreadPoolExecutor() as pool:
            return list(pool.map(lambda host: host.manage(*arguments), self.hosts))


def say(what: str) -> None:
    print(what, flush=True)


def check(holds: object, what: str) -> None:
    """Says what holds. Raises Failure where it does not."""
    if not holds:
        raise Failure(f"It does not hold: {what}.")
    say(f"OK  {what}")


def set_up(stack: ExitStack, folder: Path, pooler: str) -> Site:
    """Everything but the web servers runs when it returns; the stack stops it."""
    primary, standby = set_up_servers(stack, folder)
    mails = MailServer()
    stack.callback(mails.close)
    shared = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "http://localhost:8000",
        "EMAIL_URL": f"smtp://127.0.0.1:{mails.port}",
        "LOTTERIES_AHEAD": str(DAYS),
        "REGISTER_RATE": f"{REGISTRATIONS}/h",
    }
    poolers = [Pooler(folder, f"pgbouncer-{name}", pooler) for name in ("one", "two")]
    for each in poolers:
        each.point_to(primary, standby)
        stack.callback(each.stop)
        each.start()
    servers = (
        "postgres://lottery@/lottery?host=127.0.0.1,127.0.0.1"
        f"&port={standby.port},{primary.port}&target_session_attrs=read-write"
    )
    hosts = [
        Host(folder, each.name.removeprefix("pgbouncer-"), each, servers, **shared)
        for each in poolers
    ]
    return Site(primary, standby, hosts, mails)


def set_up_servers(stack: ExitStack, folder: Path) -> tuple[Server, Server]:
    primary, standby = Server(folder, "primary"), Server(folder, "standby")
    primary.make()
    stack.callback(primary.stop)
    primary.start()
    primary.ask("CREATE DATABASE lottery")
    primary.ask(LIMITS)
    standby.copy(primary)
    stack.callback(standby.stop)
    standby.start()
    primary.wait_for_standby(standby)
    return primary, standby


def start_hosts(stack: ExitStack, site: Site) -> None:
    """Both at once: each would make the tables and the first admin."""
    site.run_at_all("collectstatic", "--noinput", "--verbosity", "0")
    for host in site.hosts:
        stack.callback(host.stop)
        host.start()
    for host in site.hosts:
        host.wait()
    logs = list(read_logs(site))
    passwords = sum(log.count("\nPassword: ") for log in logs)
    check(
        passwords == 1 and "Traceback" not in "".join(logs),
        "two hosts that start at once make the tables and the first admin once",
    )
    names = {(host.folder / "static" / "staticfiles.json").read_text() for host in site.hosts}
    check(len(names) == 1, "both hosts give their static files the same names")


def read_logs(site: Site) -> Iterator[str]:
    for host in site.hosts:
        yield (host.folder / "web.log").read_text()
