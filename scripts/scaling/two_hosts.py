"""That two web hosts are one site."""

from collections import Counter

import httpx
from programs import wait_until
from sites import DAYS, REGISTRATIONS, Site, check
from web_hosts import Host, send_form

PASSWORD = "correct horse battery staple"  # noqa: S105  of people who are made up


def check_schedule(site: Site) -> None:
    said = "".join(site.run_at_all("close_lotteries"))
    check(
        said.count(": opened") == DAYS, "the schedule, run at both at once, opens each lottery once"
    )


def register_people(site: Site) -> list[str]:
    """Accounts, made at both hosts in turn: their addresses."""
    statuses, addresses = Counter[int](), []
    tries = REGISTRATIONS + 2
    for number in range(tries):
        account = {"email": f"player{number}@example.org", "username": f"player{number}"}
        url = f"{site.hosts[number % 2].url}/api/user/register"
        status = httpx.post(url, json=account | {"password": PASSWORD}, timeout=30).status_code
        statuses[status] += 1
        if status == 201:
            addresses.append(account["email"])
    check(
        statuses == {201: REGISTRATIONS, 429: tries - REGISTRATIONS},
        f"of {tries} accounts, half at each host, the limit of {REGISTRATIONS} is kept",
    )
    return addresses


def sign_in(host: Host, address: str, password: str = PASSWORD) -> httpx.Response:
    data = {"username": address, "password": password}
    return httpx.post(f"{host.url}/api/auth/login", data=data, timeout=30)


def check_guesses(site: Site, address: str) -> None:
    one, two = site.hosts
    guesses = [sign_in(host, address, "wrong").status_code for host in (one, two, one, two, one)]
    right = [sign_in(host, address).status_code for host in site.hosts]
    check(
        guesses[:4] == [401] * 4 and right == [429, 429],
        "wrong passwords at both hosts count together, and lock the sign-in at both",
    )


def check_session(site: Site, address: str) -> None:
    one, two = site.hosts
    with httpx.Client(timeout=30) as browser:
        browser.get(f"{one.url}/accounts/sign-in/")
        entered = send_form(
            browser, f"{two.url}/accounts/sign-in/", username=address, password=PASSWORD
        )
        shown = browser.get(f"{one.url}/accounts/")
    check(
        entered.status_code == 302 and shown.status_code == 200 and address in shown.text,
        "a form of one host is taken by the other, and its session is valid at both",
    )


def check_draw(site: Site, closure_date: str, token: str) -> None:
    for host in site.hosts:
        answer = httpx.post(
            f"{host.url}/api/ballots",
            params={"lottery_date": closure_date, "quantity": 100},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        check(answer.status_code == 201, f"host {host.name} takes 100 ballots")
    said = site.run_at_all("close_lotteries", "--date", closure_date, "--early")
    again = [text for text in said if "was drawn already" in text]
    check(len(again) == 1, "a lottery that both hosts draw at once is drawn once")
    address = f"/api/lotteries/{closure_date}/winner"
    answers = [httpx.get(f"{host.url}{address}", timeout=30) for host in site.hosts]
    check(
        all(answer.status_code == 200 for answer in answers) and answers[0].text == answers[1].text,
        "both hosts show the same winner",
    )


def check_mails(site: Site) -> None:
    """While nothing is lost: a mail that is under way then may be sent again."""
    wait_until("all mails are sent", lambda: count_mails(site)["waiting"] == 0)
    sent = count_mails(site)["sent"]
    received = Counter(mail["Message-ID"] for mail in site.mails.mails)
    check(
        sent == len(received) == received.total(),
        f"the senders of both hosts send each of {sent} mails once",
    )


def count_mails(site: Site) -> Counter[str]:
    query = "SELECT CASE WHEN sent_at IS NULL THEN 'waiting' ELSE 'sent' END FROM accounts_mail"
    return Counter(state for (state,) in site.primary.ask(query, database="lottery"))
