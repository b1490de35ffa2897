"""What verify_database names: each sentence, and the damage that it is the sentence of."""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots import day_after
from ballots.life import draw_lottery
from ballots.models import (
    Ballot,
    BallotBox,
    Draw,
    DrawnBallot,
    Entry,
    Ground,
    Holding,
    Submission,
    Subtree,
)
from ballots.tests.factories import (
    ANSWER,
    ROUND,
    SEALED_AT,
    BoxFactory,
    draw,
    open_box,
    pass_over,
    sealed_box,
    submit,
)
from ballots.tests.undoing import forget_draws, forget_places, undone
from ballots.tests.winning import drawn_box, holder
from ballots.verification.differences import find_differences, find_unchecked
from ballots.verification.lotteries import find_box, find_orphans
from lotteries.models import Lottery
from lotteries.protocol import drand

NOBODY = UUID(int=7)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LATER = datetime(2020, 4, 1, tzinfo=UTC)


def said(box: BallotBox) -> list[str]:
    found = find_box(str(box.pk))
    return [found] if isinstance(found, str) else list(find_differences(found))


def losing_number(box: BallotBox) -> int:
    winner = Draw.objects.get(pk=box.pk).winner
    return next(number for number in (2, 5, 8) if winner and number != winner.number)


def ballot(box: BallotBox, number: int) -> Any:
    return Ballot.objects.filter(box=box, number=number)


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    """Nine ballots: 1 to 3 and 7 to 9 of alice, 4 to 6 of bob; drawn."""
    box = BoxFactory.create(closure_date=date(2020, 3, 1))
    for participant in (alice, bob, alice):
        submit(box, participant, 3)
    draw(box)
    return box


@pytest.fixture
def drand_box(alice: User) -> BallotBox:
    """Three ballots of alice, drawn with a beacon."""
    box = sealed_box((alice, 3))
    draw_lottery(box.lottery, ANSWER, clock=lambda: drand.round_time(ROUND))
    return box


def test_whole_boxes_have_no_differences(box: BallotBox, drand_box: BallotBox) -> None:
    assert said(box) == said(drand_box) == []
    assert find_unchecked(BallotBox.objects.with_results().get(pk=drand_box.pk)) == ""


@pytest.mark.parametrize("ground", day_after.GROUNDS)
def test_whom_an_admin_passed_over_is_no_difference(box: BallotBox, ground: Ground) -> None:
    number, at = holder(box).number, box.lottery.closes_at + timedelta(days=1)
    day_after.pass_over(
        box.lottery, number=number, ground=ground, reason="told on the phone", clock=lambda: at
    )
    assert said(box) == []


def test_who_was_not_reached_in_time_is_no_difference(alice: User, bob: User) -> None:
    box = drawn_box((alice, 1), (bob, 1), claim_days=7)
    at = box.lottery.closes_at
    tell_moment = {"told_at": at, "claim_until": at + timedelta(days=7)}
    Holding.objects.filter(drawn__draw=box.pk).update(**tell_moment)
    pass_over(box.lottery, number=holder(box).number, clock=lambda: at + timedelta(days=8))
    Holding.objects.filter(drawn__passed_over_at=None).update(told_at=None, claim_until=None)
    assert said(box) == []


# --- One damage, one sentence


def update(model: Any, **values: Any) -> Callable[[BallotBox], Any]:
    return lambda box: model.objects.update(**values)


def update_first(**values: Any) -> Callable[[BallotBox], Any]:
    return lambda box: Submission.objects.filter(first_number=1).update(**values)


def update_second(**values: Any) -> Callable[[BallotBox], Any]:
    return lambda box: Submission.objects.filter(first_number=4).update(**values)


def insert_ballot(box: BallotBox) -> None:
    last = Submission.objects.get(first_number=7)
    Ballot.objects.create(id=NOBODY, box=box, number=10, submission=last)


def renumber_ballots(box: BallotBox) -> None:
    for old, new in ((1, 99), (2, 1), (99, 2)):
        ballot(box, old).update(number=new)


def give_ballots_to_bob(box: BallotBox) -> None:
    update_first(participant=User.objects.get(username="bob"))(box)


def submit_the_second_earlier(box: BallotBox) -> None:
    at = box.lottery.closes_at - timedelta(days=1)
    Lottery.objects.update(announced_at=at)
    update_second(submitted_at=at)(box)


def add_a_submission_without_ballots(box: BallotBox) -> None:
    first = Submission.objects.get(first_number=1)
    first.pk, first.token, first.first_number, first.last_number = None, NOBODY, 10, 10
    first.save()


def pass_over_winner(box: BallotBox) -> None:
    winner = Draw.objects.get(pk=box.pk).winner
    assert winner
    at = box.lottery.closes_at + timedelta(days=1)
    pass_over(box.lottery, number=winner.number, clock=lambda: at)


def lose_a_passing_over(box: BallotBox) -> None:
    """Two hold the place in turn, and nobody was passed over: only as a repeat can it be stored."""
    pass_over_winner(box)
    last = DrawnBallot.objects.order_by("-position")
    Holding.objects.filter(drawn=last[0]).delete()
    last[0].delete()


def pass_over_before_the_draw(box: BallotBox) -> None:
    pass_over_winner(box)
    DrawnBallot.objects.exclude(passed_over_at=None).update(passed_over_at=LONG_AGO)


def take_before_the_draw(box: BallotBox) -> None:
    DrawnBallot.objects.update(taken_at=LONG_AGO)


def lose_ballot_2(box: BallotBox) -> None:
    """Where it is the winner, which the database keeps, another one is said to have won."""
    DrawnBallot.objects.update(ballot=ballot(box, 1).get())
    ballot(box, 2).delete()


def make_another_win(box: BallotBox) -> None:
    DrawnBallot.objects.update(ballot=ballot(box, losing_number(box)).get())


def pass_over_and(damage: Callable[[BallotBox], Any]) -> Callable[[BallotBox], None]:
    def act(box: BallotBox) -> None:
        pass_over_winner(box)
        damage(box)

    return act


def update_ground(ground: Ground, reason: str) -> Callable[[BallotBox], None]:
    over = DrawnBallot.objects.exclude(passed_over_at=None)
    return pass_over_and(lambda _: over.update(ground=ground, reason=reason))


WALK = "The walk from the order to the places is another one, from here on: "
DAMAGES: list[tuple[Callable[[BallotBox], Any], str]] = [
    (update(Lottery, seed="1" * 64), "The seed is not the one that was committed to."),
    (
        update(Lottery, closes_at=datetime(2020, 3, 2, 1, tzinfo=UTC)),
        "The closing time is not midnight at the end of its date in UTC.",
    ),
    (lose_ballot_2, "Missing: ballot 2."),
    (lambda box: ballot(box, 4).update(number=20), "Missing: ballot 10 to 19."),
    (insert_ballot, "Ballot 10 belongs to a submission of other numbers."),
    (insert_ballot, "The box counts 9 ballots, but there are 10."),
    (update_second(first_number=3), "The submission of ballot 4 begins with another number."),
    (update_first(last_number=4), "The submission of ballot 3 ends with another number."),
    (
        lambda box: Submission.objects.filter(first_number=7).update(last_number=10),
        "The submission of ballot 9 ends with another number.",
    ),
    (
        update_first(root="0" * 64),
        "Ballots 1 to 3, or their head, are not as they were submitted: "
        "a ballot, its number or its participant was changed.",
    ),
    (
        renumber_ballots,
        "Ballots 1 to 3, or their head, are not as they were submitted: "
        "a ballot, its number or its participant was changed.",
    ),
    (
        give_ballots_to_bob,
        "Ballots 1 to 3, or their head, are not as they were submitted: "
        "a ballot, its number or its participant was changed.",
    ),
    (
        update_first(submitted_at=LONG_AGO),
        "Ballot 1 was submitted when the lottery was not open.",
    ),
    (submit_the_second_earlier, "Ballot 4 was submitted before the one before it."),
    (update(BallotBox, ballot_count=8), "The box counts 8 ballots, but there are 9."),
    (update(BallotBox, peaks=b"\0" * 64), "The root of the box is not that of its ballots."),
    (update(BallotBox, peaks=b"\0" * 7), "The root of the box is not that of its ballots."),
    (
        update(BallotBox, sealed_at=LONG_AGO),
        "It was sealed before its last ballot was submitted.",
    ),
    (give_ballots_to_bob, "The total of alice is not 6."),
    (give_ballots_to_bob, "The total of bob is not 3."),
    (update(Entry, ballot_count=1), "The total of alice is not 1."),
    (
        lambda box: Entry.objects.create(
            box=box, participant=UserFactory.create(username="ghost"), ballot_count=2
        ),
        "The total of ghost is not 2.",
    ),
    (
        lambda box: Entry.objects.create(box=box, participant=UserFactory.create(), ballot_count=2),
        "The box counts 2 participants, but 3 have a total.",
    ),
    (
        lambda box: Entry.objects.filter(participant__username="bob").delete() and None,
        "bob has ballots, but no total.",
    ),
    (
        lambda box: Entry.objects.filter(participant__username="bob").delete() and None,
        "The box counts 2 participants, but 1 have a total.",
    ),
    (
        lambda box: Submission.objects.update(participant=User.objects.get(username="bob")),
        "The box counts 2 participants, but 1 submitted ballots.",
    ),
    (
        update(BallotBox, participant_count=3),
        "The box counts 3 participants, but 2 submitted ballots.",
    ),
    (add_a_submission_without_ballots, "A submission has lost its ballots."),
    (
        lambda _: forget_draws(),
        "It is sealed, but its draw is missing.",
    ),
    (update(BallotBox, sealed_at=None), "It is drawn, but it is not sealed."),
    (update(Draw, drawn_at=LONG_AGO), "It was not drawn when it was sealed."),
    (
        update(Draw, beacon_signature="b7" * 48),
        "It has the signature of a beacon that was not announced.",
    ),
    (lose_a_passing_over, WALK),
    (lambda _: forget_places(), WALK),
    (pass_over_before_the_draw, "Ballot {winner} was passed over before it was drawn."),
    (take_before_the_draw, "Ballot {winner} was not taken when its walk was made."),
    (
        lambda box: Holding.objects.all().delete() and None,
        "What the holder of ballot {winner} was told is missing.",
    ),
    (
        update(Holding, told_at=LONG_AGO),
        "Ballot {winner} was answered for, or its holder told, before it was drawn.",
    ),
    (
        update(Holding, told_at=LATER, claim_until=LATER),
        "The time to claim for ballot {winner} is another one than was announced.",
    ),
    (
        update_ground(Ground.INELIGIBLE, "Could not be reached: no answer"),
        "The reason for passing over ballot {winner} is not one for its ground.",
    ),
    (
        update_ground(Ground.DECLINED, Ground.DECLINED.label),
        "The holder of ballot {winner} declined, or was passed over for it, and not both.",
    ),
    (
        update_ground(Ground.UNCLAIMED, Ground.UNCLAIMED.label),
        "The holder of ballot {winner} was passed over before their time to claim was over.",
    ),
    (
        pass_over_and(update(Lottery, claim_days=7)),
        "The holder of ballot {winner} answered, or had a time to claim.",
    ),
    (
        pass_over_and(update(Holding, handed_over_at=LATER)),
        "The prize of ballot {winner} was handed over, and its place given to another.",
    ),
    (
        update(Lottery, ballots_each=3),
        "alice has more than the 3 ballots that one may have.",
    ),
    (
        lambda box: box.lottery.notes.create(text="Early.", noted_at=LONG_AGO),
        "It has a note from before it was announced.",
    ),
    (
        lambda box: Lottery.objects.update(prize="A smaller one"),
        "The announcement is not the one that its ballots were submitted under.",
    ),
]


@pytest.mark.parametrize(("damage", "sentence"), DAMAGES)
def test_each_damage_is_named(
    box: BallotBox, damage: Callable[[BallotBox], Any], sentence: str
) -> None:
    winner = Draw.objects.get(pk=box.pk).winner
    damage(box)
    sentence = sentence.format(winner=winner.number if winner else None)
    assert any(each.startswith(sentence) for each in said(box))


BEACON_DAMAGES: list[tuple[Callable[[BallotBox], Any], str]] = [
    (
        update(Lottery, beacon_round=1),
        "The round of the beacon is not after its closing time.",
    ),
    (
        update(Lottery, beacon_chain="0" * 64),
        "The beacon is not drand quicknet.",
    ),
    (update(Draw, drawn_at=SEALED_AT - timedelta(1)), "It was drawn before it was sealed."),
    (update(Draw, drawn_at=SEALED_AT), "It was drawn before the round of its beacon."),
    (update(Draw, beacon_signature="b7" * 48), "The signature of the round is not the beacon's."),
    (update(Draw, beacon_signature=""), "The signature of the round is not the beacon's."),
]


@pytest.mark.parametrize(("damage", "sentence"), BEACON_DAMAGES)
def test_each_damage_of_a_beacon_is_named(
    drand_box: BallotBox, damage: Callable[[BallotBox], Any], sentence: str
) -> None:
    damage(drand_box)
    assert sentence in said(drand_box)


def test_another_winner(box: BallotBox) -> None:
    make_another_win(box)
    assert any(sentence.startswith(WALK) for sentence in said(box))


@pytest.mark.parametrize(("seconds", "is_named"), [(3, False), (3600, True)])
def test_clocks_of_several_hosts_may_differ_by_seconds(
    box: BallotBox, seconds: int, is_named: bool
) -> None:
    Lottery.objects.update(announced_at=box.lottery.announced_at - timedelta(days=1))
    at = Submission.objects.get(first_number=4).submitted_at - timedelta(seconds=seconds)
    update_second(submitted_at=at)(box)
    assert ("Ballot 4 was submitted before the one before it." in said(box)) is is_named


@pytest.fixture
def large_box(alice: User) -> BallotBox:
    """With one kept subtree."""
    box = BoxFactory.create()
    for quantity in (100, 100, 60):
        submit(box, alice, quantity)
    draw(box)
    return box


@pytest.mark.parametrize("values", [{"root": b"\0" * 32}, {"index": 1}, {"level": 16}])
def test_a_subtree_changed(large_box: BallotBox, values: dict[str, Any]) -> None:
    Subtree.objects.update(**values)
    assert "The subtree of level 8 up to ballot 256 differs." in said(large_box)


def test_a_subtree_too_many(box: BallotBox) -> None:
    Subtree.objects.create(box=box, level=8, index=0, root=b"\0" * 32)
    assert said(box) == ["It has subtrees of more ballots than there are."]


# --- Boxes that are open, or should not be


def test_a_draw_of_a_box_that_is_not_sealed_is_not_skipped(box: BallotBox) -> None:
    BallotBox.objects.update(sealed_at=None)
    make_another_win(box)
    assert len(said(box)) > 1


def test_an_overdue_box_is_checked(alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 2)
    assert said(box) == []
    ballot(box, 2).delete()
    assert "The box counts 2 ballots, but there are 1." in said(box)


def test_an_open_box_may_grow_while_it_is_read(large_box: BallotBox, alice: User) -> None:
    box = open_box()
    for quantity in (100, 100):
        submit(box, alice, quantity, at=datetime.now(UTC))
    read = BallotBox.objects.with_results().get(pk=box.pk)
    submit(box, alice, 100, at=datetime.now(UTC))
    assert list(find_differences(read)) == []


def test_an_open_box_is_checked(alice: User) -> None:
    box = open_box()
    submit(box, alice, 3, at=datetime.now(UTC))
    update_first(root="0" * 64)(box)
    assert len(said(box)) == 1


# --- Values that no code stored, and rows that are gone


VALUES: list[tuple[Any, dict[str, Any]]] = [
    (Lottery, {"time_zone": "Mars/Phobos"}),
    (Lottery, {"time_zone": "../UTC"}),
    (Lottery, {"seed": "é" * 64}),
    (Draw, {"beacon_signature": "é" * 96}),
    (Lottery, {"beacon_chain": drand.CHAIN, "beacon_round": 2**62}),
    (Lottery, {"closure_date": date.max}),
]


@pytest.mark.parametrize(("model", "values"), VALUES)
def test_a_value_of_no_format_is_named(box: BallotBox, model: Any, values: dict[str, Any]) -> None:
    model.objects.update(**values)
    assert any(sentence.startswith("A value is not in its format: ") for sentence in said(box))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has types")
@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("lotteries_lottery", "closes_at", "'x'"),
        ("lotteries_lottery", "announced_at", "7"),
        ("ballots_ballotbox", "peaks", "'x'"),
        ("ballots_ballotbox", "sealed_at", "'x'"),
        ("ballots_draw", "drawn_at", "'x'"),
        ("ballots_submission", "submitted_at", "'x'"),
    ],
)
def test_a_value_of_no_type_is_named(box: BallotBox, table: str, column: str, value: str) -> None:
    with undone(), connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = on")
        cursor.execute(f"UPDATE {table} SET {column} = {value}")  # noqa: S608  of this test
        cursor.execute("PRAGMA ignore_check_constraints = off")
        assert said(box) != []


def delete(table: str, where: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} {where}")  # noqa: S608  of this test


def test_a_lottery_without_a_box(db: None) -> None:
    box = BoxFactory.create()
    BallotBox.objects.filter(pk=box.pk).delete()
    assert said(box) == ["It has no ballot box."]


def test_the_ballot_that_was_drawn_is_gone(box: BallotBox) -> None:
    winner = DrawnBallot.objects.get().ballot_id
    with undone():
        BallotBox.objects.get()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ballots_ballot WHERE id = %s", [key(winner)])
        assert any(sentence.startswith("A value is not in its format") for sentence in said(box))


def key(value: UUID | None) -> str:
    """As this database stores it."""
    return str(value) if connection.features.has_native_uuid_field else value.hex if value else ""


def test_a_participant_who_is_gone(box: BallotBox) -> None:
    Entry.objects.update(ballot_count=1)
    with undone():
        delete("accounts_user")
        assert any(sentence.startswith("The total of participant ") for sentence in said(box))


def test_rows_that_belong_to_nothing(large_box: BallotBox) -> None:
    pass_over_winner(large_box)
    with undone():
        delete("ballots_draw")
        assert [*find_orphans()] == ["260 of the drawn ballots have no draw."]
    with undone():
        delete("lotteries_lottery")
        assert [*find_orphans()] == ["1 of the ballot boxes have no lottery."]
    with undone():
        delete("ballots_ballotbox")
        assert [*find_orphans()] == [
            "1 of the entries have no ballot box.",
            "3 of the submissions have no ballot box.",
            "260 of the ballots have no ballot box.",
            "1 of the subtrees have no ballot box.",
            "1 of the draws have no ballot box.",
        ]


def test_without_the_package_a_signature_is_not_checked(
    drand_box: BallotBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, drand.LIBRARY, None)
    Draw.objects.update(beacon_signature="b7" * 48)
    box = BallotBox.objects.with_results().get()
    assert "The signature of the round is not the beacon's." not in said(box)
    assert find_unchecked(box).startswith("Whether the beacon signed its round: ")
