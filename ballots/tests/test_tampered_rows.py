"""Every change to a stored row is caught by verify_database, where it can be seen."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import Error, connection, models, transaction
from django.test import override_settings
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.day_after import set_aside
from ballots.life import close_lottery, draw_lottery, submit_ballots
from ballots.models import (
    Answer,
    BallotBox,
    Draw,
    Entry,
    Ground,
    Holding,
)
from ballots.tests.factories import (
    ANSWER,
    DRAND_DATE,
    DRAND_DELAY,
    ROUND,
    BoxFactory,
    noon_of,
)
from ballots.tests.row_changes import SHOWN, other_values, some_rows
from ballots.tests.undoing import undone
from ballots.verification.differences import find_differences
from lotteries.protocol import drand

MODELS: list[type[models.Model]] = [*SHOWN, Entry]
COLUMNS = [(model, field) for model in MODELS for field in model._meta.concrete_fields]
# What nothing depends on, as the page "What this proves" says; keys that only the rows have.
UNSEEN = {
    "submission.token",
    "drawnballot.username",
    "drawnballot.reason",
    "drawnballot.passed_over_by",
    "holding.mail",
    "holding.message",
    "holding.contact",
    "drawnballot.id",
    "entry.id",
    "subtree.id",
}
# Seen only where the order of all moments becomes impossible.
MOMENTS = {
    "submission.submitted_at",
    "ballotbox.sealed_at",
    "holding.told_at",
    "holding.answered_at",
    "holding.handed_over_at",
}


def name(model: type[models.Model], field: Any) -> str:
    return f"{model._meta.model_name}.{field.name}"


def draw_boxes() -> list[BallotBox]:
    """One drawn without and one with a beacon: in each, a winner passed over, a repeat and a note.

    All of it is the same each time, so that it is the same rows whose changes nobody sees.
    """
    chance = Random(12)
    people = [UserFactory.create(participant=make_uuid(chance)) for _ in range(2)]
    plain = BoxFactory.create(
        id=make_uuid(chance), name="tan octopus lottery", closure_date=date(2023, 9, 1)
    )
    with override_settings(DRAW_BEACON="drand", BEACON_DELAY=DRAND_DELAY):
        beacon = BoxFactory.create(
            id=make_uuid(chance),
            name="red fox lottery",
            closure_date=DRAND_DATE,
            claim_days=7,
        )
    for box in (plain, beacon):
        for person, quantity in zip([*people, people[0]], (100, 100, 70), strict=True):
            submit_with(box, person, quantity, chance)
        close_lottery(box.lottery, clock=lambda box=box: box.lottery.closes_at)  # type: ignore[misc]
    at = drand.round_time(ROUND) + timedelta(seconds=1)
    draw_lottery(beacon.lottery, ANSWER, clock=lambda: at)
    set_winner_aside(plain, Ground.UNREACHED, "moved away, no address", at=at)
    set_winner_aside(beacon, Ground.UNCLAIMED, "", at=at + timedelta(days=7))
    return [plain, beacon]


def make_uuid(chance: Random) -> UUID:
    return UUID(bytes=chance.randbytes(16), version=4)


def submit_with(box: BallotBox, person: User, quantity: int, chance: Random) -> None:
    submit_ballots(
        closure_date=box.lottery.closure_date,
        participant=person,
        quantity=quantity,
        token=make_uuid(chance),
        clock=lambda: noon_of(box.lottery.closure_date),
        random_bytes=chance.randbytes,
    )


def set_winner_aside(box: BallotBox, ground: Ground, reason: str, *, at: datetime) -> None:
    """Passed over seven days after they were told; whoever comes next has claimed."""
    winner = Draw.objects.get(pk=box.pk).winner
    assert winner
    Holding.objects.filter(pk=winner.pk).update(**tell(box, at - timedelta(days=7)))
    with transaction.atomic():
        whole = f"{ground.label}: {reason}" if reason else ground.label
        set_aside(winner, ground, whole, by=None, at=at)
    now = Draw.objects.get(pk=box.pk).winner
    assert now
    answer = {"answer": Answer.CLAIMED, "answered_at": at, "handed_over_at": at}
    Holding.objects.filter(pk=now.pk).update(**tell(box, at), **answer)
    assert winner.draw.drawn.filter(place=None).exists()
    box.lottery.notes.create(text="The box was delivered.", noted_at=at)


def tell(box: BallotBox, at: datetime) -> dict[str, Any]:
    days = timedelta(days=box.lottery.claim_days)
    return {"told_at": at, "claim_until": at + days if days else None}


def is_caught() -> bool:
    """Whether the database refuses it, or verify_database names a difference."""
    try:
        connection.check_constraints()
        boxes = list(BallotBox.objects.with_results())
        return any(next(find_differences(box), "") for box in boxes)
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
    assert sometimes_seen | never_seen == columns & (UNSEEN | MOMENTS)
    assert never_seen <= UNSEEN


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
            if touched - UNSEEN - MOMENTS:
                assert is_caught(), touched
