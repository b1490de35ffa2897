"""The script gives the answers that the draw protocol lists, and accepts no other walk."""

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

import pytest

from ballots.checkers import verify_draw
from ballots.tests.known_walks import RIGHT, WRONG, Walk, describe
from lotteries.protocol.places import walk as walk_on
from lotteries.tests.known_answers import BALLOTS, KNOWN, NAMES, RECORDS


@pytest.mark.parametrize("name", NAMES)
def test_the_announcement(name: str) -> None:
    assert verify_draw.announcement_hash(RECORDS[name]) == KNOWN[name]["announcement"]


@pytest.mark.parametrize("name", NAMES)
def test_each_ballot_is_in_the_box(name: str) -> None:
    record, root = RECORDS[name], bytes.fromhex(RECORDS[name]["root"])
    for ballot in BALLOTS[name]:
        number, leaf = ballot["number"], bytes.fromhex(ballot["leaf"])
        names = record["announcement"], number, ballot["ballot"], ballot["participant"]
        assert verify_draw.leaf_hash(*names) == leaf
        proof = verify_draw.unhex(ballot["proof_in_7"])
        assert verify_draw.is_included(leaf, number, 7, proof, root)
        assert not verify_draw.is_included(leaf, number % 7 + 1, 7, proof, root)
        before = bytes.fromhex(ballot["root_after"])
        consistency = verify_draw.unhex(ballot["consistency_to_7"])
        assert verify_draw.is_consistent(number, 7, before, root, consistency)
        assert not verify_draw.is_consistent(number, 7, bytes(32), root, consistency)


@pytest.mark.parametrize("order", KNOWN["orders"], ids=lambda order: str(order["ballot_count"]))
def test_the_order(order: dict[str, Any]) -> None:
    numbers = verify_draw.drawn_numbers(bytes.fromhex(order["key"]), order["ballot_count"])
    assert list(islice(numbers, len(order["first"]))) == order["first"]


@pytest.mark.parametrize("signed", KNOWN["beacon_signatures"], ids=lambda each: str(each["round"]))
def test_the_signatures_of_the_beacon(signed: dict[str, Any]) -> None:
    is_signed = verify_draw.find_signature_check()
    assert is_signed
    assert is_signed(signed["round"], signed["signature"])
    assert not is_signed(signed["round"] + 1, signed["signature"])
    record = {"beacon": "drand", "beacon_signature": signed["signature"]}
    assert verify_draw.randomness(record) == signed["randomness"]


@pytest.mark.parametrize("known", KNOWN["beacon_rounds"])
def test_the_moment_of_a_round(known: dict[str, int]) -> None:
    assert verify_draw.round_moment(known["round"]) == known["signed_at"] > known["closes_at"]


@pytest.mark.parametrize("walk", RIGHT, ids=range(len(RIGHT)))
def test_a_walk_that_is_the_protocols(walk: Walk) -> None:
    assert verify_draw.find_wrong_place(walk) == ""


@pytest.mark.parametrize(("walk", "said"), WRONG, ids=range(len(WRONG)))
def test_a_walk_that_is_another_one(walk: Walk, said: str) -> None:
    assert verify_draw.find_wrong_place(walk) == said


# --- All that a draw of four ballots can lead to, and all else


Steps = tuple[tuple[int, int | None, bool], ...]  # (number, place, whether passed over)


def go_on(people: str, places: int, steps: Steps) -> Steps:
    """The steps after the walk went on for the places that nobody holds."""
    held = {place for _, place, is_over in steps if place and not is_over}
    taken = walk_on(
        ((number, people[number - 1]) for number in range(len(steps) + 1, len(people) + 1)),
        vacant=[place for place in range(1, places + 1) if place not in held],
        taken=people[: len(steps)],
        repeats=sum(place is None for _, place, _ in steps),
    )
    return (*steps, *((number, place, False) for number, _, place in taken))


def pass_over_each(steps: Steps) -> Iterator[Steps]:
    for index, (number, place, is_over) in enumerate(steps):
        if place and not is_over:
            yield (*steps[:index], (number, place, True), *steps[index + 1 :])


def find_all(people: str, places: int) -> set[Steps]:
    """All that the draw can have come to, whoever was passed over, and in whatever order."""
    found, new = set(), {go_on(people, places, ())}
    while new:
        found |= new
        over = {after for steps in new for after in pass_over_each(steps)}
        new = {go_on(people, places, steps) for steps in over} - found
    return found


@pytest.mark.parametrize("places", [1, 2, 3])
@pytest.mark.parametrize("people", ["abcd", "aabc", "abac", "aaab", "abab", "abba", "aaaa", "abb"])
def test_it_accepts_what_a_draw_can_come_to_and_nothing_else(people: str, places: int) -> None:
    possible = [(place, is_over) for place in (None, 1, 2, 3) for is_over in (False, True)]
    accepted = {
        tuple((number, *end) for number, end in enumerate(ends, start=1))
        for count in range(len(people) + 1)
        for ends in product(possible, repeat=count)
        if not verify_draw.find_wrong_place(
            describe(list(people), places, [(k, *end) for k, end in enumerate(ends, start=1)])
        )
    }
    assert accepted == find_all(people, places)
