#!/usr/bin/env python3
"""Checks a finished draw, offline, with nothing but Python 3.8 or newer and SHA-256.

    python3 verify_draw.py record.json [receipt.json | proof.json | consistency.json ...]

record.json is the public record of a lottery. Give a receipt together with the proof of its number
and the consistency proof from its head, and this shows that your ballot was in the sealed box and
that nothing was taken out after it went in. The site has all of them next to the record:

    record.json    proof.json?number=NUMBER    consistency.json?from=BALLOT_COUNT_OF_THE_RECEIPT

The exit status is 0 only if every step holds, 1 if one does not or could not be checked, and 2 if a
file is not what it should be. The draw protocol defines all of it; sources: RFC 6962, RFC 9162.

One step takes more than SHA-256: that drand's key made the signature of the round. It is checked
where the package py_arkworks_bls12381 is installed. Any relay of drand shows that signature, for
ever: compare.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, Callable, NamedTuple, Optional

VERSION = 1
CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"  # drand quicknet
GENESIS, PERIOD = 1692803367, 3  # Unix seconds of its round 1, and seconds from round to round
PUBLIC_KEY = (
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"  # the suite of RFC 9380
RELAY = "https://api.drand.sh"  # one of many
LATE = 1800  # seconds after the closing time, from which on a sealing without a beacon is late
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Malformed(Exception):
    """A file that is not what the protocol says it is; nothing more can be said of it."""


class Step(NamedTuple):
    title: str
    holds: Optional[bool]  # None: it could not be checked
    detail: str


# Whether the beacon made this signature, in hex, of the round with this number.
SignatureCheck = Callable[[int, str], bool]


# --- Hashes (RFC 6962 section 2.1)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def lines(*values: object) -> bytes:
    return "".join(f"{value}\n" for value in values).encode("ascii")


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def leaf_hash(lottery: str, number: int, ballot: str, participant: str) -> bytes:
    return sha256(b"\x00" + lines("lottery/ballot/v1", lottery, number, ballot, participant))


def is_included(leaf: bytes, number: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf with this number to the root (RFC 9162, 2.1.3.2)."""
    first, last, head = number - 1, size - 1, leaf
    for node in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            head = node_hash(node, head)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            head = node_hash(head, node)
        first, last = first >> 1, last >> 1
    return last == 0 and head == root


def is_consistent(
    before: int, size: int, root_before: bytes, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree with this root begins with the smaller one (RFC 9162, 2.1.4.2)."""
    if before == size:
        return not proof and root_before == root
    nodes = [root_before, *proof] if before & (before - 1) == 0 else list(proof)
    if not nodes:
        return False
    first, last = before - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    head_before = head = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            head_before, head = node_hash(node, head_before), node_hash(node, head)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            head = node_hash(head, node)
        first, last = first >> 1, last >> 1
    return last == 0 and head_before == root_before and head == root


def drawn_numbers(key: bytes, size: int) -> Iterator[int]:
    """The numbers 1 to size in the order drawn."""
    bits = (size - 1).bit_length() if size else 0
    kept: set[int] = set()
    counter = 0
    while len(kept) < size:
        digest = sha256(key + counter.to_bytes(8, "big"))
        candidate = int.from_bytes(digest[:8], "big") >> (64 - bits)
        if candidate < size and candidate not in kept:
            kept.add(candidate)
            yield candidate + 1
        counter += 1


# --- Formats


def text(least: int, most: int) -> Any:
    return lambda value: isinstance(value, str) and least <= len(value) <= most


def pattern(regex: str) -> Any:
    return lambda value: isinstance(value, str) and re.fullmatch(regex, value, re.ASCII) is not None


def whole(least: int, most: int) -> Any:
    return lambda value: type(value) is int and least <= value <= most


def nullable(is_valid: Any) -> Any:
    return lambda value: value is None or is_valid(value)


def is_date(value: object) -> bool:
    if not pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")(value):
        return False
    try:
        return date.fromisoformat(str(value)) < date.max
    except ValueError:
        return False


def is_moment(value: object) -> bool:
    try:
        return pattern(r"[0-9T:.-]{26}Z")(value) and bool(seconds_of(str(value)))
    except ValueError:
        return False


def is_flag(value: object) -> bool:
    return value is True or value is False


def is_object(value: object) -> bool:
    return isinstance(value, dict)


def is_list(is_valid: Any, most: int) -> Any:
    return lambda value: (
        isinstance(value, list) and len(value) <= most and all(is_valid(item) for item in value)
    )


HEX, SIGNATURE = pattern(r"[0-9a-f]{64}"), pattern(r"[0-9a-f]{96}")
UUID = pattern(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
COUNT = 2**31 - 1
PROOF = is_list(HEX, 64)
SOME = whole(1, COUNT)

WINNER = {
    "number": SOME,
    "ballot": UUID,
    "participant": UUID,
    "username": text(1, 50),
    "passed_over": nullable(text(1, 300)),
    "proof": PROOF,
}
RECORD = {
    "version": whole(VERSION, VERSION),
    "lottery": UUID,
    "name": text(1, 100),
    "closure_date": is_date,
    "time_zone": pattern(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}"),
    "closes_at": whole(1, 253402300799),
    "sealed_at": is_moment,
    "drawn_at": is_moment,
    "closed_early": is_flag,
    "sealed_late": is_flag,
    "ballot_count": whole(0, COUNT),
    "participant_count": whole(0, COUNT),
    "root": HEX,
    "seed": HEX,
    "seed_commitment": HEX,
    "beacon": pattern(r"none|drand:[0-9a-f]{64}:[1-9][0-9]{0,14}:[0-9a-f]{64}"),
    "beacon_delay": nullable(whole(0, COUNT)),
    "beacon_signature": nullable(SIGNATURE),
    "winners": is_list(is_object, COUNT),
}
RECEIPT = {
    "version": whole(VERSION, VERSION),
    "lottery": UUID,
    "closure_date": is_date,
    "number": SOME,
    "ballot": UUID,
    "participant": UUID,
    "leaf": HEX,
    "head": is_object,
    "seed_commitment": HEX,
    "beacon_round": nullable(whole(1, 10**15 - 1)),
}
HEAD = {"ballot_count": SOME, "root": HEX}
INCLUSION = {
    "version": whole(VERSION, VERSION),
    "lottery": UUID,
    "number": SOME,
    "ballot_count": SOME,
    "root": HEX,
    "leaf": HEX,
    "proof": PROOF,
}
CONSISTENCY = {
    "version": whole(VERSION, VERSION),
    "lottery": UUID,
    "from": SOME,
    "from_root": HEX,
    "to": SOME,
    "to_root": HEX,
    "proof": PROOF,
}


def conform(what: str, value: Any, fields: dict[str, Any]) -> None:
    """Raises Malformed unless the object has exactly these fields, each in its format."""
    if not isinstance(value, dict):
        raise Malformed(f"{what} is not a JSON object.")
    if value.get("version", VERSION) != VERSION:
        raise Malformed(f"{what} has version {value['version']!r}; this checks version {VERSION}.")
    for name in sorted(set(fields) - set(value)):
        raise Malformed(f"{what} lacks the field {name}.")
    for name in sorted(set(value) - set(fields)):
        raise Malformed(f"{what} has a field that does not belong there: {name}.")
    for name, is_valid in fields.items():
        if not is_valid(value[name]):
            raise Malformed(f"The field {name} of {what} is not in its format: {value[name]!r:.80}")


def check_formats(record: Any) -> None:
    """Raises Malformed unless this is the record of a lottery that was drawn."""
    if isinstance(record, dict) and record.get("winners", ()) is None:
        raise Malformed("This lottery is not drawn yet: there is no draw to check.")
    conform("the record", record, RECORD)
    for winner in record["winners"]:
        conform("a winner", winner, WINNER)


def unhex(hashes: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in hashes]


def seconds_of(moment: str) -> int:
    """The whole Unix seconds of an ISO 8601 moment in UTC, with microseconds."""
    parsed = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    return (parsed - EPOCH) // timedelta(seconds=1)


# --- The steps of a record


def step(title: str, holds: bool | None, yes: str, no: str) -> Step:
    return Step(title, holds, yes if holds else no)


def local_time(seconds: int, zone: str) -> datetime:
    """What the clocks of the zone show; raises LookupError where it is not known here."""
    if zone == "UTC":
        return datetime(1970, 1, 1) + timedelta(seconds=seconds)
    try:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError
    except ImportError:  # Python 3.8
        if not hasattr(time, "tzset") or not os.path.isfile(f"/usr/share/zoneinfo/{zone}"):
            raise LookupError(zone) from None
        os.environ["TZ"] = zone
        time.tzset()
        return datetime(*time.localtime(seconds)[:6])
    try:
        return datetime.fromtimestamp(seconds, ZoneInfo(zone)).replace(tzinfo=None)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise LookupError(zone) from None


def check_closing_time(record: dict[str, Any]) -> Step:
    """It is the first moment at which the clocks show midnight, or later, after the date."""
    zone, closes_at = record["time_zone"], record["closes_at"]
    day = date.fromisoformat(record["closure_date"]) + timedelta(days=1)
    midnight = datetime(day.year, day.month, day.day)
    quarters = range(closes_at - 1, closes_at - 24 * 3600, -900)
    try:
        holds = local_time(closes_at, zone) >= midnight and all(
            local_time(before, zone) < midnight for before in quarters
        )
        holds = holds and local_time(closes_at, zone) < midnight + timedelta(hours=24)
    except (LookupError, OverflowError, OSError):
        return Step("Closing time", None, f"The time zone {zone} is not known here.")
    return step(
        "Closing time",
        holds,
        f"It was to close at midnight at the end of {record['closure_date']} in {zone}.",
        f"The closing time is not midnight at the end of {record['closure_date']} in {zone}.",
    )


def beacon_round(record: dict[str, Any]) -> int | None:
    return None if record["beacon"] == "none" else int(record["beacon"].split(":")[2])


def check_moments(record: dict[str, Any]) -> Step:
    sealed, drawn, closes_at = record["sealed_at"], record["drawn_at"], record["closes_at"]
    number = beacon_round(record)
    due = closes_at + LATE if number is None else GENESIS + (number - 1) * PERIOD
    if number is None:
        in_order = bool(sealed == drawn)
    else:
        in_order = sealed <= drawn and seconds_of(drawn) >= due
    early, late = seconds_of(sealed) < closes_at, seconds_of(sealed) >= due
    remarks = " An admin closed it early." if early else ""
    remarks += " It was sealed late." if late else ""
    return step(
        "Sealing and draw",
        in_order and (early, late) == (record["closed_early"], record["sealed_late"]),
        f"It was sealed, then drawn, and the record says how.{remarks}",
        "The moments of sealing and draw do not fit each other, or what is said of them.",
    )


def check_seed(record: dict[str, Any]) -> Step:
    commitment = sha256(lines("lottery/seed/v1", record["lottery"], record["seed"])).hex()
    return step(
        "Seed",
        commitment == record["seed_commitment"],
        f"It is the seed of the commitment {commitment}: compare that with the announcement.",
        "It is not the seed that was committed to.",
    )


def check_beacon(record: dict[str, Any]) -> Step:
    beacon, delay, signature = record["beacon"], record["beacon_delay"], record["beacon_signature"]
    if beacon == "none":
        yes = "None was announced, and none was used."
        no = "There is none, but the record has parts of one."
        return step("Beacon", delay is None and signature is None, yes, no)
    _, chain, number, randomness = beacon.split(":")
    holds = delay is not None and signature is not None and chain == CHAIN
    holds = holds and int(number) == -(-(record["closes_at"] + delay - GENESIS) // PERIOD) + 1
    holds = holds and randomness == sha256(bytes.fromhex(signature)).hex()
    return step(
        "Beacon",
        holds,
        f"Round {number} is the announced one, and its randomness is that of its signature.",
        "It is not the announced round of drand, or not with its own randomness.",
    )


def check_signature(record: dict[str, Any], is_signed: SignatureCheck | None) -> Step:
    """That drand's key made the signature. Without a check of signatures, nobody has looked."""
    title, number = "Signature of the beacon", beacon_round(record)
    signature = record["beacon_signature"]
    if signature is None or number is None:
        return Step(title, False, "The record lacks it.")
    if is_signed is None:
        where = f"{RELAY}/{CHAIN}/public/{number}"
        detail = "This takes more than SHA-256. Any relay of drand shows it, such as "
        return Step(title, None, f"{detail}{where}: compare it with {signature}")
    return step(
        title,
        is_signed(number, signature),
        f"It is drand's own, of round {number}.",
        f"It is not drand's, or not that of round {number}.",
    )


def find_signature_check() -> SignatureCheck | None:
    """What checks signatures of the beacon, where the package for it is installed."""
    try:
        from py_arkworks_bls12381 import GT, G1Point, G2Point
    except ImportError:
        return None

    def is_signed(number: int, signature: str) -> bool:
        try:
            signed = G1Point.from_compressed_bytes(bytes.fromhex(signature))
        except ValueError:
            return False
        key = G2Point.from_compressed_bytes(bytes.fromhex(PUBLIC_KEY))
        hashed = G1Point.hash_to_curve(sha256(number.to_bytes(8, "big")), DOMAIN)
        return bool(GT.pairing(signed, G2Point()) == GT.pairing(hashed, key))

    return is_signed


def check_order(record: dict[str, Any]) -> Step:
    size, winners = record["ballot_count"], record["winners"]
    names = [record[name] for name in ("lottery", "ballot_count", "root", "seed", "beacon")]
    order = drawn_numbers(sha256(lines("lottery/draw/v1", *names)), size)
    holds = bool(winners) and len(winners) <= size
    holds = holds and [winner["number"] for winner in winners] == [
        number for _, number in zip(winners, order)
    ]
    standing = [winner["passed_over"] is None for winner in winners]
    holds = holds and standing == [False] * (len(winners) - 1) + [True]
    last = winners[-1]["number"] if winners else None
    is_alone = record["beacon"] == "none"
    sources = "the box and the seed" if is_alone else "the box, the seed and the beacon"
    return step(
        "Winning number",
        holds,
        f"It follows from {sources}. Ballot {last} of {size} wins.",
        f"Another order of winners follows from {sources}.",
    )


def check_box(record: dict[str, Any]) -> Step:
    size, root, winners = record["ballot_count"], record["root"], record["winners"]
    people = {winner["participant"] for winner in winners}
    holds = 1 <= len(people) <= record["participant_count"] <= size
    for winner in winners:
        names = winner["number"], winner["ballot"], winner["participant"]
        leaf, proof = leaf_hash(record["lottery"], *names), unhex(winner["proof"])
        holds = holds and winner["number"] <= size
        holds = holds and is_included(leaf, winner["number"], size, proof, bytes.fromhex(root))
    return step(
        "Sealed box",
        holds,
        "The winning ballot had that number and that participant in the sealed box.",
        "The sealed box did not have the winning ballot with that number and participant.",
    )


def check_empty_box(record: dict[str, Any]) -> Step:
    nothing = record["participant_count"], record["root"], record["winners"]
    return step(
        "Empty box",
        nothing == (0, sha256(b"").hex(), []),
        "The sealed box had no ballots, so nobody won.",
        "It is said to have no ballots, but the record has participants, a root or winners.",
    )


def check_record(record: Any, is_signed: SignatureCheck | None = None) -> list[Step]:
    """All steps of a finished draw; raises Malformed where the record is not one."""
    check_formats(record)
    steps = [check_closing_time(record), check_moments(record), check_seed(record)]
    steps.append(check_beacon(record))
    if record["beacon"] != "none":
        steps.append(check_signature(record, is_signed))
    # Without ballots there is no winning ballot, and no step that says anything of one.
    if record["ballot_count"]:
        return [*steps, check_box(record), check_order(record)]
    return [*steps, check_empty_box(record)]


# --- The steps of a receipt


def check_receipt(receipt: Any, record: dict[str, Any]) -> Step:
    """Whether the receipt is one of this lottery; raises Malformed where it is none at all."""
    conform("the receipt", receipt, RECEIPT)
    conform("the head of the receipt", receipt["head"], HEAD)
    names = (receipt[name] for name in ("lottery", "number", "ballot", "participant"))
    same = ("lottery", "closure_date", "seed_commitment")
    holds = all(receipt[name] == record[name] for name in same)
    holds = holds and receipt["beacon_round"] == beacon_round(record)
    holds = holds and receipt["leaf"] == leaf_hash(*names).hex()
    holds = holds and receipt["number"] <= receipt["head"]["ballot_count"] <= record["ballot_count"]
    return step(
        f"Receipt of ballot {receipt['number']}",
        holds,
        "It belongs to this lottery, and its leaf is that of its ballot.",
        "It does not belong to this draw, or its leaf is not that of its ballot.",
    )


def check_inclusion(receipt: dict[str, Any], record: dict[str, Any], proof: Any) -> Step:
    """Whether the ballot is in the sealed box; proof is a proof.json, or None without one."""
    title = f"Ballot {receipt['number']} in the sealed box"
    if proof is None:
        needed = f"proof.json?number={receipt['number']}&size={record['ballot_count']}"
        return Step(title, None, f"This takes its proof. Get it next to the record: {needed}")
    conform("the proof", proof, INCLUSION)
    same = ("lottery", "ballot_count", "root")
    holds = all(proof[name] == record[name] for name in same)
    holds = holds and all(proof[name] == receipt[name] for name in ("number", "leaf"))
    size, root = record["ballot_count"], bytes.fromhex(record["root"])
    holds = holds and receipt["number"] <= size
    leaf, nodes = bytes.fromhex(receipt["leaf"]), unhex(proof["proof"])
    return step(
        title,
        holds and is_included(leaf, receipt["number"], size, nodes, root),
        "It was in the box that was drawn from, under its number.",
        "The proof does not show it in the box that was drawn from.",
    )


def check_consistency(receipt: dict[str, Any], record: dict[str, Any], proof: Any) -> Step:
    """Whether the sealed box begins with the receipt's; proof is a consistency.json, or None."""
    head, size, root = receipt["head"], record["ballot_count"], record["root"]
    title = f"Everything before the receipt of ballot {receipt['number']}"
    if head["ballot_count"] == size and proof is None:
        holds = head["root"] == root
    elif proof is None:
        needed = f"consistency.json?from={head['ballot_count']}&to={size}"
        return Step(title, None, f"This takes its proof. Get it next to the record: {needed}")
    else:
        conform("the consistency proof", proof, CONSISTENCY)
        wanted = [record["lottery"], head["ballot_count"], head["root"], size, root]
        given = [proof[name] for name in ("lottery", "from", "from_root", "to", "to_root")]
        roots = bytes.fromhex(head["root"]), bytes.fromhex(root)
        holds = wanted == given and head["ballot_count"] <= size
        holds = holds and is_consistent(head["ballot_count"], size, *roots, unhex(proof["proof"]))
    return step(
        title,
        holds,
        "The sealed box begins with the very ballots it had when the receipt was given.",
        "The box was rewritten after the receipt was given.",
    )


# --- What all of it comes to


def tell_outcome(record: dict[str, Any], steps: Sequence[Step]) -> str:
    """Whether every step holds, in a sentence, and which ones could not be checked."""
    if any(each.holds is False for each in steps):
        return "NOT every step holds."
    unknown = ", ".join(each.title for each in steps if each.holds is None)
    if unknown:
        return (
            f"Every step that could be checked here holds; not checked: {unknown}. "
            f"If that holds, too: {tell_meaning(record)}"
        )
    return "Every step holds."


def tell_meaning(record: dict[str, Any]) -> str:
    """What it proves that every step holds, and what not, in the mode of this draw."""
    if not record["ballot_count"]:
        return "There were no ballots, so nobody could win."
    follows = "The winner follows from the sealed box."
    if record["beacon"] == "none":
        return f"{follows} Whoever could read the seed before closing could have steered it."
    if record["sealed_late"]:
        return (
            f"{follows} It was sealed when the round of the beacon was out: "
            "whoever could still add ballots to it by then could have chosen the winner."
        )
    return (
        f"{follows} Nobody could choose the winner if the box was sealed in time, "
        "for which the site's word stands."
    )


# --- The command


def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise Malformed("A field is there twice.")
    return value


def read_number(text: str) -> int:
    """An integer, and written as one: not 1.0, 1e0, -0, NaN, or more than browsers can count."""
    if not re.fullmatch(r"0|-?[1-9][0-9]{0,14}", text, re.ASCII):
        raise Malformed(f"It has a number that is not written as an integer: {text:.40}")
    return int(text)


def parse(data: bytes) -> Any:
    """The value of a JSON text in UTF-8, read strictly; raises Malformed."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=no_duplicates,
            parse_int=read_number,
            parse_float=read_number,
            parse_constant=read_number,
        )
        # An escape may stand for half a character, which no text in UTF-8 has.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Malformed(f"It is not a JSON file: {error}") from None
    return value


def read(path: str) -> Any:
    try:
        with open(path, "rb") as file:
            return parse(file.read())
    except OSError as error:
        raise Malformed(f"It is not a JSON file: {error}") from None


def sort_out(files: Sequence[Any]) -> tuple[list[Any], dict[int, Any], dict[int, Any]]:
    """(receipts, inclusion proofs by number, consistency proofs by size); raises Malformed."""
    receipts: list[Any] = []
    inclusion: dict[int, Any] = {}
    consistency: dict[int, Any] = {}
    for file in files:
        if isinstance(file, dict) and "from" in file:
            conform("the consistency proof", file, CONSISTENCY)
            consistency[file["from"]] = file
        elif isinstance(file, dict) and "proof" in file:
            conform("the proof", file, INCLUSION)
            inclusion[file["number"]] = file
        else:
            conform("the receipt", file, RECEIPT)
            conform("the head of the receipt", file["head"], HEAD)
            receipts.append(file)
    wanted = {receipt["number"] for receipt in receipts}
    sizes = {receipt["head"]["ballot_count"] for receipt in receipts}
    if not inclusion.keys() <= wanted or not consistency.keys() <= sizes:
        raise Malformed("A proof says something of a receipt: give that receipt, too.")
    if len(receipts) + len(inclusion) + len(consistency) < len(files):
        raise Malformed("Two of the proofs are of the same.")
    return receipts, inclusion, consistency


def check_files(
    record: Any, others: Sequence[Any], is_signed: SignatureCheck | None = None
) -> Iterator[Step]:
    """The steps of the record, then those of each receipt with the proofs that belong to it."""
    receipts, inclusion, consistency = sort_out(others)
    yield from check_record(record, is_signed)
    for receipt in receipts:
        yield check_receipt(receipt, record)
        yield check_inclusion(receipt, record, inclusion.get(receipt["number"]))
        before = receipt["head"]["ballot_count"]
        yield check_consistency(receipt, record, consistency.get(before))


def main(paths: Sequence[str]) -> int:
    if not paths or paths[0].startswith("-"):
        print(__doc__)
        return 0 if paths and paths[0] in ("-h", "--help") else 2
    files, steps = [], []
    try:
        for path in paths:
            files.append(read(path))
        for each in check_files(files[0], files[1:], find_signature_check()):
            mark = {True: "holds      ", False: "DOES NOT   ", None: "NOT CHECKED"}[each.holds]
            print(f"{mark}  {each.title}: {each.detail}")
            steps.append(each)
    except Malformed as error:
        where = f"{path}: " if len(files) < len(paths) else ""
        print(f"NOT A DRAW TO CHECK. {where}{error}", file=sys.stderr)
        return 2
    holds = all(each.holds for each in steps)
    if holds:
        print(f"What that proves: {tell_meaning(files[0])}")
    print(tell_outcome(files[0], steps))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
