"""Every change to a stored row is caught by verify_database, where it can be seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import Error, connection, models, transaction
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.life import draw_lottery, pass_over
from ballots.models import Ballot, BallotBox, Draw, Entry, PassingOver, Submission, Subtree
from ballots.tests.factories import ANSWER, BoxFactory, draw, sealed_box, submit
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


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)


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


@pytest.mark.django_db
class TestWhatIsNamed:
    """The sentence says what differs."""

    @pytest.fixture
    def box(self, alice: User, bob: User) -> BallotBox:
        box = BoxFactory.create()
        for participant in (alice, bob, alice):
            submit(box, participant, 3)
        draw(box)
        return box

    def said(self, box: BallotBox) -> str:
        return " ".join(find_differences(BallotBox.objects.with_results().get(pk=box.pk)))

    def ballot(self, box: BallotBox, number: int) -> "models.QuerySet[Ballot]":
        return Ballot.objects.filter(box=box, number=number)

    def loser(self, box: BallotBox) -> int:
        winner = Draw.objects.get(pk=box.pk).winning_ballot
        return next(number for number in (2, 5, 8) if winner and number != winner.number)

    def test_a_ballot_removed(self, box: BallotBox) -> None:
        number = self.loser(box)
        self.ballot(box, number).delete()
        assert f"Missing: ballot {number}." in self.said(box)

    def test_a_ballot_inserted(self, box: BallotBox) -> None:
        last = Submission.objects.get(first_number=7)
        Ballot.objects.create(id=UUID(int=1), box=box, number=10, submission=last)
        said = self.said(box)
        assert "Ballot 10 belongs to a submission of other numbers." in said
        assert "The box counts 9 ballots, but there are 10." in said

    def test_a_ballot_changed(self, box: BallotBox) -> None:
        submission = Submission.objects.get(first_number=1)
        Submission.objects.filter(pk=submission.pk).update(root="0" * 64)
        assert "Ballots 1 to 3, or their head, are not as they were submitted" in self.said(box)

    def test_two_ballots_renumbered(self, box: BallotBox) -> None:
        for old, new in ((1, 99), (2, 1), (99, 2)):
            self.ballot(box, old).update(number=new)
        assert "Ballots 1 to 3, or their head" in self.said(box)

    def test_ballots_moved_to_another_user(self, box: BallotBox, bob: User) -> None:
        Submission.objects.filter(first_number=1).update(participant=bob)
        said = self.said(box)
        assert "Ballots 1 to 3, or their head" in said
        assert "The total of alice is not 6." in said
        assert "The total of bob is not 3." in said

    def test_another_winner(self, box: BallotBox) -> None:
        other = self.ballot(box, self.loser(box)).get()
        Draw.objects.update(drawn_ballot=other)
        assert "the winners are others" in self.said(box)

    def test_another_seed(self, box: BallotBox) -> None:
        Lottery.objects.update(seed="1" * 64)
        assert "The seed is not the one that was committed to." in self.said(box)

    def test_another_count(self, box: BallotBox) -> None:
        BallotBox.objects.update(ballot_count=8)
        assert "The box counts 8 ballots, but there are 9." in self.said(box)

    def test_another_root(self, box: BallotBox) -> None:
        BallotBox.objects.update(peaks=b"\0" * 64)
        assert "The root of the box is not that of its ballots." in self.said(box)

    def test_another_closing_time(self, box: BallotBox) -> None:
        Lottery.objects.update(closes_at=box.lottery.closes_at + timedelta(hours=1))
        assert "The closing time is not midnight" in self.said(box)

    @pytest.mark.parametrize(("seconds", "is_named"), [(3, False), (3600, True)])
    def test_a_submission_before_the_one_before_it(
        self, box: BallotBox, seconds: int, is_named: bool
    ) -> None:
        """Clocks of several hosts may differ by seconds, but not by more."""
        Lottery.objects.update(created_at=box.lottery.created_at - timedelta(days=1))
        at = Submission.objects.get(first_number=4).submitted_at - timedelta(seconds=seconds)
        Submission.objects.filter(first_number=4).update(submitted_at=at)
        assert ("Ballot 4 was submitted before the one before it." in self.said(box)) is is_named

    def test_a_draw_removed(self, box: BallotBox) -> None:
        Draw.objects.all().delete()
        assert "its draw is missing" in self.said(box)
