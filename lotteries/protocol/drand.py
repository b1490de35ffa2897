"""The randomness beacon drand quicknet, bls-unchained-g1-rfc9380 (the draw protocol, "Bytes").

Everybody gets the same signature of a round from it, and nobody knows it before its time.
"""

import hashlib
from datetime import UTC, datetime
from importlib.util import find_spec

CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
GENESIS = 1692803367  # Unix seconds of round 1
PERIOD = 3  # seconds
PUBLIC_KEY = (
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
# RFC 9380 names the suite; drand's keys are in G2 and its signatures in G1.
DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
LIBRARY = "py_arkworks_bls12381"


def announced_round(closes_at: datetime, delay: int) -> int:
    """The first round that is signed delay seconds after closes_at, or later.

    Raises ValueError before the beacon began.
    """
    seconds = int(closes_at.timestamp()) + delay - GENESIS
    if seconds < 0:
        raise ValueError(f"{closes_at} is before the first round of the beacon.")
    return -(-seconds // PERIOD) + 1


def round_time(number: int) -> datetime:
    """The UTC moment at which the beacon signs the round."""
    return datetime.fromtimestamp(GENESIS + (number - 1) * PERIOD, UTC)


def latest_round(at: datetime) -> int:
    """The round that is out at this moment; 0 before the first."""
    return max(0, (int(at.timestamp()) - GENESIS) // PERIOD + 1)


def randomness(signature: str) -> str:
    """The randomness of a round, in hex, by its signature, in hex."""
    return hashlib.sha256(bytes.fromhex(signature)).hexdigest()


def is_checkable() -> bool:
    """Whether the library that checks signatures is installed: it is an optional one."""
    return find_spec(LIBRARY) is not None


def is_signed(number: int, signature: str) -> bool:
    """Whether the beacon made this signature, 96 hex digits, of the round with this number."""
    from py_arkworks_bls12381 import GT, G1Point, G2Point

    message = hashlib.sha256(number.to_bytes(8, "big")).digest()
    try:
        signed = G1Point.from_compressed_bytes(bytes.fromhex(signature))
    except ValueError:
        return False
    key = G2Point.from_compressed_bytes(bytes.fromhex(PUBLIC_KEY))
    hashed = G1Point.hash_to_curve(message, DOMAIN)
    return bool(GT.pairing(signed, G2Point()) == GT.pairing(hashed, key))
