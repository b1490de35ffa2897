"""That strangers read from the standby, and from the primary where it cannot be relied on."""

import httpx
from programs import wait_until
from sites import Site, check

PAGES = ("/", "/lotteries/", "/results/", "/api/lotteries")
ROUNDS = 10
NOTE = "Written while the standby stood still."


def check_pages(site: Site) -> None:
    for host in site.hosts:
        statuses = {httpx.get(f"{host.url}{page}", timeout=30).status_code for page in PAGES}
        check(statuses == {200}, f"host {host.name} shows public pages")


def check_reading(site: Site) -> None:
    before = count_reads(site)
    for _ in range(ROUNDS):
        check_quietly(site)
    asked = ROUNDS * len(PAGES) * len(site.hosts)
    wait_until("the standby says what it was asked", lambda: count_reads(site) >= before + asked)
    check(True, f"strangers read {asked} pages from the standby")


def check_quietly(site: Site) -> None:
    for host in site.hosts:
        for page in PAGES:
            httpx.get(f"{host.url}{page}", timeout=30).raise_for_status()


def count_reads(site: Site) -> int:
    """Transactions of the site in the standby, each of which reads."""
    query = "SELECT xact_commit FROM pg_stat_database WHERE datname = 'lottery'"
    return int(site.standby.ask(query)[0][0])


def check_still_standby(site: Site, closure_date: str) -> None:
    """One that does not confirm, because otherwise nothing could be written meanwhile."""
    site.primary.wait_for_none()
    site.standby.ask("SELECT pg_wal_replay_pause()")
    site.hosts[0].manage("add_note", "--date", closure_date, "--text", NOTE)
    for host in site.hosts:
        page = f"{host.url}/lotteries/{closure_date}/"
        wait_until(
            "a page shows what the standby does not",
            lambda page=page: NOTE in httpx.get(page, timeout=30).text,  # type: ignore[misc]
            seconds=10,
        )
    site.standby.ask("SELECT pg_wal_replay_resume()")
    site.primary.wait_for_standby(site.standby)
    check(True, "a standby that stands still is read from no more")
