"""The Merkle tree as the RFC defines it, by recursion over all leaves: slow, and easy to check.

The ballot box keeps only the peaks of its tree; the tests compare it with this.
"""

from lotteries.protocol.merkle import EMPTY_ROOT, node_hash


def split(size: int) -> int:
    """The largest power of two that is smaller than size."""
    return 1 << (size - 1).bit_length() - 1


def tree_head(leaves: list[bytes]) -> bytes:
    """MTH, RFC 9162 section 2.1.1."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node_hash(tree_head(leaves[:k]), tree_head(leaves[k:]))


def inclusion_proof(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH, RFC 9162 section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*inclusion_proof(index, leaves[:k]), tree_head(leaves[k:])]
    return [*inclusion_proof(index - k, leaves[k:]), tree_head(leaves[:k])]


def consistency_proof(size: int, leaves: list[bytes], *, is_whole: bool = True) -> list[bytes]:
    """PROOF and SUBPROOF, RFC 9162 section 2.1.4.1."""
    if size == len(leaves):
        return [] if is_whole else [tree_head(leaves)]
    k = split(len(leaves))
    if size <= k:
        return [*consistency_proof(size, leaves[:k], is_whole=is_whole), tree_head(leaves[k:])]
    return [*consistency_proof(size - k, leaves[k:], is_whole=False), tree_head(leaves[:k])]
