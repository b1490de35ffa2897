"""The stored tree of a ballot box: its heads and proofs at any size, from a few hundred rows.

The leaves are its ballots; of the nodes above, those of KEPT_LEVELS are stored, 1 for 256 ballots.
A head of any part of the tree is computed from tiles: the 256 ballots, or kept nodes, under a kept
node. A proof needs those on the way to its leaf and those at the growing edge, two at each level.
Rows that a tile holds never change, so nothing is locked.
"""

import logging
from functools import cache

from ballots.damage import DAMAGES
from ballots.models import TILE_HEIGHT, Ballot, BallotBox, Subtree
from ballots.refusals import DataDamaged
from lotteries.protocol import merkle
from lotteries.protocol.leaves import ballot_leaf

logger = logging.getLogger(__name__)

TILE_SIZE = 1 << TILE_HEIGHT


class StoredTree:
    """Indices count from 0; sizes must not exceed the ballot count of the box.

    Raises DataDamaged where nodes are missing.
    """

    def __init__(self, box: BallotBox) -> None:
        self.box = box
        self.tile = cache(self.read_tile)

    def head(self, size: int) -> bytes:
        """The root of the tree over the first size leaves."""
        return self.head_of(range(size))

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """That the leaf is in the tree of that size (RFC 9162 section 2.1.3), leaf to root."""
        return [self.head_of(leaves) for leaves in merkle.inclusion_path(index, range(size))]

    def consistency_proof(self, first: int, second: int) -> list[bytes]:
        """That the tree of size second begins with that of size first (RFC 9162 2.1.4)."""
        return [self.head_of(leaves) for leaves in merkle.consistency_path(first, range(second))]

    def leaf(self, index: int) -> bytes:
        return self.nodes(0, index, 1)[0]

    def head_of(self, leaves: range) -> bytes:
        subtrees = merkle.perfect_subtrees(leaves)
        return merkle.root_of_peaks([self.root(level, index) for level, index in subtrees])

    def root(self, level: int, index: int) -> bytes:
        """The root of a perfect subtree, from the nodes of the kept level at or below it."""
        above = level % TILE_HEIGHT
        return merkle.root_of_perfect(self.nodes(level - above, index << above, 1 << above))

    def nodes(self, level: int, first: int, count: int) -> list[bytes]:
        """So many nodes of a kept level, or leaves; all of them are in one tile."""
        number, start = divmod(first, TILE_SIZE)
        nodes = self.tile(level, number)[start : start + count]
        if len(nodes) < count:
            raise DataDamaged(closure_date=self.box.lottery.closure_date)
        return nodes

    def read_tile(self, level: int, number: int) -> list[bytes]:
        """Raises DataDamaged where a row has values that no code of this site stored."""
        try:
            return self.read_nodes(level, number)
        except DAMAGES as error:
            logger.exception("The tree of %s cannot be read.", self.box)
            raise DataDamaged(closure_date=self.box.lottery.closure_date) from error

    def read_nodes(self, level: int, number: int) -> list[bytes]:
        first = number * TILE_SIZE
        if level == 0:
            return self.read_leaves(range(first + 1, first + TILE_SIZE + 1))
        kept = Subtree.objects.filter(box=self.box, level=level)
        rows = kept.filter(index__gte=first, index__lt=first + TILE_SIZE).order_by("index")
        return [bytes(root) for root in rows.values_list("root", flat=True)]

    def read_leaves(self, numbers: range) -> list[bytes]:
        rows = Ballot.objects.filter(box=self.box, number__gte=numbers[0], number__lte=numbers[-1])
        values = rows.order_by("number").values_list("number", "id", "submission__participant")
        return [ballot_leaf(self.box.lottery.announcement, *names) for names in values]
