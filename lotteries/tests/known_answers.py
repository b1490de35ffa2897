"""The draw protocol's own vectors: three lotteries, their ballots, proofs and draws."""

import json
from typing import Any

from django.conf import settings

VECTORS = settings.BASE_DIR / "docs" / "draw-vectors"


def read_vector(name: str) -> dict[str, Any]:
    vector: dict[str, Any] = json.loads((VECTORS / name).read_text())
    return vector


KNOWN = read_vector("known-answers.json")
NAMES = ("offline", "drand", "places")
RECORDS = {name: read_vector(f"record-{name}.json") for name in NAMES}
BALLOTS: dict[str, list[dict[str, Any]]] = {name: KNOWN[name]["ballots"] for name in NAMES}


def leaves_of(name: str) -> list[bytes]:
    return [bytes.fromhex(ballot["leaf"]) for ballot in BALLOTS[name]]
