"""Submissions that meet at one box are written together, each with an outcome of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from os import urandom
from threading import Event
from time import sleep
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, OperationalError

from accounts.models import User
from accounts.shared.troubles import SiteBusy
from accounts.tests.factories import UserFactory
from accounts.tests.racing import at_once
from ballots.life import _write_together, submit_ballots
from ballots.meeting import Meeting, Outcome, Request
from ballots.models import Ballot, BallotBox, Submission
from ballots.refusals import (
    AdminsTakeNoPart,
    LotteryClosed,
    TokenUsedForAnotherQuantity,
    TooManyBallots,
)
from ballots.tests.factories import MIDNIGHT, NOON, BoxFactory, submit
from ballots.tests.invariants import assert_sound

# --- Who meets, without a database


class Room:
    """A meeting, and somebody who writes: each group waits until it may go on."""

    def __init__(self, meeting: Meeting | None = None) -> None:
        self.meeting = meeting or Meeting()
        self.groups: list[list[UUID]] = []
        self.may_go_on = Event()
        self.pool = ThreadPoolExecutor(10)

    def write(self, group: Sequence[Request]) -> list[Outcome]:
        self.groups.append([request.token for request in group])
        assert self.may_go_on.wait(10)
        return [(Submission(token=request.token), True) for request in group]

    def come(self, request: Request, write: Any = None) -> "Future[tuple[Submission, bool]]":
        """Returns once the request is written or waits."""
        future = self.pool.submit(self.meeting.submit, request, write or self.write)
        while not (self.meeting.is_writing or future.done()):
            sleep(0.001)
        while not (future.done() or request in self.meeting.waiting or self.has(request)):
            sleep(0.001)
        return future

    def has(self, request: Request) -> bool:
        return any(request.token in group for group in self.groups)


def request_of(participant: User | None = None) -> Request:
    person = participant or User(participant=uuid4())
    return Request(person, 1, uuid4(), True, lambda: NOON, urandom)


def test_who_comes_while_one_is_written_is_written_with_the_next() -> None:
    room, requests = Room(), [request_of() for _ in range(4)]
    futures = [room.come(request) for request in requests]
    room.may_go_on.set()
    assert [future.result(10)[0].token for future in futures] == [each.token for each in requests]
    first, *others = (request.token for request in requests)
    assert room.groups[0] == [first]
    assert sorted(room.groups[1]) == sorted(others)
    assert len(room.groups) == 2


def test_two_of_one_participant_are_never_in_one_group() -> None:
    room, person = Room(), User(participant=uuid4())
    requests = [request_of(), request_of(person), request_of(person)]
    futures = [room.come(request) for request in requests]
    room.may_go_on.set()
    for future in futures:
        future.result(10)
    assert room.groups == [[request.token] for request in requests]


def test_a_group_has_an_end() -> None:
    room, requests = Room(), [request_of() for _ in range(6)]
    room.meeting.most = 3
    futures = [room.come(request) for request in requests]
    room.may_go_on.set()
    for future in futures:
        future.result(10)
    assert sorted(map(len, room.groups)) == [1, 2, 3]


def test_where_nothing_moves_who_waits_is_told_and_never_written() -> None:
    room = Room()
    room.meeting.patience = 0.05
    first, second = room.come(request_of()), room.come(request_of())
    with pytest.raises(SiteBusy):
        second.result(10)
    room.may_go_on.set()
    assert first.result(10)
    assert [len(group) for group in room.groups] == [1]
    assert not room.meeting.waiting


def test_while_somebody_holds_the_box_one_tries_and_others_are_told_at_once() -> None:
    now = [0.0]
    room = Room(Meeting(clock=lambda: now[0]))

    def write(group: Sequence[Request]) -> list[Outcome]:
        room.write(group)
        raise OperationalError from Lost()

    first = room.come(request_of(), write)
    now[0] = room.meeting.patience
    with pytest.raises(SiteBusy):
        room.come(request_of(), write).result(10)
    waits = room.come(request_of())  # in vain, and nobody has waited for it
    room.may_go_on.set()
    for failed in (first, waits):
        with pytest.raises((OperationalError, SiteBusy)):
            failed.result(10)

    room.may_go_on.clear()
    second = room.come(request_of())  # tries, and holds on to its turn
    with pytest.raises(SiteBusy):
        room.come(request_of()).result(10)
    room.may_go_on.set()
    assert second.result(10)

    room.may_go_on.clear()
    third = room.come(request_of())
    fourth = room.come(request_of())  # waits again, as the box was had
    assert not fourth.done()
    room.may_go_on.set()
    assert third.result(10)
    assert fourth.result(10)


def test_one_that_cannot_be_written_stops_no_other() -> None:
    room, bad = Room(), request_of()

    def write(group: Sequence[Request]) -> list[Outcome]:
        outcomes = room.write(group)
        if bad in group:
            raise IntegrityError
        return outcomes

    first, other, failed = (room.come(each, write) for each in (request_of(), request_of(), bad))
    room.may_go_on.set()
    assert first.result(10)
    assert other.result(10)
    with pytest.raises(IntegrityError):
        failed.result(10)


def test_a_database_that_is_away_is_not_asked_again_for_each() -> None:
    room = Room()

    def write(group: Sequence[Request]) -> list[Outcome]:
        room.write(group)
        raise OperationalError from Lost()

    futures = [room.come(request_of(), write) for _ in range(4)]
    room.may_go_on.set()
    for future in futures:
        with pytest.raises(OperationalError):
            future.result(10)
    assert len(room.groups) == 2


class Lost(Exception):
    sqlstate = None  # as drivers say that the server had no part in it


# --- What becomes of each


@pytest.fixture
def box(transactional_db: None) -> BallotBox:
    return BoxFactory.create(closure_date=NOON.date(), ballots_each=3)


def test_each_of_a_group_has_an_outcome_of_its_own(
    box: BallotBox, alice: User, bob: User, adam: User
) -> None:
    before = submit(box, bob, 2)
    carol, dora, emma = UserFactory.create_batch(3)
    outcomes = write(
        box,
        Request(alice, 3, uuid4(), True, lambda: NOON, urandom),
        Request(adam, 1, uuid4(), True, lambda: NOON, urandom),
        Request(bob, 2, before.token, True, lambda: NOON, urandom),
        Request(carol, 4, uuid4(), True, lambda: NOON, urandom),
        Request(dora, 1, uuid4(), True, lambda: MIDNIGHT, urandom),
        Request(emma, 2, uuid4(), True, lambda: NOON, urandom),
    )
    (made, is_new), refused, (again, is_new_again), too_many, too_late, (last, _) = outcomes
    assert (made.numbers, is_new) == (range(3, 6), True)
    assert (again.pk, is_new_again) == (before.pk, False)
    assert last.numbers == range(6, 8)
    kinds = [type(each) for each in (refused, too_many, too_late)]
    assert kinds == [AdminsTakeNoPart, TooManyBallots, LotteryClosed]
    assert assert_sound(box, [before, made, last]).participant_count == 3


def test_a_token_of_somebody_else_in_the_group_is_nobodys(
    box: BallotBox, alice: User, bob: User
) -> None:
    token = submit(box, alice, 1).token
    (made, is_new), refused = write(
        box,
        Request(bob, 1, token, True, lambda: NOON, urandom),
        Request(alice, 2, token, True, lambda: NOON, urandom),
    )
    assert (made.participant, made.first_number, is_new) == (bob, 2, True)
    assert isinstance(refused, TokenUsedForAnotherQuantity)


def test_what_fails_half_way_leaves_nothing_of_its_group(box: BallotBox) -> None:
    taken = submit(box, UserFactory.create()).ballot_ids[0]
    good, bad = UserFactory.create_batch(2)
    with pytest.raises(IntegrityError):
        write(
            box,
            Request(good, 2, uuid4(), True, lambda: NOON, urandom),
            Request(bad, 1, uuid4(), True, lambda: NOON, lambda size: taken.bytes),
        )
    assert Ballot.objects.count() == assert_sound(box).ballot_count == 1


def write(box: BallotBox, *requests: Request) -> list[Any]:
    return _write_together(box.lottery.closure_date, requests)


def test_many_who_meet_are_each_there_once(box: BallotBox) -> None:
    people = UserFactory.create_batch(12)

    def job(person: User) -> Callable[[], list[Submission]]:
        return lambda: [
            submit_ballots(
                closure_date=box.lottery.closure_date,
                participant=person,
                quantity=1,
                token=uuid4(),
                clock=lambda: NOON,
            )[0]
            for _ in range(3)
        ]

    made = [each for some in at_once(*map(job, people)) if isinstance(some, list) for each in some]
    assert assert_sound(box, made).ballot_count == 36
