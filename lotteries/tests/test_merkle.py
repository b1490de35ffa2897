"""The tree of a ballot box: its peaks, its parts and its proofs are those of the RFC."""

import hashlib

from lotteries.protocol import merkle
from lotteries.tests import rfc9162

LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(40)]
SIZES = range(1, len(LEAVES) + 1)


def heads(parts: list[range]) -> list[bytes]:
    return [rfc9162.tree_head(LEAVES[part.start : part.stop]) for part in parts]


def test_hashes_of_leaves_and_nodes_differ_in_their_first_byte() -> None:
    assert merkle.leaf_hash(b"ab") == hashlib.sha256(b"\0ab").digest()
    assert merkle.node_hash(b"a", b"b") == hashlib.sha256(b"\1ab").digest()
    assert len(merkle.leaf_hash(b"")) == len(merkle.EMPTY_ROOT) == merkle.HASH_SIZE


def test_the_peaks_are_the_roots_of_the_perfect_subtrees() -> None:
    for size in SIZES:
        peaks, _ = merkle.extend([], 0, LEAVES[:size])
        subtrees = merkle.perfect_subtrees(range(size))
        parts = [range(index << level, (index + 1) << level) for level, index in subtrees]
        assert peaks == heads(parts)
        assert merkle.root_of_peaks(peaks) == rfc9162.tree_head(LEAVES[:size])


def test_leaves_complete_the_subtrees_that_end_among_them() -> None:
    for before in (0, *SIZES):
        first, _ = merkle.extend([], 0, LEAVES[:before])
        for size in (before, *SIZES[before:]):
            peaks, levels = merkle.extend(first, before, LEAVES[before:size])
            assert peaks == merkle.extend([], 0, LEAVES[:size])[0]
            assert before >> len(levels) == size >> len(levels)  # of the next level there are none
            for level, roots in enumerate(levels):
                indices = range(before >> level, size >> level)
                assert roots == heads([range(i << level, (i + 1) << level) for i in indices])


def test_the_root_of_perfect_nodes_is_that_of_their_tree() -> None:
    for size in (1, 2, 4, 8, 16, 32):
        assert merkle.root_of_perfect(LEAVES[:size]) == rfc9162.tree_head(LEAVES[:size])


def test_the_paths_name_the_parts_of_the_rfc() -> None:
    for size in SIZES:
        for index in range(size):
            expected = rfc9162.inclusion_proof(index, LEAVES[:size])
            assert heads(merkle.inclusion_path(index, range(size))) == expected
            expected = rfc9162.consistency_proof(index + 1, LEAVES[:size])
            assert heads(merkle.consistency_path(index + 1, range(size))) == expected
