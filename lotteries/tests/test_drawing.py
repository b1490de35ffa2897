"""Properties of the order in which a draw takes the numbers."""

import hashlib
from collections import Counter
from collections.abc import Callable
from itertools import islice
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotteries.protocol.drawing import draw_key, draw_order

keys = st.binary(min_size=32, max_size=32)


@given(keys, st.integers(0, 300))
def test_each_number_is_drawn_exactly_once(key: bytes, ballot_count: int) -> None:
    assert sorted(draw_order(key, ballot_count)) == list(range(1, ballot_count + 1))


@given(keys, st.integers(1, 2**32))
def test_the_first_of_a_huge_box_is_found_at_once(key: bytes, ballot_count: int) -> None:
    first = list(islice(draw_order(key, ballot_count), 3))
    assert all(1 <= number <= ballot_count for number in first)


@pytest.mark.parametrize("changed", ["announcement", "ballot_count", "root", "seed", "randomness"])
def test_the_key_depends_on_all_that_goes_into_it(changed: str) -> None:
    values = {
        "announcement": "a",
        "ballot_count": 7,
        "root": "r",
        "seed": "s",
        "randomness": "none",
    }
    other = values | {changed: 8 if changed == "ballot_count" else "other"}
    assert draw_key(**values) != draw_key(**other)  # type: ignore[arg-type]


def chi_square(winner: Callable[[bytes, int], int], size: int, draws: int) -> float:
    """How far the winners of the draws are from equal shares; about size - 1 where they are."""
    keys = (hashlib.sha256(f"{size} {number}".encode()).digest() for number in range(draws))
    wins = Counter(winner(key, size) for key in keys)
    expected = draws / size
    return sum((wins[number] - expected) ** 2 / expected for number in range(1, size + 1))


def limit(size: int) -> float:
    """What a fair draw exceeds once in 30,000 times (Wilson and Hilferty, at 4 sigma)."""
    freedom = size - 1
    return float(freedom * (1 - 2 / (9 * freedom) + 4 * sqrt(2 / (9 * freedom))) ** 3)


def draw_first(key: bytes, size: int) -> int:
    return next(draw_order(key, size))


SIZES = [2, 3, 4, 5, 6, 7, 9, 13, 16, 17, 31, 33, 64, 65, 100, 129]


@pytest.mark.parametrize("size", SIZES)
def test_every_ballot_has_the_same_chance(size: int) -> None:
    assert chi_square(draw_first, size, draws=200 * size) < limit(size)


@pytest.mark.parametrize("size", [3, 5, 17, 100])
def test_this_test_would_see_a_modulo(size: int) -> None:
    def modulo(key: bytes, size: int) -> int:
        bits = (size - 1).bit_length()
        return (int.from_bytes(hashlib.sha256(key).digest()[:8], "big") >> (64 - bits)) % size + 1

    assert chi_square(modulo, size, draws=200 * size) > limit(size)
