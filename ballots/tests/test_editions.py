"""Whatever changes a row that public pages show makes another edition, and submissions do not."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, models, transaction

from accounts.models import User
from accounts.tests.racing import at_once
from ballots.editions.models import Edition
from ballots.editions.triggers import list_triggers
from ballots.models import (
    BallotBox,
    Draw,
    DrawnBallot,
    Holding,
)
from ballots.tests.factories import BoxFactory, draw, open_box, submit
from ballots.tests.row_changes import SHOWN
from ballots.tests.undoing import undone
from lotteries.models import Lottery, Note
from lotteries.noting import append_note

is_postgresql = connection.vendor == "postgresql"


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def settle() -> None:
    """Has the triggers of PostgreSQL do what they do when a transaction ends."""
    if is_postgresql:
        names = [name for name in list_triggers("postgresql") if not name.endswith("truncate")]
        execute(
            f"SET CONSTRAINTS {', '.join(names)} IMMEDIATE",
            f"SET CONSTRAINTS {', '.join(names)} DEFERRED",
            "SELECT set_config('ballots.edition', '', true)",
        )


def read_editions() -> set[Any]:
    settle()
    return set(Edition.objects.values_list("pk", flat=True))


def is_noticed(change: Callable[..., Any], *given: Any) -> bool:
    """Whether the change, which is taken back, makes another edition."""
    with undone():
        before = read_editions()
        change(*given)
        return read_editions() != before


def update(model: type[models.Model], values: str) -> None:
    execute(f"UPDATE {model._meta.db_table} SET {values}")  # noqa: S608


@pytest.fixture
def box(alice: User) -> BallotBox:
    """Drawn, with a note, and with so many ballots that a node of its tree is stored."""
    box = BoxFactory.create()
    for quantity in (100, 100, 56):
        submit(box, alice, quantity)
    append_note(box.lottery, "The bicycle is a blue one.")
    draw(box)
    return box


@pytest.fixture
def unguarded(box: BallotBox) -> None:
    """Without what keeps notes as they are."""
    where = " ON lotteries_note" if is_postgresql else ""
    settle()
    if is_postgresql:
        execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute(f"DROP TRIGGER lotteries_notes_are_kept{where}")


@pytest.mark.usefixtures("unguarded")
def test_each_column_is_part_of_it(subtests: pytest.Subtests) -> None:
    for model in SHOWN:
        for field in model._meta.concrete_fields:
            with subtests.test(f"{model.__name__}.{field.name}"):
                assert is_noticed(update, model, f'"{field.column}" = "{field.column}"')


def test_a_box_that_is_no_longer_sealed_is_noticed(box: BallotBox) -> None:
    assert is_noticed(update, BallotBox, "sealed_at = NULL")


def test_so_are_rows_that_go(box: BallotBox, subtests: pytest.Subtests) -> None:
    for model in SHOWN:
        with subtests.test(model.__name__):
            assert is_noticed(execute, f"DELETE FROM {model._meta.db_table}")  # noqa: S608


@pytest.mark.skipif(not is_postgresql, reason="SQLite has no TRUNCATE")
def test_and_all_of_them_at_once(box: BallotBox, subtests: pytest.Subtests) -> None:
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    for model in SHOWN:
        with subtests.test(model.__name__):
            assert is_noticed(execute, f"TRUNCATE {model._meta.db_table} CASCADE")


def new_rows(box: BallotBox, participant: User) -> Iterator[models.Model]:
    """Of each kind that comes without a submission one, which needs those before it."""
    lottery = Lottery.objects.get(pk=box.pk)
    lottery.pk, lottery.closure_date = uuid4(), lottery.closure_date + timedelta(days=1000)
    yield lottery
    yield Note(lottery=lottery, text="The red one.", noted_at=lottery.closes_at)
    made = BallotBox(lottery=lottery)
    yield made
    submission = submit(made, participant, 1, at=lottery.announced_at)
    drawn = Draw(box=made, drawn_at=lottery.closes_at)
    yield drawn
    ballot = DrawnBallot(
        draw=drawn,
        position=1,
        place=1,
        ballot=submission.ballots.get(),
        participant=participant,
        taken_at=lottery.closes_at,
    )
    yield ballot
    yield Holding(drawn=ballot)


def test_so_are_rows_that_come(box: BallotBox, alice: User, subtests: pytest.Subtests) -> None:
    for row in new_rows(box, alice):
        with subtests.test(type(row).__name__):
            before = read_editions()
            row.save(force_insert=True)
            assert read_editions() != before


@pytest.mark.skipif(not is_postgresql, reason="SQLite notices each change of a box")
def test_submissions_are_no_part_of_it(alice: User, bob: User) -> None:
    """They would change it all the time: the version of a page has the counts of its box."""
    box = open_box()
    before = read_editions()
    for participant in (alice, bob, alice):
        submit(box, participant, 100, at=box.lottery.announced_at)
        assert read_editions() == before


COUNTS = [
    "sealed_at = now()",
    "peaks = ''",
    "ballot_count = ballot_count + 1",
    "lottery_id = gen_random_uuid()",
]


@pytest.mark.skipif(not is_postgresql, reason="SQLite notices each change of a box")
@pytest.mark.parametrize("change", COUNTS)
def test_whatever_else_becomes_of_an_open_box_is(alice: User, change: str) -> None:
    box = open_box()
    submit(box, alice, 3, at=box.lottery.announced_at)
    assert is_noticed(update, BallotBox, change)


@pytest.mark.skipif(not is_postgresql, reason="SQLite notices each change of a box")
def test_so_is_that_a_damaged_box_is_repaired(alice: User) -> None:
    box = open_box()
    submit(box, alice, 3, at=box.lottery.announced_at)
    update(BallotBox, "ballot_count = 4")
    assert is_noticed(update, BallotBox, "ballot_count = 3")


def test_what_was_taken_back_never_was(box: BallotBox) -> None:
    before = read_editions()
    with undone():
        append_note(box.lottery, "The red one.")
        settle()
    assert read_editions() == before


def test_no_edition_comes_again(box: BallotBox) -> None:
    before = read_editions()
    for name in ("other", box.lottery.name):
        Lottery.objects.filter(pk=box.pk).update(name=name)
        assert not read_editions() & before


@pytest.mark.skipif(not is_postgresql, reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_another() -> None:
    box, other = BoxFactory.create(), BoxFactory.create()

    def append() -> None:
        execute("SET lock_timeout = '5s'")
        append_note(other.lottery, "The red one.")

    with transaction.atomic():
        append_note(box.lottery, "The blue one.")
        settle()
        at_once(append)
    both = read_editions()
    assert len(both) == 2
    append_note(box.lottery, "The green one.")
    assert len(read_editions()) == 1
    assert not read_editions() & both
