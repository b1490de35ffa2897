"""Right records, receipts and proofs, made without a database, and wrong ones made of them."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ballots.checkers import verify_draw
from ballots.tests.factories import DRAND_DATE, ROUND, SIGNATURE
from lotteries.protocol import drand
from lotteries.protocol.closing import closing_time
from lotteries.protocol.drawing import draw_key, draw_order
from lotteries.protocol.encoding import iso
from lotteries.protocol.leaves import ballot_leaf
from lotteries.protocol.seeds import seed_commitment
from lotteries.tests import rfc9162

Path = tuple[Any, ...]
is_signed = verify_draw.find_signature_check()
ZONES = ["UTC", "Europe/Amsterdam", "Asia/Kathmandu", "America/St_Johns", "Africa/Cairo"]


@dataclass
class Published:
    """A draw with one receipt and the proofs that belong to it."""

    record: dict[str, Any]
    receipt: dict[str, Any]
    inclusion: dict[str, Any]
    consistency: dict[str, Any]

    def files(self) -> list[dict[str, Any]]:
        return [self.record, self.receipt, self.inclusion, self.consistency]


def publish(
    chance: Random, size: int, *, is_drand: bool, passed_over: int = 0, zone: str = ""
) -> Published:
    """A draw as the protocol wants it, of so many ballots; only the round is a real one."""
    lottery, seed = uuid(chance), chance.randbytes(32).hex()
    people = [uuid(chance) for _ in range(1 + size // 3)]
    ballots = [(uuid(chance), chance.choice(people)) for _ in range(size)]
    leaves = [ballot_leaf(lottery, k, *names) for k, names in enumerate(ballots, start=1)]
    closure_date = date(2024, 1, 1) + timedelta(days=chance.randrange(1500))
    closure_date = DRAND_DATE if is_drand else closure_date
    zone = zone or chance.choice(ZONES)
    closes_at = closing_time(closure_date, ZoneInfo(zone))
    root = rfc9162.tree_head(leaves).hex()

    sealed_at = closes_at + timedelta(microseconds=chance.randrange(10**9))
    drawn_at, delay, signature, beacon, number = sealed_at, None, None, "none", None
    if is_drand:
        number, signature = ROUND, SIGNATURE
        # Any of these seconds leads to that round.
        seconds_left = drand.round_time(number) - closes_at
        delay = int(seconds_left.total_seconds()) - chance.randrange(drand.PERIOD)
        beacon = f"drand:{drand.CHAIN}:{number}:{drand.randomness(signature)}"
        drawn_at = drand.round_time(number) + timedelta(microseconds=chance.randrange(10**8))

    key = draw_key(lottery=lottery, ballot_count=size, root=root, seed=seed, beacon=beacon)
    drawn = list(islice(draw_order(key, size), passed_over + 1))
    winners = [
        {
            "number": k,
            "ballot": str(ballots[k - 1][0]),
            "participant": str(ballots[k - 1][1]),
            "username": f"user {k}",
            "passed_over": None if place == len(drawn) - 1 else "could not be reached",
            "proof": hexes(rfc9162.inclusion_proof(k - 1, leaves)),
        }
        for place, k in enumerate(drawn)
    ]
    record = {
        "version": 1,
        "lottery": str(lottery),
        "name": "tan octopus lottery",
        "closure_date": closure_date.isoformat(),
        "time_zone": zone,
        "closes_at": int(closes_at.timestamp()),
        "sealed_at": iso(sealed_at),
        "drawn_at": iso(drawn_at),
        "closed_early": False,
        "sealed_late": False,
        "ballot_count": size,
        "participant_count": len({person for _, person in ballots}),
        "root": root,
        "seed": seed,
        "seed_commitment": seed_commitment(lottery, seed),
        "beacon": beacon,
        "beacon_delay": delay,
        "beacon_signature": signature,
        "winners": winners,
    }
    mine, head = chance.randint(1, size), chance.randint(1, size)
    mine, head = min(mine, head), max(mine, head)
    common = {"version": 1, "lottery": str(lottery)}
    head_root = rfc9162.tree_head(leaves[:head]).hex()
    return Published(
        record,
        receipt={
            **common,
            "closure_date": closure_date.isoformat(),
            "number": mine,
            "ballot": str(ballots[mine - 1][0]),
            "participant": str(ballots[mine - 1][1]),
            "leaf": leaves[mine - 1].hex(),
            "head": {"ballot_count": head, "root": head_root},
            "seed_commitment": record["seed_commitment"],
            "beacon_round": number,
        },
        inclusion={
            **common,
            "number": mine,
            "ballot_count": size,
            "root": root,
            "leaf": leaves[mine - 1].hex(),
            "proof": hexes(rfc9162.inclusion_proof(mine - 1, leaves)),
        },
        consistency={
            **common,
            "from": head,
            "from_root": head_root,
            "to": size,
            "to_root": root,
            "proof": hexes(rfc9162.consistency_proof(head, leaves)),
        },
    )


def uuid(chance: Random) -> UUID:
    return UUID(bytes=chance.randbytes(16), version=4)


def hexes(nodes: list[bytes]) -> list[str]:
    return [node.hex() for node in nodes]


# --- Changes


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """The path of every field and item in a JSON value, containers included."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in items:
        yield (*path, name)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, name))


def change(value: Any, path: Path, chance: Random) -> Any:
    """A copy of the JSON value with something else at the path, or without it, or with more."""
    made = copy.deepcopy(value)
    container = made
    for name in path[:-1]:
        container = container[name]
    before = container[path[-1]]
    if chance.random() < 0.08:
        del container[path[-1]]
    elif chance.random() < 0.08 and isinstance(container, dict):
        container["extra"] = before
    else:
        container[path[-1]] = other(before, chance)
    return made


def other(value: Any, chance: Random) -> Any:
    """Another value; as a rule, one of the same format."""
    if chance.random() < 0.1:
        return chance.choice([None, True, -1, 0, 1.5, "", "x", [], {}, 10**20])
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice([-3600, -1, 1, 2, 86400])
    if isinstance(value, str):
        return other_text(value, chance)
    if isinstance(value, list) and value:
        items = copy.deepcopy(value)
        chance.choice([items.pop, lambda: items.append(items[0]), items.clear])()
        return items
    return chance.choice([1, "x", True])


def other_text(text: str, chance: Random) -> str:
    if text in ZONES:
        return chance.choice([zone for zone in [*ZONES, "Mars/Phobos"] if zone != text])
    digits = [place for place, sign in enumerate(text) if sign in "0123456789abcdef"]
    if not digits:
        return f"{text}a"
    place = chance.choice(digits)
    sign = chance.choice([sign for sign in "0123456789abcdef" if sign != text[place]])
    return text[:place] + sign + text[place + 1 :]


# --- What nobody can see


def seen(record: dict[str, Any]) -> dict[str, Any]:
    """The record without what the page "What this proves" says that no check can see."""
    closes_at = record["closes_at"]
    number = verify_draw.beacon_round(record)
    due = closes_at + 1800 if number is None else drand.round_time(number).timestamp()
    sealed = verify_draw.seconds_of(record["sealed_at"])
    return record | {
        "name": "",
        "sealed_at": (sealed >= closes_at, sealed >= due),
        "drawn_at": "",
        "participant_count": 0,
        "beacon_delay": number,
        "winners": [
            winner | {"username": "", "passed_over": ""} for winner in record["winners"][:1]
        ],
    }


def verdict(record: Any, *others: Any) -> list[tuple[str, bool | None]] | str:
    """What the script says: each step with its outcome, or that it is no record at all."""
    try:
        parsed = verify_draw.parse(json.dumps(record).encode())
        steps = list(verify_draw.check_files(parsed, others, is_signed))
    except verify_draw.Malformed:
        return "malformed"
    return [(step.title, step.holds) for step in steps]


def is_fine(verdict: list[tuple[str, bool | None]] | str) -> bool:
    return not isinstance(verdict, str) and all(holds is True for _, holds in verdict)
