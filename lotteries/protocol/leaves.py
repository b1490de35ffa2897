"""The leaves of the Merkle tree of a ballot box (the draw protocol, "Bytes")."""

from collections.abc import Iterable
from uuid import UUID

from lotteries.protocol.encoding import lines
from lotteries.protocol.merkle import leaf_hash


def ballot_leaf(announcement: str, number: int, ballot: UUID, participant: UUID) -> bytes:
    """The 32 bytes that stand for the ballot with this number, counted from 1.

    announcement is A, in hex.
    """
    return ballot_leaves(announcement, [(number, ballot)], participant)[0]


def ballot_leaves(
    announcement: str, ballots: Iterable[tuple[int, UUID | str]], participant: UUID
) -> list[bytes]:
    """The leaves of several ballots, (number, id) each, of one participant."""
    before, after = lines("lottery/ballot/2", announcement), lines(participant)
    return [leaf_hash(before + lines(*ballot) + after) for ballot in ballots]
