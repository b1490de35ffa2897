"""The draw: from the sealed box, its root, the seed and the beacon to the order of the ballots."""

import hashlib
from collections.abc import Iterator
from itertools import count

from lotteries.protocol.encoding import hash_lines


def draw_key(
    *, announcement: str, ballot_count: int, root: str, seed: str, randomness: str
) -> bytes:
    """The 32 bytes that decide a draw. All texts are hex; randomness is "none" without a beacon."""
    return hash_lines("lottery/draw/2", announcement, ballot_count, root, seed, randomness)


def draw_order(key: bytes, ballot_count: int) -> Iterator[int]:
    """The numbers 1 to ballot_count in the order drawn.

    Candidates beyond the range are rejected, never wrapped around, so each number has the same
    chance. Takes memory for the numbers drawn so far, none for the others.
    """
    bits = (ballot_count - 1).bit_length() if ballot_count else 0
    kept: set[int] = set()
    for counter in count():
        if len(kept) == ballot_count:
            return
        digest = hashlib.sha256(key + counter.to_bytes(8, "big")).digest()
        candidate = int.from_bytes(digest[:8], "big") >> (64 - bits)
        if candidate < ballot_count and candidate not in kept:
            kept.add(candidate)
            yield candidate + 1
