"""What participants are answered before Django sees the request is what Django would answer."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choosing import sign_out_everywhere
from accounts.models import Session, User
from accounts.sessions.store import SessionStore
from accounts.shared.troubles import DatabaseAway
from accounts.tests.factories import UserFactory, admin
from ballots.claiming import claim
from ballots.models import BallotBox
from ballots.tests.factories import open_box, submit
from ballots.tests.winning import WORDS, drawn_box, holding_of, page
from conftest import browser_of
from lotteries.noting import append_note
from lottery_site.keeping import Kept
from lottery_site.own_pages import Told
from lottery_site.tests.answering import (
    SECRET,
    TOKENS,
    Process,
    ask,
    ask_view,
    cookie_of,
    show,
)

PAGES = ["ballots:home", "ballots:open_lotteries", "ballots:results"]


@pytest.fixture
def box(transactional_db: None) -> BallotBox:
    return open_box(days=3, prize="A red bicycle")


@pytest.fixture
def process() -> Process:
    """Its clock stands still: a countdown holds for a minute."""
    process, at = Process(), timezone.now()
    process.handler.kept = Kept(lambda: at)
    return process


def test_it_is_what_the_view_answers(
    process: Process, box: BallotBox, alice: User, bob: User
) -> None:
    cookies = {user.username: cookie_of(user) for user in (alice, bob)}
    for address in [
        page(box, "lottery"),
        f"{page(box, 'lottery')}?quantity=7",
        *map(reverse, PAGES),
    ]:
        ask(process, address, cookies["alice"])
        assert (address, process.is_early) == (address, False)
        for name in ("alice", "bob", "alice"):
            early, fresh = ask(process, address, cookies[name]), ask_view(address, cookies[name])
            assert (address, process.is_early) == (address, True)
            assert show(early) == show(fresh)
            assert int(early["Content-Length"]) == len(early.content)
            assert [each for each in cookies if f">{each}</a>" in early.content.decode()] == [name]


def test_it_needs_no_cookie_that_the_view_would_set(
    process: Process, box: BallotBox, alice: User
) -> None:
    """The view sends again what came, and it is valid for longer than a session."""
    cookie, address = cookie_of(alice), page(box, "lottery")
    long, early = (ask(process, address, cookie) for _ in range(2))
    assert f"csrftoken={SECRET};" in long["Set-Cookie"]
    assert (process.is_early, "Set-Cookie" in early) == (True, False)


def test_it_costs_two_queries(process: Process, box: BallotBox, alice: User, bob: User) -> None:
    """What somebody has won is not asked again each minute."""
    now = [timezone.now()]
    process.handler.kept = Kept(lambda: now[0])
    mine, other = cookie_of(alice), cookie_of(bob)
    ask(process, page(box, "lottery"), mine)
    now[0] += timedelta(minutes=1)
    ask(process, page(box, "lottery"), other)
    assert not process.is_early
    with CaptureQueriesContext(connection) as queries:
        ask(process, page(box, "lottery"), mine)
    assert (process.is_early, len(queries)) == (True, 2)


def test_what_nobody_has_won_is_not_asked(process: Process, box: BallotBox, alice: User) -> None:
    cookie = cookie_of(alice)
    with CaptureQueriesContext(connection) as queries:
        ask(process, page(box, "lottery"), cookie)
    assert not process.is_early
    assert len([each for each in queries if '"ballots_holding"' in each["sql"]]) == 1


def post(process: Process, address: str, cookie: str, form: dict[str, Any]) -> int:
    kind = "application/x-www-form-urlencoded"
    headers = {"Cookie": cookie}
    answer = process.ask("POST", address, data=urlencode(form), content_type=kind, headers=headers)
    return answer.status_code


def test_its_form_works_once_and_in_this_browser_alone(
    process: Process, box: BallotBox, alice: User
) -> None:
    session, address = cookie_of(alice, ""), page(box, "submit_ballots")
    mine, other = f"{session}; csrftoken={SECRET}", f"{session}; csrftoken={SECRET[::-1]}"
    said = [ask(process, page(box, "lottery"), mine).content.decode() for _ in range(3)]
    assert process.is_early
    forms = []
    for text in said[1:]:
        *_, csrf, token = re.findall(TOKENS, text)
        forms.append({"quantity": 3, "token": token, "csrfmiddlewaretoken": csrf})
    for form in forms:
        assert post(process, address, other, form) == HTTPStatus.FORBIDDEN
        for _ in range(2):
            assert post(process, address, mine, form) == HTTPStatus.FOUND
    assert box.entries.get().ballot_count == 6
    assert forms[0]["csrfmiddlewaretoken"] != forms[1]["csrfmiddlewaretoken"]


# --- Whom only Django answers


def expire(user: User) -> None:
    Session.objects.filter(user=user).update(expire_date=timezone.now())


def use_unknown_backend(user: User) -> None:
    store = SessionStore(Session.objects.get(user=user).session_key)
    store[BACKEND_SESSION_KEY] = "accounts.unknown"
    store.save()


def update(**values: Any) -> Callable[[User], Any]:
    return lambda user: User.objects.filter(pk=user.pk).update(**values)


ENDS: dict[str, Callable[[User], Any]] = {
    "signed out": lambda user: Session.objects.filter(user=user).delete(),
    "signed out everywhere": sign_out_everywhere,
    "session over": expire,
    "unknown backend": use_unknown_backend,
    "changed password": update(password="another"),
    "not active": update(is_active=False),
    "account deleted": lambda user: user.delete(),
}
OTHERS: dict[str, Callable[[User], Any]] = {
    "now an admin": update(is_staff=True),
    "session of another": lambda user: Session.objects.filter(user=user).update(
        user=admin("another")
    ),
}


def test_whoever_is_no_participant_is_not(
    process: Process, box: BallotBox, subtests: pytest.Subtests
) -> None:
    address = page(box, "lottery")
    for name, change in {**ENDS, **OTHERS}.items():
        with subtests.test(name):
            user = UserFactory.create()
            shown, cookie = f">{user.username}</a>", cookie_of(user)
            for _ in range(2):
                assert shown in ask(process, address, cookie).content.decode()
            assert process.is_early
            change(user)
            answer = ask(process, address, cookie)
            assert not process.is_early
            assert show(answer) == show(ask_view(address, cookie))
            assert (shown in answer.content.decode()) == (name in OTHERS)


COOKIES = {
    "a message": f"csrftoken={SECRET}; messages=x",
    "no secret": "",
    "a short secret": "csrftoken=abc",
    "an empty secret": "csrftoken=",
    "a masked secret": f"csrftoken={SECRET * 2}",
    "a garbled secret": f"csrftoken={SECRET[1:]}-",
    "a secret of other letters": f"csrftoken={SECRET[1:]}ß",
}


def test_other_cookies_are_left_to_django(
    process: Process, box: BallotBox, alice: User, subtests: pytest.Subtests
) -> None:
    address, session = page(box, "lottery"), cookie_of(alice, "")
    ask(process, address, f"{session}; csrftoken={SECRET}")
    for name, other in COOKIES.items():
        with subtests.test(name):
            answer = ask(process, address, f"{session}; {other}")
            assert not process.is_early
            assert show(answer) == show(ask_view(address, f"{session}; {other}"))
            assert "Set-Cookie" in answer


def test_a_session_that_there_is_not_is_a_strangers(
    process: Process, box: BallotBox, alice: User
) -> None:
    address = page(box, "lottery")
    ask(process, address, cookie_of(alice))
    for session in ("", "x", "\0" * 32):
        answer = ask(process, address, f"sessionid={session}; csrftoken={SECRET}")
        assert "Sign in to take part" in answer.content.decode()
        assert not process.is_early


def test_other_methods_are_left_to_django(process: Process, box: BallotBox, alice: User) -> None:
    address, cookie = page(box, "lottery"), cookie_of(alice)
    ask(process, address, cookie)
    for method in ("HEAD", "POST", "OPTIONS", "DELETE"):
        answer = ask(process, address, cookie, method)
        assert not process.is_early
        assert show(answer) == show(ask_view(address, cookie, method))


def test_a_message_is_shown_once(process: Process, box: BallotBox, alice: User) -> None:
    browser = browser_of(alice)
    browser.post(reverse("accounts:choices"), {})
    home, cookie = reverse("ballots:home"), f"sessionid={browser.cookies['sessionid'].value}"
    cookie = f"{cookie}; csrftoken={SECRET}"
    for _ in range(2):
        ask(process, home, cookie)
    told = f"{cookie}; messages={browser.cookies['messages'].coded_value}"
    assert "Your choices are stored." in ask(process, home, told).content.decode()
    assert "Your choices are stored." not in ask(process, home, cookie).content.decode()
    assert process.is_early


# --- What changes


def test_a_change_is_shown_at_once(process: Process, box: BallotBox, alice: User) -> None:
    address, cookie = page(box, "lottery"), cookie_of(alice)
    changes: dict[str, Callable[[], Any]] = {
        "": lambda: None,
        "Pears instead of apples.": lambda: append_note(box.lottery, "Pears instead of apples."),
        "<dd>3, by 1 participant</dd>": lambda: submit(box, alice, 3, at=datetime.now(UTC)),
    }
    for word, change in changes.items():
        change()
        for is_early in (False, True):
            assert word in ask(process, address, cookie).content.decode()
            assert process.is_early == is_early


def test_a_new_name_is_shown_at_once(process: Process, box: BallotBox, alice: User) -> None:
    address, cookie = page(box, "lottery"), cookie_of(alice)
    ask(process, address, cookie)
    update(username="alice <b>")(alice)
    assert ">alice &lt;b&gt;</a>" in ask(process, address, cookie).content.decode()
    assert process.is_early


def test_a_place_that_waits_for_an_answer_is_told(
    process: Process, box: BallotBox, alice: User, bob: User
) -> None:
    mine, other = cookie_of(alice), cookie_of(bob)
    home = reverse("ballots:home")
    for cookie in (mine, other, mine):
        assert "You won" not in ask(process, home, cookie).content.decode()
    won = drawn_box((alice, 1), at=timezone.now(), claim_days=7)
    for cookie, is_told in [(mine, True), (other, False), (mine, True), (other, False)]:
        with CaptureQueriesContext(connection) as queries:
            assert ("You won" in ask(process, home, cookie).content.decode()) == is_told
    assert (process.is_early, len(queries)) == (True, 2)
    told = process.handler.kept.own_pages.told[alice.pk]
    assert told.until
    assert told.until == holding_of(won, alice).claim_until
    claim(won.lottery, alice, **WORDS)
    for _ in range(2):
        assert "You won" not in ask(process, home, mine).content.decode()
    assert process.is_early


def test_it_is_told_for_one_edition_and_until_the_deadline() -> None:
    noon, edition = datetime(2020, 2, 29, 12, tzinfo=UTC), frozenset({"1"})
    told = Told("You won", edition, noon)
    assert told.holds(edition, noon - timedelta(seconds=1))
    assert not told.holds(edition, noon)
    assert not told.holds(frozenset({"2"}), noon - timedelta(seconds=1))
    assert Told("", edition, None).holds(edition, noon)


def without(table: str, value: str) -> AbstractContextManager[None]:
    """The database is lost whenever it is asked for the rows of the table with this value."""

    def execute(run: Any, sql: str, params: Any, *rest: Any) -> Any:
        if table in sql and value in str(params).replace("-", ""):
            raise OperationalError from DatabaseAway()
        return run(sql, params, *rest)

    return connection.execute_wrapper(execute)


@pytest.mark.parametrize("table", ["accounts_session", "ballots_holding"])
def test_what_is_wrong_with_the_database_is_told(
    process: Process, box: BallotBox, alice: User, bob: User, table: str
) -> None:
    address, cookie = page(box, "lottery"), cookie_of(alice)
    ask(process, address, cookie_of(bob))
    value = {
        "accounts_session": cookie.split("=")[1].split(";")[0],
        "ballots_holding": alice.pk.hex,
    }
    for _ in range(2):
        with without(table, value[table]):
            answer = ask(process, address, cookie)
        assert (process.is_early, answer.status_code) == (False, HTTPStatus.SERVICE_UNAVAILABLE)
    answer = ask(process, address, cookie)
    assert (process.is_early, answer.status_code) == (True, HTTPStatus.OK)
    assert "Retry-After" not in answer
