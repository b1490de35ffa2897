"""Few threads wait for one lock; while somebody holds it, the others are told at once."""

from threading import Event

import pytest

from accounts.shared.troubles import NOTHING, SiteBusy
from accounts.shared.turns import Turns
from accounts.tests.racing import at_once


class FewTurns(Turns):
    most = 2


def test_who_finds_all_turns_taken_waits_for_one() -> None:
    turns, is_taken, is_there = FewTurns(), Event(), Event()
    turns.most, turns.patience = 1, 30
    order: list[str] = []

    def hold() -> None:
        with turns.take():
            is_taken.set()
            is_there.wait(30)
            order.append("first")

    def follow() -> None:
        is_taken.wait(30)
        is_there.set()
        with turns.take():
            order.append("second")

    at_once(hold, follow)
    assert order == ["first", "second"]


def test_where_no_turn_comes_up_the_others_are_told_at_once() -> None:
    now = [100.0]
    turns = FewTurns(lambda: now[0])
    with turns.take(), turns.take():
        now[0] += 2
        with pytest.raises(SiteBusy, match=NOTHING), turns.take():
            pytest.fail("There was no turn.")
    with turns.take(), turns.take():
        assert turns.waiting == 2
    assert turns.waiting == 0


def test_a_turn_that_failed_is_none_that_came_up() -> None:
    now = [100.0]
    turns = FewTurns(lambda: now[0])
    with turns.take():
        now[0] += 3
        with pytest.raises(TimeoutError), turns.take():
            raise TimeoutError
        with turns.take(), pytest.raises(SiteBusy), turns.take():
            pytest.fail("There was no turn.")


def test_commands_wait_as_long_as_the_database_lets_them() -> None:
    turns = Turns()
    with turns.take(), turns.take(), turns.take():
        assert turns.waiting == 3
