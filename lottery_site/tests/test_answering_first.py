"""What is answered before Django sees the request is what Django would have answered."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from ballots.life import withdraw_lottery
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, draw, open_box, submit
from ballots.tests.winning import page
from lottery_site.tests.answering import Process

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def box(alice: User) -> BallotBox:
    """Drawn."""
    box = BoxFactory.create()
    submit(box, alice)
    draw(box)
    return box


@pytest.fixture
def process(box: BallotBox) -> Process:
    """It has answered for this lottery before."""
    process = Process()
    for name in ("lottery", "record"):
        process.get(page(box, name))
    return process


ASKED: list[tuple[str, dict[str, Any]]] = [
    ("GET", {}),
    ("HEAD", {}),
    ("OPTIONS", {}),
    ("POST", {}),
    ("DELETE", {}),
    ("GET", {"headers": {"If-None-Match": "*"}}),
    ("HEAD", {"headers": {"If-None-Match": "*"}}),
    ("GET", {"headers": {"If-None-Match": '"x"'}}),
    ("GET", {"headers": {"If-Match": '"x"'}}),
    ("GET", {"headers": {"Host": "other.example"}}),
    ("GET", {"headers": {"Transfer-Encoding": "chunked"}}),
    ("GET", {"headers": {"Authorization": "Bearer x"}}),
    ("GET", {"headers": {"Cookie": f"{settings.SESSION_COOKIE_NAME}=x"}}),
    ("GET", {"QUERY_STRING": "x=1"}),
    ("GET", {"QUERY_STRING": "&".join(["x=1"] * 2000)}),
]


@pytest.mark.parametrize(("method", "given"), ASKED)
@pytest.mark.parametrize("name", ["lottery", "record"])
def test_memory_makes_no_difference(
    process: Process, box: BallotBox, name: str, method: str, given: dict[str, Any]
) -> None:
    kept, fresh = (each.ask(method, page(box, name), **given) for each in (process, Process()))
    assert kept.status_code == fresh.status_code
    assert kept.reason_phrase == fresh.reason_phrase
    assert kept.headers == fresh.headers
    assert kept.content == fresh.content


def test_it_costs_one_query(process: Process, box: BallotBox) -> None:
    for method, headers in (("GET", {}), ("GET", {"If-None-Match": "*"}), ("HEAD", {})):
        with CaptureQueriesContext(connection) as queries:
            process.ask(method, page(box, "lottery"), headers=headers)
        assert (method, len(queries)) == (method, 1)


def test_what_holds_no_longer_is_forgotten(process: Process) -> None:
    box = open_box()
    assert process.get(page(box, "lottery")).status_code == 200
    before = len(process.handler.kept.memory.answers)
    withdraw_lottery(box.lottery)
    assert process.get(page(box, "lottery")).status_code == 404
    assert len(process.handler.kept.memory.answers) == before - 1


def test_who_is_signed_in_has_pages_of_their_own(process: Process, alice: User) -> None:
    browser = Client()
    browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    cookie = f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
    home = reverse("ballots:home")
    for _ in range(2):
        assert b"Sign out" in process.get(home, headers={"Cookie": cookie}).content
        assert b"Sign out" not in process.get(home).content
