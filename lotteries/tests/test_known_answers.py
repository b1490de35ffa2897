"""The formulas give the answers that the draw protocol lists."""

from itertools import islice
from typing import Any

import pytest

from lotteries.protocol import drand, merkle
from lotteries.protocol.announcements import announcement_hash, announcement_text, text_hash
from lotteries.protocol.drawing import draw_key, draw_order
from lotteries.protocol.leaves import ballot_leaf
from lotteries.protocol.seeds import seed_commitment
from lotteries.tests import rfc9162
from lotteries.tests.known_answers import BALLOTS, KNOWN, NAMES, RECORDS, leaves_of

PROMISES = (
    *("lottery", "closure_date", "time_zone", "closes_at", "announced_at", "places"),
    *("ballots_each", "claim_days", "name", "prize", "terms", "seed_commitment", "beacon"),
)

each_lottery = pytest.mark.parametrize("name", NAMES)


@pytest.mark.parametrize("text", KNOWN["text_hashes"])
def test_the_hash_of_a_text(text: str) -> None:
    assert text_hash(text) == KNOWN["text_hashes"][text]


@each_lottery
def test_the_announcement(name: str) -> None:
    text = announcement_text(**{promise: RECORDS[name][promise] for promise in PROMISES})
    assert text.decode() == KNOWN[name]["announcement_text"]
    assert announcement_hash(text) == KNOWN[name]["announcement"] == RECORDS[name]["announcement"]


@each_lottery
def test_the_seed_commitment(name: str) -> None:
    record = RECORDS[name]
    assert seed_commitment(record["lottery"], record["seed"]) == record["seed_commitment"]


@each_lottery
def test_the_leaf_of_each_ballot(name: str) -> None:
    for ballot in BALLOTS[name]:
        names = ballot["number"], ballot["ballot"], ballot["participant"]
        assert ballot_leaf(KNOWN[name]["announcement"], *names).hex() == ballot["leaf"]


def test_the_root_without_ballots() -> None:
    assert merkle.root_of_peaks([]).hex() == KNOWN["empty_root"]


@each_lottery
def test_the_root_after_each_ballot(name: str) -> None:
    peaks: list[bytes] = []
    for size, (leaf, ballot) in enumerate(zip(leaves_of(name), BALLOTS[name], strict=True)):
        peaks, _ = merkle.extend(peaks, size, [leaf])
        assert merkle.root_of_peaks(peaks).hex() == ballot["root_after"]
    assert merkle.root_of_peaks(peaks).hex() == RECORDS[name]["root"]


@each_lottery
def test_the_proofs_of_each_ballot(name: str) -> None:
    for ballot in BALLOTS[name]:
        number, leaves = ballot["number"], leaves_of(name)
        inclusion = [node.hex() for node in rfc9162.inclusion_proof(number - 1, leaves)]
        consistency = [node.hex() for node in rfc9162.consistency_proof(number, leaves)]
        assert inclusion == ballot["proof_in_7"]
        assert consistency == ballot["consistency_to_7"]


@each_lottery
def test_the_key_and_order_of_a_draw(name: str) -> None:
    record = RECORDS[name]
    signature = record["beacon_signature"]
    key = draw_key(
        randomness=drand.randomness(signature) if signature else "none",
        **{value: record[value] for value in ("announcement", "ballot_count", "root", "seed")},
    )
    assert key.hex() == KNOWN[name]["key"]
    assert list(draw_order(key, record["ballot_count"])) == KNOWN[name]["order"]


@pytest.mark.parametrize("order", KNOWN["orders"], ids=lambda order: str(order["ballot_count"]))
def test_the_first_numbers_drawn_from_boxes_of_many_sizes(order: dict[str, Any]) -> None:
    numbers = draw_order(bytes.fromhex(order["key"]), order["ballot_count"])
    assert list(islice(numbers, len(order["first"]))) == order["first"]
