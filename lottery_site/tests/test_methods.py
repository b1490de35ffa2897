"""HEAD wherever GET is, and the methods told to whoever asks or errs (RFC 9110, section 9.3)."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.tests.asking import ask
from ballots.models import Ballot, BallotBox
from ballots.tests.factories import day
from lottery_site.tests.descriptions import operations

GETS = [name.removeprefix("GET ") for name in operations() if name.startswith("GET ")]
GETS.remove("/user/data")  # written while it is read: it has no length


@pytest.mark.parametrize("path", [*GETS, "/openapi.json"])
def test_an_operation_answers_head(drawn: BallotBox, alice: User, adam: User, path: str) -> None:
    ballot = Ballot.objects.filter(box=drawn).first()
    assert ballot
    target = path.replace("{closure_date}", day(drawn)).replace("{ballot_id}", str(ballot.pk))
    target += {"proof": "?number=1", "consistency": "?from=1"}.get(path.rpartition("/")[2], "")
    user = adam if "/ballots/lottery" in path else alice
    get, head = (ask(method, target, user) for method in ("GET", "HEAD"))
    assert get.status_code == head.status_code == 200
    assert dict(get.items()) == dict(head.items())
    assert int(head["Content-Length"]) == len(get.content) > 0
    assert head.content == b""


PAGES = [
    "ballots:home",
    "ballots:open_lotteries",
    "ballots:results",
    "ballots:feed",
    "ballots:calendar",
    "ballots:fairness",
    "ballots:draw_protocol",
    "ballots:script",
    "ballots:my_ballots",
    "ballots:health",
    "accounts:account",
    "accounts:sign_in",
    "accounts:register",
    "accounts:change_password",
    "accounts:change_email",
    "accounts:change_username",
    "accounts:choices",
    "accounts:close_account",
    "accounts:reset_password",
    "docs",
    "ping",
]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_answers_head(
    stranger: Client, alices_browser: Client, drawn: BallotBox, name: str
) -> None:
    for browser in (stranger, alices_browser):
        get, head = (ask_page(reverse(name)) for ask_page in (browser.get, browser.head))
        assert get.status_code == head.status_code < 400
        assert get.headers.keys() == head.headers.keys()
        assert head.content == b""


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/api/ping", "GET, HEAD, OPTIONS"),
        ("/api/ballots", "OPTIONS, POST"),
        ("/api/lotteries/2026-12-24", "DELETE, GET, HEAD, OPTIONS"),
        ("/", "GET, HEAD, OPTIONS"),
    ],
)
def test_options_and_refusals_list_the_methods(stranger: Client, path: str, allow: str) -> None:
    options, refused = stranger.options(path), stranger.patch(path)
    assert (options.status_code, refused.status_code) == (204, 405)
    assert options["Allow"] == refused["Allow"] == allow


def test_a_static_file_answers_head(stranger: Client, settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "site.css").write_text("body { color: black }")
    get, head = (Client().generic(method, "/static/site.css") for method in ("GET", "HEAD"))
    assert get.status_code == head.status_code == 200
    assert get.headers.keys() == head.headers.keys()
    assert int(head["Content-Length"]) == len(get.getvalue())
    assert head.getvalue() == b""


def test_options_of_nothing_is_not_found(stranger: Client) -> None:
    assert stranger.options("/api/nothing").status_code == 404
