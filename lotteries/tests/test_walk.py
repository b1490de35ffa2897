"""From the order of a draw to its places, and who comes after who was passed over."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotteries.protocol.drawing import draw_order
from lotteries.protocol.places import MOST_REPEATS, walk

VECTORS = Path(__file__).parents[2] / "docs" / "draw-vectors" / "known-answers.json"
KNOWN: dict[str, Any] = json.loads(VECTORS.read_text())

Order = list[tuple[int, int]]  # numbers with their participants


@dataclass
class Taken:
    number: int
    participant: int
    place: int | None
    is_passed_over: bool = False

    @property
    def is_standing(self) -> bool:
        return self.place is not None and not self.is_passed_over


def go_on(taken: list[Taken], order: Iterable[tuple[int, int]], places: int) -> None:
    """The walk from where it stopped."""
    held = {each.place for each in taken if each.is_standing}
    steps = walk(
        islice(order, len(taken), None),
        vacant=[place for place in range(1, places + 1) if place not in held],
        taken={each.participant for each in taken},
        repeats=sum(each.place is None for each in taken),
    )
    taken += [Taken(*step) for step in list(steps)]


def go_on_slowly(taken: list[Taken], order: Order, places: int) -> None:
    """The same, as the protocol says it, word for word."""
    while True:
        vacant = [
            place
            for place in range(1, places + 1)
            if not any(each.is_standing and each.place == place for each in taken)
        ]
        repeats = [each for each in taken if each.place is None]
        if not vacant or len(repeats) == 1000 or len(taken) == len(order):
            return
        number, participant = order[len(taken)]
        is_repeat = any(each.participant == participant for each in taken)
        taken.append(Taken(number, participant, None if is_repeat else min(vacant)))


def pass_over(taken: list[Taken], place: int) -> bool:
    """Whether somebody held the place."""
    holder = next((each for each in taken if each.is_standing and each.place == place), None)
    if holder:
        holder.is_passed_over = True
    return holder is not None


@pytest.mark.parametrize("name", ["offline", "drand", "places"])
def test_the_known_walks(name: str) -> None:
    known = KNOWN[name]
    people = {each["number"]: each["participant"] for each in known["ballots"]}
    order = [(number, people[number]) for number in known["order"]]
    places = int(known["announcement_text"].splitlines()[6])
    taken: list[Taken] = []
    go_on(taken, order, places)
    assert rows(taken) == known["walk_before_passing_over"]
    for place in known["passed_over_places"]:
        assert pass_over(taken, place)
        go_on(taken, order, places)
    assert rows(taken) == known["walk_after"]


def rows(taken: list[Taken]) -> list[list[object]]:
    return [[each.number, each.place, each.is_passed_over] for each in taken]


def falling_order(other: int) -> Order:
    """2000 to 1: all of one participant but a number of another's."""
    return [(number, int(number == other)) for number in range(2000, 0, -1)]


def test_the_known_long_walk() -> None:
    taken: list[Taken] = []
    go_on(taken, falling_order(1500), 2)
    known = KNOWN["long_walk"]
    assert len(taken) == known["taken"]
    assert rows(taken)[-1] == known["last"]


def test_the_known_walk_that_ends_at_the_limit() -> None:
    taken: list[Taken] = []
    go_on(taken, falling_order(500), 2)
    known = KNOWN["limited_walk"]
    assert len(taken) == known["taken"]
    assert sum(each.is_standing for each in taken) == known["places_held"]


def test_the_limit_is_of_all_repeats_before_and_after_a_passing_over() -> None:
    order = falling_order(1500)
    taken: list[Taken] = []
    go_on(taken, order, 2)  # 499 repeats, and both places are held
    pass_over(taken, 1)
    go_on(taken, order, 2)
    assert sum(each.place is None for each in taken) == MOST_REPEATS
    pass_over(taken, 2)
    before = len(taken)
    go_on(taken, order, 2)
    assert len(taken) == before


orders = st.lists(st.integers(0, 6), max_size=25).map(lambda people: list(enumerate(people, 1)))


@given(orders, st.integers(1, 6), st.lists(st.integers(1, 6), max_size=8))
def test_it_is_the_slow_and_obvious_walk(order: Order, places: int, passings: list[int]) -> None:
    taken: list[Taken] = []
    expected: list[Taken] = []
    go_on(taken, order, places)
    go_on_slowly(expected, order, places)
    for place in passings:
        assert pass_over(taken, place) == pass_over(expected, place)
        go_on(taken, order, places)
        go_on_slowly(expected, order, places)
    assert taken == expected


def test_it_reads_no_further_than_it_goes() -> None:
    def numbers() -> Iterator[tuple[int, int]]:
        yield from [(4, 1), (9, 1), (2, 2)]
        pytest.fail("Both places are held.")

    assert len(list(walk(numbers(), vacant=[2, 1]))) == 3


def generate_lottery(seed: int) -> tuple[Order, int, list[int]]:
    """An order, as a draw makes it, the places, and which are passed over one after the other."""
    random = Random(seed)
    people = random.randint(1, 8)
    ballots = [random.randrange(people) for _ in range(random.randint(0, 30))]
    key, places = hashlib.sha256(str(seed).encode()).digest(), random.randint(1, 4)
    order = [(number, ballots[number - 1]) for number in draw_order(key, len(ballots))]
    return order, places, [random.randint(1, places) for _ in range(random.randint(0, 10))]


def test_nobody_passed_over_wins_again_in_10_000_lotteries() -> None:
    passed_over = vacant = 0
    for seed in range(10_000):
        order, places, passings = generate_lottery(seed)
        taken: list[Taken] = []
        go_on(taken, order, places)
        for place in passings:
            passed_over += pass_over(taken, place)
            go_on(taken, order, places)
            check(taken, order, places)
        vacant += sum(each.is_standing for each in taken) < places
    assert passed_over > 10_000
    assert vacant > 1_000


def check(taken: list[Taken], order: Order, places: int) -> None:
    """Nobody holds two places, or one after they were passed over; a place has one holder."""
    holders = [each.participant for each in taken if each.place]
    assert len(holders) == len(set(holders))
    held = [each.place for each in taken if each.is_standing]
    assert len(held) == len(set(held))
    assert len(held) == places or len(taken) == len(order)
    assert [each.number for each in taken] == [number for number, _ in order[: len(taken)]]
