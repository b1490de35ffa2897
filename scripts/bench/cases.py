"""The cases: what is asked, by whom, and what the answer shows."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.test import Client
from django.urls import reverse
from django.utils.crypto import get_random_string

from accounts.models import User
from accounts.tokens import issue_token
from bench.filling import Filled
from bench.wrk import TOKEN, Request

SIGNED_IN = 400  # people, who ask in turn


class Case(NamedTuple):
    name: str
    requests: list[Request]
    status: int
    shows: str  # somewhere in the answer: it is the one that was meant


class People(NamedTuple):
    """Those who are signed in: the headers of their programs and of their browsers."""

    programs: list[dict[str, str]]
    browsers: list[dict[str, str]]


def sign_in(people: list[User]) -> People:
    some = people[:SIGNED_IN]
    return People(
        [program(number, user) for number, user in enumerate(some, start=1)],
        [browse(user) for user in some],
    )


def program(number: int, user: User) -> dict[str, str]:
    """What their program sends: tokens that the database can compute, too, from 1 on."""
    token = issue_token(user, random_bytes=lambda size: f"{number:0{size}}".encode())
    return {"Authorization": f"Bearer {token}"}


def browse(user: User) -> dict[str, str]:
    """What the browser of somebody sends who is signed in and has seen a form."""
    client, secret = Client(), get_random_string(32)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies["sessionid"].value
    return {"Cookie": f"sessionid={session}; csrftoken={secret}", "X-CSRFToken": secret}


def make_cases(filled: Filled, people: People) -> list[Case]:
    return [*submissions(filled, people), *pages(filled, people), *answers(filled)]


def api_path(closure_date: date) -> str:
    return f"/api/ballots?lottery_date={closure_date}"


def submissions(filled: Filled, people: People) -> list[Case]:
    api = api_path(filled.first)
    form = reverse("ballots:submit_ballots", args=[filled.first])

    def by_program(path: str) -> list[Request]:
        return [Request("POST", path, headers) for headers in people.programs]

    def by_form(quantity: int) -> list[Request]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        body = f"quantity={quantity}&token={TOKEN}"
        return [Request("POST", form, headers | kind, body) for headers in people.browsers]

    return [
        Case("submit-api", by_program(api), 201, "submitted_at"),
        Case("submit-form", by_form(1), 302, "/submissions/"),
        Case("submit-100-api", by_program(f"{api}&quantity=100"), 201, "receipts"),
        Case("submit-100-form", by_form(100), 302, "/submissions/"),
    ]


def pages(filled: Filled, people: People) -> list[Case]:
    lottery, drawn = (
        reverse("ballots:lottery", args=[each]) for each in (filled.first, filled.drawn)
    )
    entry = reverse("ballots:my_entry", args=[filled.first])
    mine = reverse("ballots:my_ballots")

    def page(name: str, path: str, shows: str) -> Case:
        return Case(name, [Request("GET", path)], 200, shows)

    def own_page(name: str, path: str, shows: str) -> Case:
        requests = [Request("GET", path, headers) for headers in people.browsers]
        return Case(name, requests, 200, shows)

    return [
        page("lottery-stranger", lottery, "Sign in"),
        own_page("lottery-participant", lottery, "Submit ballots"),
        page("lottery-drawn", drawn, "<strong>drawn</strong>"),
        page("home", reverse("ballots:home"), "Sign in"),
        page("open", reverse("ballots:open_lotteries"), lottery),
        page("results", reverse("ballots:results"), drawn),
        own_page("my-ballots", mine, entry),
        own_page("my-entry", entry, "/submissions/"),
    ]


def answers(filled: Filled) -> list[Case]:
    """Of the API, to everybody."""

    def answer(name: str, path: str, shows: str) -> Case:
        return Case(name, [Request("GET", f"/api/{path}")], 200, shows)

    return [
        answer("api-lottery", f"lotteries/{filled.first}", "announcement"),
        answer("api-list", "lotteries", str(filled.first)),
        answer("api-winner", f"lotteries/{filled.drawn}/winner", str(filled.drawn)),
        answer("api-results", "results", str(filled.drawn)),
    ]


Ask = Callable[[Request], tuple[int, str]]


def check_case(case: Case, ask: Ask) -> None:
    """Raises RuntimeError where the first answer is not the one that was meant."""
    status, text = ask(case.requests[0].renew())
    if status != case.status or case.shows not in text:
        raise RuntimeError(f"{case.name}: not the answer that was meant: {status} {text[:2000]}")
