"""How values are written down to be hashed or published (the draw protocol, "Bytes")."""

import hashlib
from datetime import datetime


def lines(*values: object) -> bytes:
    """L(a, b, …) of the protocol: each value as ASCII, followed by one line feed."""
    return "\n".join([*map(str, values), ""]).encode("ascii")


def hash_lines(*values: object) -> bytes:
    """H(L(a, b, …)) of the protocol: the 32 bytes of SHA-256 over the lines."""
    return hashlib.sha256(lines(*values)).digest()


def unix_seconds(moment: datetime) -> int:
    """The moment in Unix seconds, rounded down."""
    return int(moment.timestamp() // 1)
