"""The leaves of the Merkle tree of a ballot box (the draw protocol, "Bytes")."""

from uuid import UUID

from lotteries.protocol.encoding import lines
from lotteries.protocol.merkle import leaf_hash


def ballot_leaf(announcement: str, number: int, ballot: UUID, participant: UUID) -> bytes:
    """The 32 bytes that stand for the ballot with this number, counted from 1.

    announcement is A, in hex.
    """
    return leaf_hash(lines("lottery/ballot/2", announcement, number, ballot, participant))
