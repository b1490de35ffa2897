"""A process that is killed while somebody's place changes leaves all of the change or nothing."""

from typing import Any

import pytest

from accounts.mail.models import Mail
from accounts.tests.factories import UserFactory
from ballots.models import BallotBox, DrawnBallot, Holding
from ballots.tests.processes import dies
from ballots.tests.winning import drawn_box, holder

pytestmark = pytest.mark.django_db(transaction=True)

SOME_STEPS = 5  # apart: each is a process of its own


@pytest.fixture
def box() -> BallotBox:
    """Three people, one place, and a week to claim it."""
    return drawn_box(*[(person, 1) for person in UserFactory.create_batch(3)], claim_days=7)


def stored() -> list[Any]:
    return [list(model._default_manager.values()) for model in (DrawnBallot, Holding, Mail)]


@pytest.mark.parametrize("verb", ["decline", "deadline"])
def test_killed_after_a_step_it_left_nothing(box: BallotBox, verb: str) -> None:
    before, step = stored(), 2
    while dies(verb, step):
        assert stored() == before
        step += SOME_STEPS
    assert step > SOME_STEPS
    assert stored() != before


def test_killed_after_its_commit_it_left_all(box: BallotBox) -> None:
    first = holder(box)
    assert dies("deadline", 0)
    second = holder(box)
    assert (second.after, second.place) == (first, first.place)
    assert second.holding.mail
