"""Heads and proofs of a box at any size, from the few nodes that are kept."""

from functools import cache
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from ballots.checkers import verify_draw
from ballots.models import KEPT_LEVELS, BallotBox, Subtree
from ballots.public.stored_tree import TILE_SIZE, StoredTree
from ballots.tests.factories import BoxFactory, submit
from lotteries.models import Lottery
from lotteries.tests import rfc9162

SIZES = [1, 2, 3, 255, 256, 257, 511, 512, 513, 600]


@pytest.fixture
def box(alice: User) -> BallotBox:
    """600 ballots: two full tiles, and one that grows."""
    box = BoxFactory.create()
    for quantity in (1, 99, 100, 100, 100, 100, 100):
        submit(box, alice, quantity)
    return BallotBox.objects.select_related("lottery").get(pk=box.pk)


@pytest.fixture
def leaves(box: BallotBox) -> list[bytes]:
    ballots = box.ballots.select_related("submission").order_by("number")
    return [bytes.fromhex(ballot.leaf) for ballot in ballots]


def test_every_head_is_that_of_the_leaves(box: BallotBox, leaves: list[bytes]) -> None:
    tree = StoredTree(box)
    for size in [0, *SIZES]:
        assert tree.head(size) == rfc9162.tree_head(leaves[:size])


def test_every_inclusion_proof_is_that_of_the_rfc(box: BallotBox, leaves: list[bytes]) -> None:
    tree = StoredTree(box)
    for size in SIZES:
        for index in {0, 1, size // 2, size - 1} & set(range(size)):
            expected = rfc9162.inclusion_proof(index, leaves[:size])
            assert tree.inclusion_proof(index, size) == expected
            assert tree.leaf(index) == leaves[index]


def test_every_consistency_proof_is_that_of_the_rfc(box: BallotBox, leaves: list[bytes]) -> None:
    tree = StoredTree(box)
    for second in SIZES:
        for first in [size for size in SIZES if size <= second]:
            expected = rfc9162.consistency_proof(first, leaves[:second])
            assert tree.consistency_proof(first, second) == expected


def test_the_kept_nodes_are_those_of_full_tiles(box: BallotBox, leaves: list[bytes]) -> None:
    kept = Subtree.objects.filter(box=box).order_by("index")
    assert [(node.level, node.index) for node in kept] == [(8, 0), (8, 1)]
    for node in kept:
        start = node.index * TILE_SIZE
        assert bytes(node.root) == rfc9162.tree_head(leaves[start : start + TILE_SIZE])


def test_a_proof_reads_a_tile_at_a_time(box: BallotBox) -> None:
    with CaptureQueriesContext(connection) as queries:
        StoredTree(box).inclusion_proof(3, 600)
    assert len(queries) == 3


# --- A box of more than 65,536 ballots, in memory: kept nodes of two levels


class TreeInMemory(StoredTree):
    """Reads the same tiles from lists."""

    def __init__(self, levels: dict[int, list[bytes]]) -> None:
        self.levels = levels
        self.tile = cache(self.read_tile)

    def read_tile(self, level: int, number: int) -> list[bytes]:
        return self.levels[level][number * TILE_SIZE : (number + 1) * TILE_SIZE]


SIZE = 2**16 + 700


@pytest.fixture(scope="module")
def large() -> TreeInMemory:
    box = BallotBox(lottery=Lottery(announcement="a" * 64))
    alice = User(participant=UUID(int=2))
    ballots = [UUID(int=number) for number in range(SIZE)]
    _, subtrees = box.append(alice, ballots)
    levels: dict[int, list[bytes]] = {level: [] for level in KEPT_LEVELS}
    for subtree in subtrees:
        assert subtree.index == len(levels[subtree.level])
        levels[subtree.level].append(bytes(subtree.root))
    names = [("a" * 64, number, ballot, alice.pk) for number, ballot in enumerate(ballots, 1)]
    levels[0] = [verify_draw.leaf_hash(*map(str, each)) for each in names]  # type: ignore[arg-type]
    tree = TreeInMemory(levels)
    assert tree.head(SIZE).hex() == box.root
    return tree


def test_a_large_tree_keeps_nodes_of_two_levels(large: TreeInMemory) -> None:
    assert [len(large.levels[level]) for level in KEPT_LEVELS] == [SIZE >> 8, 1, 0]


@pytest.mark.parametrize("size", [2**16 - 1, 2**16, 2**16 + 1, SIZE])
def test_proofs_of_a_large_tree_verify(large: TreeInMemory, size: int) -> None:
    root = large.head(size)
    for index in (0, 255, 256, 40_000, size - 1):
        proof = large.inclusion_proof(index, size)
        assert verify_draw.is_included(large.leaf(index), index + 1, size, proof, root)
        assert not verify_draw.is_included(large.leaf(index), index + 2, size, proof, root)
    for first in (1, 256, 257, 40_000, 65_535, size):
        proof = large.consistency_proof(first, size)
        assert verify_draw.is_consistent(first, size, large.head(first), root, proof)
