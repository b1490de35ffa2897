"""Right records, receipts and proofs, made without a database, and wrong ones made of them."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ballots.checkers import verify_draw
from ballots.tests.factories import DRAND_DATE, ROUND, SIGNATURE
from lotteries.protocol import drand
from lotteries.protocol.announcements import announcement_hash, announcement_text
from lotteries.protocol.closing import closing_time
from lotteries.protocol.drawing import draw_key, draw_order
from lotteries.protocol.leaves import ballot_leaf
from lotteries.protocol.places import walk
from lotteries.protocol.seeds import seed_commitment
from lotteries.tests import rfc9162

Path = tuple[Any, ...]
is_signed = verify_draw.find_signature_check()
ZONES = ["UTC", "Europe/Amsterdam", "Asia/Kathmandu", "America/St_Johns", "Africa/Cairo"]
VERSION = 2


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
    chance: Random, size: int, *, is_drand: bool, places: int = 1, passed_over: int = 0
) -> Published:
    """A draw as the protocol wants it, of so many ballots; only the round is a real one."""
    promised = announce(chance, is_drand=is_drand, places=places)
    seed = chance.randbytes(32).hex()
    promised["seed_commitment"] = seed_commitment(promised["lottery"], seed)
    announcement = promised["announcement"] = hash_promise(promised)

    people = [uuid(chance) for _ in range(1 + size // 3)]
    ballots = [(uuid(chance), chance.choice(people)) for _ in range(size)]
    leaves = [ballot_leaf(announcement, k, *names) for k, names in enumerate(ballots, start=1)]
    root = rfc9162.tree_head(leaves).hex()
    sealed_at = drawn_at = promised["closes_at"] + chance.randrange(900)
    signature = SIGNATURE if is_drand else None
    if is_drand:
        drawn_at = int(drand.round_time(ROUND).timestamp()) + chance.randrange(100)
    key = draw_key(
        announcement=announcement,
        ballot_count=size,
        root=root,
        seed=seed,
        randomness=drand.randomness(SIGNATURE) if is_drand else "none",
    )
    rows = take(chance, ballots, draw_order(key, size), places=places, passed_over=passed_over)
    record = promised | {
        "sealed_at": sealed_at,
        "ballot_count": size,
        "participant_count": len({person for _, person in ballots}),
        "root": root,
        "seed": seed,
        "drawn_at": drawn_at,
        "beacon_signature": signature,
        "drawn": [
            row | {"proof": hexes(rfc9162.inclusion_proof(row["number"] - 1, leaves))}
            for row in rows
        ],
        "sealed_evidence": None,
    }
    mine, head = sorted([chance.randint(1, size), chance.randint(1, size)])
    return Published(record, *prove(record, ballots[mine - 1], leaves, mine, head))


def announce(chance: Random, *, is_drand: bool, places: int) -> dict[str, Any]:
    """What is promised, but for the seed and the hash of it all."""
    closure_date = date(2024, 1, 1) + timedelta(days=chance.randrange(1500))
    closure_date = DRAND_DATE if is_drand else closure_date
    zone = chance.choice(ZONES)
    closes_at = int(closing_time(closure_date, ZoneInfo(zone)).timestamp())
    return {
        "version": VERSION,
        "lottery": str(uuid(chance)),
        "name": "tan octopus lottery",
        "prize": "Een kistje peren\nvan de boomgaard: één per plaats",
        "terms": chance.choice(["", "Collect it within a month. 🍐"]),
        "closure_date": closure_date.isoformat(),
        "time_zone": zone,
        "closes_at": closes_at,
        "announced_at": closes_at - chance.randrange(1, 10**6),
        "places": places,
        "ballots_each": 0,
        "claim_days": chance.choice([0, 7]),
        "beacon": f"drand:{drand.CHAIN}:{ROUND}" if is_drand else "none",
    }


def hash_promise(promised: dict[str, Any]) -> str:
    names = {name: value for name, value in promised.items() if name != "version"}
    return announcement_hash(announcement_text(**names))


def take(
    chance: Random,
    ballots: list[tuple[UUID, UUID]],
    order: Iterator[int],
    *,
    places: int,
    passed_over: int,
) -> list[dict[str, Any]]:
    """What the draw takes, and what so many passings over lead to."""
    numbers = ((number, ballots[number - 1][1]) for number in order)
    rows: list[dict[str, Any]] = []
    for _ in range(passed_over + 1):
        holders = [row for row in rows if row["place"] and not row["passed_over"]]
        if holders:
            chance.choice(holders)["passed_over"] = "Could not be reached."
        held = {row["place"] for row in holders if not row["passed_over"]}
        steps = walk(
            numbers,
            vacant=[place for place in range(1, places + 1) if place not in held],
            taken={UUID(row["participant"]) for row in rows},
            repeats=sum(row["place"] is None for row in rows),
        )
        rows += [
            {
                "number": number,
                "ballot": str(ballots[number - 1][0]),
                "participant": str(participant),
                "username": chance.choice([None, f"user {number}"]),
                "place": place,
                "passed_over": None,
            }
            for number, participant, place in steps
        ]
    return rows


def prove(
    record: dict[str, Any],
    ballot: tuple[UUID, UUID],
    leaves: list[bytes],
    mine: int,
    head: int,
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """(the receipt of the ballot with this number, its inclusion and its consistency proof)"""
    common = {"version": VERSION, "lottery": record["lottery"]}
    size, root = record["ballot_count"], record["root"]
    head_root = rfc9162.tree_head(leaves[:head]).hex()
    receipt = common | {
        "closure_date": record["closure_date"],
        "announcement": record["announcement"],
        "number": mine,
        "ballot": str(ballot[0]),
        "participant": str(ballot[1]),
        "head": {"ballot_count": head, "root": head_root},
        "checkpoint": None,
    }
    inclusion = common | {
        "number": mine,
        "ballot_count": size,
        "root": root,
        "leaf": leaves[mine - 1].hex(),
        "proof": hexes(rfc9162.inclusion_proof(mine - 1, leaves)),
    }
    consistency = common | {
        "from": head,
        "from_root": head_root,
        "to": size,
        "to_root": root,
        "proof": hexes(rfc9162.consistency_proof(head, leaves)),
    }
    return receipt, inclusion, consistency


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


def put(value: Any, path: Path, inner: Any) -> Any:
    """A copy of the JSON value with the inner one at the path."""
    made = copy.deepcopy(value)
    container = made
    for name in path[:-1]:
        container = container[name]
    container[path[-1]] = inner
    return made


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
    return record | {
        "sealed_at": "",
        "drawn_at": "",
        "participant_count": 0,
        "drawn": [row | {"username": "", "passed_over": ""} for row in record["drawn"][:1]],
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
