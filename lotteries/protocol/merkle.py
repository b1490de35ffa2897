"""The Merkle tree of a ballot box (RFC 6962 section 2.1, RFC 9162 section 2.1).

Hashes are 32 bytes of SHA-256. A tree that only grows needs no more of its past than its peaks: the
roots of the perfect subtrees it consists of, largest first, one for each bit set in its size.
Proofs do need the past: they list the heads of parts of the tree, named here by the leaves that
they cover, as a range of indices.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import reduce

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def pair_up(nodes: Sequence[bytes]) -> list[bytes]:
    """The level above: of an odd number of nodes, the last one has no partner yet."""
    return [node_hash(*pair) for pair in zip(nodes[::2], nodes[1::2], strict=False)]


def extend(
    peaks: Sequence[bytes], size: int, leaves: Sequence[bytes]
) -> tuple[list[bytes], list[list[bytes]]]:
    """What a tree of size leaves becomes by these: (its peaks, the roots that they complete).

    The roots are those of perfect subtrees: first of 1 leaf, the leaves themselves, then of 2, of
    4 …; the first one of 2**level leaves has the index size >> level.
    """
    left, right, nodes = list(peaks), list[bytes](), list(leaves)
    levels = []
    while nodes:
        levels.append(nodes)
        if size & 1:
            nodes = [left.pop(), *nodes]
        if len(nodes) & 1:
            right.append(nodes[-1])
        nodes = pair_up(nodes)
        size >>= 1
    return [*left, *reversed(right)], levels


def root_of_peaks(peaks: Sequence[bytes]) -> bytes:
    """The tree head over all leaves; that of no leaves is the hash of nothing."""
    if not peaks:
        return EMPTY_ROOT
    return reduce(lambda right, left: node_hash(left, right), reversed(peaks))


def root_of_perfect(nodes: Sequence[bytes]) -> bytes:
    """The root over 1, 2, 4, 8 … nodes of one level."""
    while len(nodes) > 1:
        nodes = pair_up(nodes)
    return nodes[0]


def perfect_subtrees(leaves: range) -> Iterator[tuple[int, int]]:
    """(level, index) of the perfect subtrees over the leaves, of 2**level each, largest first."""
    start = leaves.start
    while size := leaves.stop - start:
        level = size.bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _middle(leaves: range) -> int:
    """Where the RFC splits the tree: after the largest power of two smaller than its size."""
    return leaves.start + (1 << (len(leaves) - 1).bit_length() - 1)


def inclusion_path(index: int, leaves: range) -> list[range]:
    """What the inclusion proof of a leaf consists of, leaf to root (RFC 9162 section 2.1.3.1)."""
    if len(leaves) == 1:
        return []
    left, right = range(leaves.start, _middle(leaves)), range(_middle(leaves), leaves.stop)
    if index in left:
        return [*inclusion_path(index, left), right]
    return [*inclusion_path(index, right), left]


def consistency_path(size: int, leaves: range, *, is_whole: bool = True) -> list[range]:
    """What proves that the tree began with its first size leaves (RFC 9162 section 2.1.4.1)."""
    if size == leaves.stop:
        return [] if is_whole else [leaves]
    left, right = range(leaves.start, _middle(leaves)), range(_middle(leaves), leaves.stop)
    if size <= left.stop:
        return [*consistency_path(size, left, is_whole=is_whole), right]
    return [*consistency_path(size, right, is_whole=False), left]
