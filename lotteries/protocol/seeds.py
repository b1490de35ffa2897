"""The seed of a lottery and the promise of it (the draw protocol, "Bytes")."""

from lotteries.protocol.encoding import hash_lines


def seed_commitment(lottery: object, seed: str) -> str:
    """SHA-256, in hex, that binds the site to the seed (64 hex digits) of the lottery (a UUID)."""
    return hash_lines("lottery/seed/2", lottery, seed).hex()
