"""The Merkle tree of a ballot box (RFC 6962 section 2.1, RFC 9162 section 2.1).

Hashes are 32 bytes of SHA-256. A tree that only grows needs no more of its past than its peaks: the
roots of the perfect subtrees it consists of, largest first, one for each bit set in its size.
"""

import hashlib
from collections.abc import Sequence
from functools import reduce

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(peaks: Sequence[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The peaks of a tree of size leaves after one more: each perfect pair becomes one."""
    peaks = list(peaks)
    while size & 1:
        leaf = node_hash(peaks.pop(), leaf)
        size >>= 1
    return [*peaks, leaf]


def root_of_peaks(peaks: Sequence[bytes]) -> bytes:
    """The tree head over all leaves; that of no leaves is the hash of nothing."""
    if not peaks:
        return EMPTY_ROOT
    return reduce(lambda right, left: node_hash(left, right), reversed(peaks))
