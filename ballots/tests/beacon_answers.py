"""What a relay may answer instead of the announced round."""

from typing import Any

from ballots.tests.factories import ANSWER, ROUND, SIGNATURE
from lotteries.protocol import drand

# The signature of another round.
OTHER = (
    "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482"
    "e26cd02df835d3546d23c4b13e0dfc92"
)
BAD: list[Any] = [
    None,
    [],
    "round",
    {},
    ANSWER | {"round": ROUND + 1},
    ANSWER | {"round": str(ROUND)},
    ANSWER | {"round": True},
    ANSWER | {"signature": OTHER, "randomness": drand.randomness(OTHER)},
    ANSWER | {"signature": SIGNATURE.upper()},
    ANSWER | {"signature": SIGNATURE[:-2]},
    ANSWER | {"signature": None},
    ANSWER | {"signature": "0" * 96, "randomness": drand.randomness("0" * 96)},
    ANSWER | {"randomness": "0" * 64},
    ANSWER | {"randomness": None},
]
