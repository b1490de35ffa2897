"""What a relay of the beacon answers, and whether it counts (the draw protocol, "Life", 4)."""

import re
from typing import Any

from ballots.refusals import BeaconRefused
from lotteries.protocol import drand


def check_signature(answer: Any, number: int) -> str:
    """The signature of the round out of a relay's answer; raises BeaconRefused, saying why."""
    if not isinstance(answer, dict):
        raise BeaconRefused(reason="it is not a JSON object")
    signature = answer.get("signature")
    if type(answer.get("round")) is not int or answer["round"] != number:
        raise BeaconRefused(reason=f"it is not of round {number}")
    if not isinstance(signature, str) or not re.fullmatch("[0-9a-f]{96}", signature):
        raise BeaconRefused(reason="its signature is not 96 hex digits")
    if answer.get("randomness") != drand.randomness(signature):
        raise BeaconRefused(reason="its randomness is not the SHA-256 of its signature")
    if not drand.is_checkable():
        raise BeaconRefused(reason=f"its signature cannot be checked without {drand.LIBRARY}")
    if not drand.is_signed(number, signature):
        raise BeaconRefused(reason="its signature is not the beacon's")
    return signature
