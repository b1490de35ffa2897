"""The seed of a lottery and the promise of it (the draw protocol, "Bytes")."""

import hashlib


def lines(*values: object) -> bytes:
    """L(a, b, …) of the protocol: each value as ASCII, followed by one line feed."""
    return "".join(f"{value}\n" for value in values).encode("ascii")


def seed_commitment(lottery: object, seed: str) -> str:
    """SHA-256, in hex, that binds the site to the seed (64 hex digits) of the lottery (a UUID)."""
    return hashlib.sha256(lines("lottery/seed/v1", lottery, seed)).hexdigest()
