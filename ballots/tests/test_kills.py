"""A process that is killed half-way leaves all of its work or nothing."""

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.models import BallotBox
from ballots.tests.factories import NOON, BoxFactory, draw, submit
from ballots.tests.invariants import assert_sound
from ballots.tests.processes import dies

pytestmark = pytest.mark.django_db(transaction=True)


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
    assert first.winner
    assert draw(box).winner == first.winner


def test_a_draw_killed_after_its_commit_stays(box: BallotBox) -> None:
    assert dies("draw", 0)
    first = assert_sound(box).draw
    again = draw(box)
    assert (again.winner, again.drawn_at) == (first.winner, first.drawn_at)


def test_a_submission_killed_after_any_step(box: BallotBox) -> None:
    step = 1
    while dies("submit", step):
        assert assert_sound(box).ballot_count == 7
        step += 1
    assert step > 3  # lock, participant, and all that is written
    assert assert_sound(box).ballot_count == 10
