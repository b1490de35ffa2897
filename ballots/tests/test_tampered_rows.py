"""Every change to a stored row is caught by verify_database, where it can be seen."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import Error, connection, models, transaction
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.tests.factories import UserFactory
from ballots.life import draw_lottery, pass_over
from ballots.models import Ballot, BallotBox, Draw, Entry, PassingOver, Submission, Subtree
from ballots.tests.factories import ANSWER, BoxFactory, draw, sealed_box, submit
from ballots.tests.undoing import undone
from ballots.verification import find_differences
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
    PassingOver,
]
COLUMNS = [(model, field) for model in MODELS for field in model._meta.concrete_fields]
# What nothing depends on, as the page "What this proves" says; keys that only the rows have.
UNSEEN = {
    "lottery.name",
    "submission.token",
    "passingover.reason",
    "passingover.admin",
    "entry.id",
    "subtree.id",
    "passingover.id",
}
# Seen only where the order of all moments becomes impossible.
MOMENTS = {
    "lottery.created_at",
    "submission.submitted_at",
    "ballotbox.sealed_at",
    "draw.drawn_at",
    "passingover.passed_over_at",
}
# Seen only where it stands for another round.
DELAY = "lottery.beacon_delay"


def name(model: type[models.Model], field: Any) -> str:
    return f"{model._meta.model_name}.{field.name}"


def drawn_boxes() -> list[BallotBox]:
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
        winner = Draw.objects.get(pk=box.pk).winning_ballot
        assert winner
        pass_over(box.lottery, number=winner.number, reason="declined", clock=lambda: at)
    return [plain, beacon]


def is_caught() -> bool:
    """Whether the database refuses it, or verify_database names a difference."""
    try:
        connection.check_constraints()
        boxes = list(BallotBox.objects.with_results())
        return any(list(find_differences(box)) for box in boxes if box.sealed_at)
    except Error:
        return True


def others(row: Any, field: Any, chance: Random) -> Any:
    """Another value for the column of this row."""
    value = getattr(row, field.attname)
    if field.is_relation:
        keys = field.related_model._default_manager.exclude(pk=value).values_list("pk", flat=True)
        nobody = chance_uuid(chance) if isinstance(value, UUID) else 999_999
        return chance.choice([*keys[:300], None, nobody])
    if isinstance(value, UUID):
        return chance_uuid(chance)
    if isinstance(value, datetime):
        return value + timedelta(seconds=chance.choice([-90000, -1, 1, 90000]))
    if isinstance(value, date):
        return value + timedelta(days=chance.choice([-1, 1, 300]))
    if isinstance(value, int):
        return value + chance.choice([-60, -1, 1, 60])
    if value is None:
        return {"DateTimeField": datetime(2023, 9, 3, tzinfo=UTC)}.get(field.get_internal_type(), 7)
    if isinstance(value, str):
        return other_text(value, chance)
    blob = bytearray(value)
    blob[chance.randrange(len(blob))] ^= 1 << chance.randrange(8)
    return bytes(blob)


def other_text(value: str, chance: Random) -> str:
    place = chance.randrange(len(value)) if value else 0
    return value[:place] + chance.choice("0123456789abcdefxé") + value[place + 1 :]


def chance_uuid(chance: Random) -> UUID:
    return UUID(bytes=chance.randbytes(16), version=4)


def tamper(model: type[models.Model], field: Any, chance: Random) -> bool:
    """Changes the column of one row; returns whether the database let it happen."""
    rows = model._default_manager.all()
    row = rows.order_by("pk")[chance.randrange(rows.count())]
    value = others(row, field, chance)
    if value == getattr(row, field.attname):
        return False
    with transaction.atomic():
        rows.filter(pk=row.pk).update(**{field.attname: value})
    return True


@pytest.mark.django_db
def test_untouched_rows_are_as_they_must_be() -> None:
    drawn_boxes()
    for box in BallotBox.objects.with_results():
        assert list(find_differences(box)) == []


@pytest.mark.django_db
def test_every_column_alone() -> None:
    """Many changes of each column; those never seen are exactly the ones we say are never seen."""
    drawn_boxes()
    never_seen: set[str] = set()
    sometimes_seen: set[str] = set()
    for model, field in COLUMNS:
        outcomes: set[bool] = set()
        for seed in range(20):
            with undone():
                try:
                    if tamper(model, field, Random(f"{model.__name__} {field.name} {seed}")):
                        outcomes.add(is_caught())
                except (Error, ValueError):
                    outcomes.add(True)
        if outcomes == {True}:
            continue
        (sometimes_seen if True in outcomes else never_seen).add(name(model, field))
    assert sometimes_seen | never_seen <= UNSEEN | MOMENTS | {DELAY}
    assert never_seen <= UNSEEN
    assert never_seen >= {"lottery.name", "submission.token", "passingover.reason"}


class TwoColumnsTest(TestCase):
    """A change that is seen is not hidden by a second one elsewhere."""

    @classmethod
    def setUpTestData(cls) -> None:
        drawn_boxes()

    @settings(max_examples=400, deadline=None, derandomize=True)
    @given(st.sampled_from(COLUMNS), st.sampled_from(COLUMNS), st.integers(0, 2**64))
    def test_two_columns_together(self, one: Any, two: Any, seed: int) -> None:
        assume(one != two)  # the second change could take back the first
        chance = Random(seed)
        touched = set()
        with undone():
            try:
                for model, field in (one, two):
                    if tamper(model, field, chance):
                        touched.add(name(model, field))
            except (Error, ValueError):
                return  # the database refused
            if touched - UNSEEN - MOMENTS - {DELAY}:
                assert is_caught(), touched
