"""A process that is killed half-way leaves all of its work or nothing."""

import os
import signal
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.db import connection

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.models import BallotBox
from ballots.tests.factories import NOON, BoxFactory, draw, submit
from ballots.tests.invariants import assert_sound

pytestmark = pytest.mark.django_db(transaction=True)


def database_url() -> str:
    """Of the database that the tests use."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(config['NAME'])}"
    user, password = quote(config["USER"]), quote(config["PASSWORD"])
    return f"postgres://{user}:{password}@{config['HOST']}:{config['PORT']}/{config['NAME']}"


def dies(verb: str, step: int) -> bool:
    """Whether a process that does this was killed after that step; False where it came through."""
    process = subprocess.run(
        [sys.executable, "-m", "ballots.tests.dying", verb, str(step)],
        env=os.environ | {"DATABASE_URL": database_url()},
    )
    assert process.returncode in {0, -signal.SIGKILL}
    return process.returncode != 0


@pytest.fixture
def alice() -> User:
    return UserFactory.create()


@pytest.fixture
def box(alice: User) -> BallotBox:
    box = BoxFactory.create(closure_date=NOON.date())
    submit(box, alice, 7)
    return box


def test_a_draw_killed_after_any_step(box: BallotBox) -> None:
    step = 1
    while dies("draw", step):
        assert assert_sound(box).sealed_at is None
        step += 1
    assert step > 4
    first = assert_sound(box).draw
    assert first.winning_ballot_id
    assert draw(box).winning_ballot_id == first.winning_ballot_id


def test_a_draw_killed_after_its_commit_stays(box: BallotBox) -> None:
    assert dies("draw", 0)
    first = assert_sound(box).draw
    again = draw(box)
    assert (again.winning_ballot_id, again.drawn_at) == (first.winning_ballot_id, first.drawn_at)


def test_a_submission_killed_after_any_step(box: BallotBox) -> None:
    step = 1
    while dies("submit", step):
        assert assert_sound(box).ballot_count == 7
        step += 1
    assert step > 4
    assert assert_sound(box).ballot_count == 10
