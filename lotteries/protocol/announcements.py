"""What is promised of a lottery, in one text (the draw protocol, "Bytes")."""

import hashlib

from lotteries.protocol.encoding import lines


def text_hash(text: str) -> str:
    """T(text) of the protocol: SHA-256, in hex, of the text's UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def announcement_text(
    *,
    lottery: object,
    closure_date: object,
    time_zone: str,
    closes_at: int,
    announced_at: int,
    places: int,
    ballots_each: int,
    claim_days: int,
    name: str,
    prize: str,
    terms: str,
    seed_commitment: str,
    beacon: str,
) -> bytes:
    """The announcement: lottery is its UUID, moments are Unix seconds, seed_commitment is hex."""
    return lines(
        "lottery/announced/2",
        lottery,
        closure_date,
        time_zone,
        closes_at,
        announced_at,
        places,
        ballots_each,
        claim_days,
        text_hash(name),
        text_hash(prize),
        text_hash(terms),
        seed_commitment,
        beacon,
    )


def announcement_hash(text: bytes) -> str:
    """A of the protocol, in hex: every leaf, receipt and key has it."""
    return hashlib.sha256(text).hexdigest()
