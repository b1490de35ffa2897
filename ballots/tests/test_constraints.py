"""What the database itself refuses, should the code ever try."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError, RestrictedError

from accounts.models import User
from ballots.models import Ballot, BallotBox, Draw, DrawnBallot, Entry, Submission
from ballots.tests.factories import MIDNIGHT, NOON, BoxFactory, draw, submit


@pytest.fixture
def box(alice: User) -> BallotBox:
    """With ballots 1 to 3 of alice."""
    box = BoxFactory.create()
    submit(box, alice, 3)
    return box


@pytest.fixture
def stored(box: BallotBox) -> dict[str, Any]:
    return {"box": box, "submission": Submission.objects.get(), "ballot": Ballot.objects.first()}


def assert_refused(row: Model) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_two_ballots_of_one_number(stored: dict[str, Any]) -> None:
    assert_refused(Ballot(id=uuid4(), box=stored["box"], number=3, submission=stored["submission"]))


def test_a_ballot_number_0(stored: dict[str, Any]) -> None:
    assert_refused(Ballot(id=uuid4(), box=stored["box"], number=0, submission=stored["submission"]))


def test_two_entries_of_one_participant(box: BallotBox, alice: User) -> None:
    assert_refused(Entry(box=box, participant=alice, ballot_count=1))


def test_an_entry_without_ballots(box: BallotBox, bob: User) -> None:
    assert_refused(Entry(box=box, participant=bob, ballot_count=0))


@pytest.mark.parametrize(
    "changes",
    [{"first_number": 1}, {"last_number": 3}, {"token": "the same"}],
    ids=["first number", "descending", "token"],
)
def test_submissions_that_cannot_be(
    stored: dict[str, Any], alice: User, changes: dict[str, Any]
) -> None:
    token = stored["submission"].token if "token" in changes else uuid4()
    fields = {"first_number": 4, "last_number": 4, "root": "0" * 64} | changes | {"token": token}
    assert_refused(Submission(box=stored["box"], participant=alice, submitted_at=NOON, **fields))


def test_a_second_draw(box: BallotBox) -> None:
    first = draw(box)
    with pytest.raises(IntegrityError), transaction.atomic():
        Draw.objects.create(box=box, drawn_at=MIDNIGHT)
    assert Draw.objects.get().winner == first.winner


@pytest.fixture
def drawn(box: BallotBox, bob: User) -> dict[str, Any]:
    """A drawn lottery of two places, of which one is vacant; and what would hold it."""
    two = BoxFactory.create(places=2)
    submit(two, bob, 3)
    made = draw(two)
    taken = set(made.drawn.values_list("ballot", flat=True))
    assert len(taken) == 3
    free = Ballot.objects.filter(box=box).first()
    return {"draw": made, "position": 4, "ballot": free, "taken_at": MIDNIGHT}


def test_a_ballot_that_is_drawn_twice(drawn: dict[str, Any], alice: User) -> None:
    again = DrawnBallot.objects.get(position=1).ballot
    assert_refused(DrawnBallot(**drawn | {"ballot": again}, participant=alice, place=2))


def test_two_standing_holders_of_a_place(drawn: dict[str, Any], alice: User) -> None:
    assert_refused(DrawnBallot(**drawn, participant=alice, place=1))


def test_one_person_in_two_places(drawn: dict[str, Any], bob: User) -> None:
    assert_refused(DrawnBallot(**drawn, participant=bob, place=2))


def test_two_numbers_at_one_position(drawn: dict[str, Any], alice: User) -> None:
    assert_refused(DrawnBallot(**drawn | {"position": 3}, participant=alice, place=2))


@pytest.mark.parametrize(
    "changes",
    [
        {"passed_over_at": MIDNIGHT},
        {"ground": "declined"},
        {"reason": "Declined."},
        {"passed_over_at": MIDNIGHT, "ground": "declined"},
        {"passed_over_at": MIDNIGHT, "ground": "disliked", "reason": "Declined."},
        {"passed_over_at": MIDNIGHT, "ground": "declined", "reason": "Declined.", "place": None},
    ],
    ids=lambda changes: " and ".join(changes),
)
def test_a_passing_over_in_part(
    drawn: dict[str, Any], alice: User, changes: dict[str, Any]
) -> None:
    assert_refused(DrawnBallot(**drawn | {"participant": alice, "place": 2} | changes))


def test_more_participants_than_ballots(box: BallotBox) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BallotBox.objects.filter(pk=box.pk).update(participant_count=4)


def test_a_participant_with_ballots_is_not_deleted(box: BallotBox, alice: User) -> None:
    with pytest.raises((ProtectedError, RestrictedError)):
        alice.delete()


def test_a_lottery_with_ballots_is_not_deleted(box: BallotBox) -> None:
    with pytest.raises((ProtectedError, RestrictedError)):
        box.lottery.delete()


def test_a_participant_code_with_ballots_does_not_change(box: BallotBox, alice: User) -> None:
    with pytest.raises(IntegrityError):
        change_code(alice)


@transaction.atomic
def change_code(participant: User) -> None:
    User.objects.filter(pk=participant.pk).update(participant=uuid4())
    connection.check_constraints()
