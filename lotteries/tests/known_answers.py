"""The draw protocol's own vectors: lottery, ballots, proofs and draws."""

import json
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parent / "vectors"
KNOWN: dict[str, Any] = json.loads((VECTORS / "known-answers.json").read_text())
BALLOTS: list[dict[str, Any]] = KNOWN["ballots"]
LEAVES = [bytes.fromhex(ballot["leaf"]) for ballot in BALLOTS]
