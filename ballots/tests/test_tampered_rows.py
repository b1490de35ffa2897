"""Every change to a stored row is caught by verify_database, where it can be seen."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import Error, connection, models, transaction
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.tests.factories import UserFactory
from ballots.life import draw_lottery
from ballots.models import Ballot, BallotBox, Draw, DrawnBallot, Entry, Submission, Subtree
from ballots.tests.factories import ANSWER, BoxFactory, draw, pass_over, sealed_box, submit
from ballots.tests.row_changes import other_values, some_rows
from ballots.tests.undoing import undone
from ballots.verification.differences import find_differences
from lotteries.models import Lottery
from lotteries.protocol import drand

MODELS: list[type[models.Model]] = [
    Lottery,
    BallotBox,
    Entry,
    Submission,
    Ballot,
    Subtree,
    Draw,
    DrawnBallot,
]
COLUMNS = [(model, field) for model in MODELS for field in model._meta.concrete_fields]
# What nothing depends on, as the page "What this proves" says; keys that only the rows have.
UNSEEN = {
    "submission.token",
    "drawnballot.username",
    "drawnballot.reason",
    "drawnballot.passed_over_by",
    "entry.id",
    "subtree.id",
}
# Seen only where another row names it.
KEYS_OF_SOME = {"drawnballot.id"}
# Seen only where the order of all moments becomes impossible.
MOMENTS = {
    "submission.submitted_at",
    "ballotbox.sealed_at",
}


def name(model: type[models.Model], field: Any) -> str:
    return f"{model._meta.model_name}.{field.name}"


def draw_boxes() -> list[BallotBox]:
    """One drawn without and one with a beacon, with kept subtrees and a passing over each."""
    alice, bob = UserFactory.create_batch(2)
    plain = BoxFactory.create(closure_date=date(2023, 9, 1))
    for participant, quantity in [(alice, 100), (bob, 100), (alice, 70)]:
        submit(plain, participant, quantity)
    draw(plain)
    beacon = sealed_box((alice, 100), (bob, 100), (alice, 60))
    at = drand.round_time(ANSWER["round"]) + timedelta(seconds=1)  # type: ignore[arg-type]
    draw_lottery(beacon.lottery, ANSWER, clock=lambda: at)
    for box in (plain, beacon):
        winner = Draw.objects.get(pk=box.pk).winner
        assert winner
        pass_over(box.lottery, number=winner.number, reason="declined by phone", clock=lambda: at)
    return [plain, beacon]


def is_caught() -> bool:
    """Whether the database refuses it, or verify_database names a difference."""
    try:
        connection.check_constraints()
        boxes = list(BallotBox.objects.with_results())
        return any(list(find_differences(box)) for box in boxes)
    except Error:
        return True


def store(row: models.Model, field: Any, value: Any) -> None:
    """Past all rules but the database's."""
    with transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**{field.attname: value})


@pytest.mark.django_db
def test_untouched_rows_are_as_they_must_be() -> None:
    draw_boxes()
    for box in BallotBox.objects.with_results():
        assert list(find_differences(box)) == []


def is_seen(row: models.Model, field: Any, value: Any) -> bool:
    """Whether the database refuses this value, or verify_database names a difference."""
    with undone():
        try:
            store(row, field, value)
        except (Error, ValueError):
            return True
        return is_caught()


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_every_column_alone(model: type[models.Model]) -> None:
    """Every kind of change is seen, but of the columns of which we say that they are not."""
    draw_boxes()
    never_seen: set[str] = set()
    sometimes_seen: set[str] = set()
    for field in model._meta.concrete_fields:
        outcomes = {
            (value is None, is_seen(row, field, value))
            for row in some_rows(model)
            for value in other_values(row, field)
        }
        if any(not seen for _, seen in outcomes):
            is_ever_seen = (False, True) in outcomes  # other than by a NULL that is not allowed
            (sometimes_seen if is_ever_seen else never_seen).add(name(model, field))
    columns = {name(model, field) for field in model._meta.concrete_fields}
    found = (sometimes_seen | never_seen) - KEYS_OF_SOME
    assert found == columns & (UNSEEN | MOMENTS)
    assert never_seen - KEYS_OF_SOME <= UNSEEN


class TwoColumnsTest(TestCase):
    """A change that is seen is not hidden by a second one elsewhere."""

    @classmethod
    def setUpTestData(cls) -> None:
        draw_boxes()

    @settings(max_examples=400, deadline=None, derandomize=True)
    @given(st.sampled_from(COLUMNS), st.sampled_from(COLUMNS), st.integers(0, 2**64))
    def test_two_columns_together(self, one: Any, two: Any, seed: int) -> None:
        assume(one != two)  # the second change could take back the first
        chance = Random(seed)
        touched = set()
        with undone():
            try:
                for model, field in (one, two):
                    row = chance.choice(some_rows(model))
                    store(row, field, chance.choice(other_values(row, field)))
                    touched.add(name(model, field))
            except (Error, ValueError):
                return  # the database refused
            if touched - UNSEEN - MOMENTS - KEYS_OF_SOME:
                assert is_caught(), touched
