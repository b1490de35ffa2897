"""That nothing acknowledged is lost with the primary, and that submissions go on by themselves."""

import time
from typing import LiteralString

import httpx
from programs import wait_until
from sites import Site, check, say
from submitting import Clients, Journal

BEFORE, AFTER = 5, 5  # seconds of submissions before and after the primary is lost
NOTICE = 2  # seconds until somebody notices
BALLOTS: LiteralString = """
SELECT ballot.number, ballot.id::text, ballot.submission_id FROM ballots_ballot ballot
JOIN lotteries_lottery lottery ON lottery.id = ballot.box_id WHERE lottery.closure_date = %s
"""


def check_silence(site: Site, token: str, closure_date: str) -> None:
    """A standby that confirms nothing: nothing is acknowledged, and nothing counts twice."""
    host, key = site.hosts[0], "kept for the second try"
    with site.standby.program.paused():
        first = submit_once(host.url, token, closure_date, key)
    check(first.status_code == 503, "while the standby is silent, no submission is acknowledged")
    wait_until(
        "the same submission is acknowledged",
        lambda: submit_once(host.url, token, closure_date, key).status_code == 201,
    )
    ((count,),) = site.primary.ask(
        "SELECT count(*) FROM ballots_ballot WHERE box_id = "
        "(SELECT id FROM lotteries_lottery WHERE closure_date = %s)",
        closure_date,
        database="lottery",
    )
    check(count == 1, "and tried again with its key, it is there once")


def submit_once(url: str, token: str, closure_date: str, key: str) -> httpx.Response:
    return httpx.post(
        f"{url}/api/ballots",
        params={"lottery_date": closure_date},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        timeout=30,
    )


def check_loss(site: Site, tokens: list[str], closure_date: str) -> None:
    clients = Clients(site.hosts, tokens, closure_date)
    clients.start()
    try:
        time.sleep(BEFORE)
        before = len(clients.journal.receipts)
        lose_primary(site)
        time.sleep(AFTER)
    finally:
        journal = clients.stop()
    after = len(journal.receipts) - before
    say(f"    Acknowledged: {before} submissions before, {after} since.")
    say(f"    Longest time without one: {journal.longest_gap:.1f} s, {NOTICE} s of it to notice.")
    say(f"    Other answers, each tried again with its key: {dict(journal.refusals)}")
    check(before and after, "submissions go on by themselves")
    check("500" not in journal.refusals, "no answer is an error of the site")
    check_journal(site, journal, closure_date)


def lose_primary(site: Site) -> None:
    """Kills it, and has everybody go on with the standby."""
    site.primary.program.kill()
    say("    The primary is killed.")
    time.sleep(NOTICE)
    site.standby.promote()
    for host in site.hosts:
        host.pooler.point_to(site.standby, site.standby)
    say("    The standby is promoted, and both PgBouncers lead to it.")


def check_journal(site: Site, journal: Journal, closure_date: str) -> None:
    """Compares what clients were told with what is in the box."""
    rows = site.standby.ask(BALLOTS, closure_date, database="lottery")
    told = {(each["number"], each["ballot"]) for key in journal.receipts.values() for each in key}
    stored = {(number, ballot) for number, ballot, _ in rows}
    check(told <= stored, f"all {len(told)} ballots acknowledged are in the box")
    check(stored <= told, "none is in the box that nobody was told of")
    numbers = sorted(number for number, _, _ in rows)
    check(numbers == list(range(1, len(rows) + 1)), f"numbers 1 to {len(rows)}, without a gap")
    submissions = {submission for _, _, submission in rows}
    check(
        len(submissions) == len(journal.receipts),
        f"each of {len(journal.receipts)} keys made one submission, however often it was tried",
    )
