"""The formulas give the answers that the draw protocol lists."""

from itertools import islice
from typing import Any
from uuid import UUID

import pytest

from lotteries.protocol import merkle
from lotteries.protocol.drawing import draw_key, draw_order
from lotteries.protocol.leaves import ballot_leaf
from lotteries.protocol.seeds import seed_commitment
from lotteries.tests import rfc9162
from lotteries.tests.known_answers import BALLOTS, KNOWN, LEAVES


def test_the_seed_commitment() -> None:
    assert seed_commitment(KNOWN["lottery"], KNOWN["seed"]) == KNOWN["seed_commitment"]


@pytest.mark.parametrize("ballot", BALLOTS)
def test_the_leaf_of_each_ballot(ballot: dict[str, Any]) -> None:
    names = UUID(KNOWN["lottery"]), ballot["number"], ballot["ballot"], ballot["participant"]
    assert ballot_leaf(*names).hex() == ballot["leaf"]


def test_the_root_without_ballots() -> None:
    assert merkle.root_of_peaks([]).hex() == KNOWN["empty_root"]


def test_the_root_after_each_ballot() -> None:
    peaks: list[bytes] = []
    for size, (leaf, ballot) in enumerate(zip(LEAVES, BALLOTS, strict=True)):
        peaks = merkle.append(peaks, size, leaf)
        assert merkle.root_of_peaks(peaks).hex() == ballot["root_after"]


@pytest.mark.parametrize("ballot", BALLOTS)
def test_the_proofs_of_each_ballot(ballot: dict[str, Any]) -> None:
    number = ballot["number"]
    inclusion = [node.hex() for node in rfc9162.inclusion_proof(number - 1, LEAVES)]
    consistency = [node.hex() for node in rfc9162.consistency_proof(number, LEAVES)]
    assert inclusion == ballot["proof_in_5"]
    assert consistency == ballot["consistency_to_5"]


@pytest.mark.parametrize("draw", KNOWN["draws"])
def test_the_key_and_order_of_a_draw(draw: dict[str, Any]) -> None:
    fixed = {"lottery": KNOWN["lottery"], "seed": KNOWN["seed"]}
    key = draw_key(**fixed, **{k: draw[k] for k in ("ballot_count", "root", "beacon")})
    assert key.hex() == draw["key"]
    assert list(draw_order(key, draw["ballot_count"])) == draw["order"]


@pytest.mark.parametrize("order", KNOWN["orders"], ids=lambda order: str(order["ballot_count"]))
def test_the_first_numbers_drawn_from_boxes_of_many_sizes(order: dict[str, Any]) -> None:
    numbers = draw_order(bytes.fromhex(order["key"]), order["ballot_count"])
    assert list(islice(numbers, len(order["first"]))) == order["first"]
