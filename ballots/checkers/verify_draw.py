#!/usr/bin/env python3
"""Checks a finished draw, offline, with nothing but Python 3.8 or newer and SHA-256.

    python3 verify_draw.py record.json [receipt.json | proof.json | consistency.json ...]

record.json is the public record of a lottery. Give a receipt (or the file with all of yours)
together with the proof of its number and the consistency proof from its head, and this shows that
your ballot was in the sealed box and that nothing was taken out after it went in. The site has the
proofs next to the record:

    record.json    proof.json?number=NUMBER    consistency.json?from=BALLOT_COUNT_OF_THE_RECEIPT

The exit status is 0 only if every step holds, 1 if one does not or could not be checked, and 2 if a
file is not what it should be. The draw protocol defines all of it; sources: RFC 6962, RFC 9162.

One step takes more than SHA-256: that drand's key made the signature of the round. It is checked
where the package py_arkworks_bls12381 is installed. Any relay of drand shows that signature, for
ever: compare.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Callable, NamedTuple, Optional

VERSION = 2
CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"  # drand quicknet
GENESIS, PERIOD = 1692803367, 3  # Unix seconds of its round 1, and seconds from round to round
PUBLIC_KEY = (
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"  # the suite of RFC 9380
RELAY = "https://api.drand.sh"  # one of many
LATE = 1800  # seconds after the closing time, from which on a sealing without a beacon is late
MOST_REPEATS = 1000  # in one draw; the walk to the places ends with the last of them
LARGEST, DEEPEST = 64 * 1024 * 1024, 100  # of a file: bytes, and values inside values
HOUR, DAY = 3600, 86400  # seconds
STEERABLE = ": whoever could still add ballots to it by then could have chosen the winner."
SIGNERS = "This takes the site's key and those of witnesses, and is not checked here."


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


def leaf_hash(announcement: str, number: int, ballot: str, participant: str) -> bytes:
    return sha256(b"\x00" + lines("lottery/ballot/2", announcement, number, ballot, participant))


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


def is_text(value: object) -> bool:
    return isinstance(value, str)


def is_words(value: object) -> bool:
    return isinstance(value, str) and value != ""


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
SOME, ANY_COUNT, MOMENT = whole(1, COUNT), whole(0, COUNT), whole(1, 253402300799)

ANNOUNCED = {
    "version": whole(VERSION, VERSION),
    "lottery": UUID,
    "name": is_words,
    "prize": is_text,
    "terms": is_text,
    "closure_date": is_date,
    "time_zone": pattern(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}"),
    "closes_at": MOMENT,
    "announced_at": MOMENT,
    "places": SOME,
    "ballots_each": ANY_COUNT,
    "claim_days": ANY_COUNT,
    "seed_commitment": HEX,
    "beacon": pattern(r"none|drand:[0-9a-f]{64}:[1-9][0-9]{0,14}"),
    "announcement": HEX,
}
RECORD = {
    **ANNOUNCED,
    "sealed_at": MOMENT,
    "ballot_count": ANY_COUNT,
    "participant_count": ANY_COUNT,
    "root": HEX,
    "seed": HEX,
    "drawn_at": MOMENT,
    "beacon_signature": nullable(SIGNATURE),
    "drawn": is_list(is_object, COUNT),
    "sealed_evidence": nullable(is_object),
}
DRAWN = {
    "number": SOME,
    "ballot": UUID,
    "participant": UUID,
    "username": nullable(is_words),
    "place": nullable(SOME),
    "passed_over": nullable(is_words),
    "proof": PROOF,
}
EVIDENCE = {"index": ANY_COUNT, "proof": PROOF, "checkpoint": is_text}
RECEIPT = {
    "version": whole(VERSION, VERSION),
    "lottery": UUID,
    "closure_date": is_date,
    "announcement": HEX,
    "number": SOME,
    "ballot": UUID,
    "participant": UUID,
    "head": is_object,
    "checkpoint": nullable(is_text),
}
RECEIPTS = {
    "version": whole(VERSION, VERSION),
    "lottery": UUID,
    "closure_date": is_date,
    "receipts": is_list(is_object, COUNT),
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
        raise Malformed(f"{what} is not of version {VERSION}, which this checks.")
    for name in sorted(set(fields) - set(value)):
        raise Malformed(f"{what} lacks the field {name}.")
    # In the order in which JavaScript sorts, so that the browser names the same one.
    for name in sorted(set(value) - set(fields), key=lambda name: name.encode("utf-16-be")):
        raise Malformed(f"{what} has a field that does not belong there: {name}.")
    for name, is_valid in fields.items():
        if not is_valid(value[name]):
            raise Malformed(f"The field {name} of {what} is not in its format.")


def check_formats(record: Any) -> None:
    """Raises Malformed unless this is the record of a lottery that was drawn."""
    if isinstance(record, dict) and record.get("drawn", ()) is None:
        raise Malformed("This lottery is not drawn yet: there is no draw to check.")
    conform("the record", record, RECORD)
    for row in record["drawn"]:
        conform("a number drawn", row, DRAWN)
    if record["sealed_evidence"] is not None:
        conform("the evidence of the sealing", record["sealed_evidence"], EVIDENCE)


def unhex(hashes: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in hashes]


def read_checkpoint(text: str) -> tuple[str, int, bytes] | None:
    """(origin, size, root) of a tree, by a signed note (C2SP tlog-checkpoint); None if it is none.

    Who signed it is not looked at.
    """
    root = "[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="  # base64 of 32 bytes
    signatures = "(?:\u2014 [^\n ]+ [A-Za-z0-9+/=]+\n)+"
    note = f"([^\n]+)\n(0|[1-9][0-9]{{0,9}})\n({root})\n(?:[^\n]+\n)*\n{signatures}"
    found = re.fullmatch(note, text)
    return (found[1], int(found[2]), base64.b64decode(found[3])) if found else None


# --- The steps of a record: what was announced


def step(title: str, holds: bool | None, yes: str, no: str) -> Step:
    return Step(title, holds, yes if holds else no)


def announcement_hash(record: dict[str, Any]) -> str:
    moments = (record["closes_at"], record["announced_at"])
    limits = (record["places"], record["ballots_each"], record["claim_days"])
    words = (sha256(record[name].encode()).hex() for name in ("name", "prize", "terms"))
    start = ("lottery/announced/2", record["lottery"], record["closure_date"], record["time_zone"])
    end = (record["seed_commitment"], record["beacon"])
    return sha256(lines(*start, *moments, *limits, *words, *end)).hex()


def check_announcement(record: dict[str, Any]) -> Step:
    return step(
        "Announcement",
        announcement_hash(record) == record["announcement"],
        "Name, prize, terms and all else that was promised have the fingerprint "
        f"{record['announcement']}: each ballot and each receipt is bound to it.",
        "What the record says was promised is not what its fingerprint is of.",
    )


def check_closing_time(record: dict[str, Any]) -> Step:
    """It needs no list of time zones: the announcement fixes the moment, within a day of these."""
    days = date.fromisoformat(record["closure_date"]).toordinal() - date(1970, 1, 1).toordinal()
    end = (days + 1) * DAY  # in UTC; clocks run up to 14 hours before it and 12 behind, and change
    return step(
        "Closing time",
        end - 15 * HOUR <= record["closes_at"] <= end + 13 * HOUR,
        f"It is fixed in the announcement, as the end of {record['closure_date']} in "
        f"{record['time_zone']}.",
        f"{record['closure_date']} ends at another moment everywhere on Earth.",
    )


def beacon_round(record: dict[str, Any]) -> int | None:
    return None if record["beacon"] == "none" else int(record["beacon"].split(":")[2])


def round_moment(number: int) -> int:
    return GENESIS + (number - 1) * PERIOD


def check_moments(record: dict[str, Any]) -> Step:
    sealed, drawn, closes_at = record["sealed_at"], record["drawn_at"], record["closes_at"]
    number = beacon_round(record)
    if number is None:
        in_order = sealed == drawn
        late = " It was sealed late." if sealed >= closes_at + LATE else ""
    else:
        in_order = sealed <= drawn and round_moment(number) <= drawn
        late = f" It was sealed when the beacon was out{STEERABLE}" if is_late(record) else ""
    in_order = in_order and record["announced_at"] < closes_at
    early = " An admin closed it early." if sealed < closes_at else ""
    return step(
        "Moments",
        in_order and record["announced_at"] <= sealed,
        f"It was announced, then sealed, then drawn.{early}{late}",
        "The moments of announcement, closing, sealing and draw do not fit each other.",
    )


def is_late(record: dict[str, Any]) -> bool:
    """Whether it was sealed when its beacon was out already."""
    number = beacon_round(record)
    return number is not None and record["sealed_at"] >= round_moment(number)


def check_seed(record: dict[str, Any]) -> Step:
    commitment = sha256(lines("lottery/seed/2", record["lottery"], record["seed"])).hex()
    return step(
        "Seed",
        commitment == record["seed_commitment"],
        "It is the seed that the announcement is bound to.",
        "It is not the seed that was committed to.",
    )


# --- The steps of a record: the beacon


def check_beacon(record: dict[str, Any]) -> Step:
    number, signature = beacon_round(record), record["beacon_signature"]
    if number is None:
        yes = "None was announced, and none was used."
        return step("Beacon", signature is None, yes, "There is none, but the record has its part.")
    is_ours = record["beacon"].split(":")[1] == CHAIN
    return step(
        "Beacon",
        is_ours and signature is not None and round_moment(number) > record["closes_at"],
        f"Round {number} of drand was announced, and came after the closing time.",
        "It is no round of drand's after the closing time, or the record lacks its signature.",
    )


def randomness(record: dict[str, Any]) -> str:
    if record["beacon"] == "none":
        return "none"
    return sha256(bytes.fromhex(record["beacon_signature"] or "")).hex()


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


# --- The steps of a record: the box, the order and the places


def check_box(record: dict[str, Any]) -> Step:
    size, drawn = record["ballot_count"], record["drawn"]
    root = bytes.fromhex(record["root"])
    holds = has_possible_counts(record)
    for row in drawn:
        names = row["number"], row["ballot"], row["participant"]
        leaf, proof = leaf_hash(record["announcement"], *names), unhex(row["proof"])
        holds = holds and row["number"] <= size
        holds = holds and is_included(leaf, row["number"], size, proof, root)
    return step(
        "Sealed box",
        holds,
        "Each number drawn had that ballot and that participant in the sealed box.",
        "The sealed box did not have these numbers with these ballots and participants.",
    )


def has_possible_counts(record: dict[str, Any]) -> bool:
    """Whether so many participants, within their limit, can have so many ballots."""
    size, people, limit = (record[n] for n in ("ballot_count", "participant_count", "ballots_each"))
    drawn = [row["participant"] for row in record["drawn"]]
    known = Counter(drawn)
    holds = 1 <= len(known) <= people <= size and (len(known) == people or len(drawn) < size)
    return holds and (not limit or (max(known.values()) <= limit and size <= people * limit))


def check_order(record: dict[str, Any]) -> Step:
    size, drawn = record["ballot_count"], record["drawn"]
    names = [record[name] for name in ("announcement", "ballot_count", "root", "seed")]
    order = drawn_numbers(sha256(lines("lottery/draw/2", *names, randomness(record))), size)
    numbers = [row["number"] for row in drawn]
    holds = len(numbers) <= size and numbers == [number for _, number in zip(numbers, order)]
    is_alone = record["beacon"] == "none"
    sources = "the box and the seed" if is_alone else "the box, the seed and the beacon"
    return step(
        "Order",
        holds,
        f"It follows from the announcement, {sources}.",
        f"Another order follows from the announcement, {sources}.",
    )


def check_places(record: dict[str, Any]) -> Step:
    wrong = find_wrong_place(record)
    return step("Places", not wrong, tell_places(record), wrong)


def find_wrong_place(record: dict[str, Any]) -> str:
    """Where the walk from the order to the places is not the protocol's; empty where it is."""
    places, drawn = record["places"], record["drawn"]
    people: set[str] = set()  # who was taken so far
    holders: dict[int, Any] = {}  # who took each place last
    repeats = 0
    for row in drawn:
        number, place = row["number"], row["place"]
        if repeats == MOST_REPEATS:
            return f"Number {number} was taken after {MOST_REPEATS} repeats, which end the walk."
        if row["participant"] in people:
            if place is not None or row["passed_over"] is not None:
                return f"Number {number} is a repeat, and cannot have held a place."
            repeats += 1
        elif place is None:
            return f"Number {number} is of somebody new, and was given no place."
        elif place != len(holders) + 1 if len(holders) < places else is_held(holders, place):
            return f"Number {number} was given place {place}, which was not the vacant one."
        else:
            holders[place] = row
        people.add(row["participant"])
    is_full = len(holders) == places and all(is_held(holders, place) for place in holders)
    if is_full and drawn[-1]["place"] is None:
        return f"Number {drawn[-1]['number']} was taken while every place was held."
    if not is_full and repeats < MOST_REPEATS and len(drawn) < record["ballot_count"]:
        return "A place is vacant, and numbers are left."
    return ""


def is_held(holders: dict[int, Any], place: int) -> bool:
    """Whether the place is one that nobody can take: it has a holder, or is none at all."""
    return place not in holders or holders[place]["passed_over"] is None


def tell_places(record: dict[str, Any]) -> str:
    rows = record["drawn"]
    held = [row for row in rows if row["place"] is not None and row["passed_over"] is None]
    if record["places"] == 1 and held:
        return f"Ballot {held[0]['number']} of {record['ballot_count']} wins."
    return f"Places that are held: {len(held)} of {record['places']}."


def check_empty_box(record: dict[str, Any]) -> Step:
    nothing = record["participant_count"], record["root"], record["drawn"]
    return step(
        "Empty box",
        nothing == (0, sha256(b"").hex(), []),
        "The sealed box had no ballots, so nobody won.",
        "It is said to have no ballots, but the record has participants, a root or winners.",
    )


# --- The steps of a record: the site's journal


def check_journal(record: dict[str, Any]) -> Iterator[Step]:
    """What evidence of the sealing there is. None claims nothing, and is no step."""
    evidence = record["sealed_evidence"]
    if evidence is None:
        return
    names = ("lottery", "sealed_at", "ballot_count", "participant_count", "root", "seed")
    leaf = sha256(b"\x00" + lines("lottery/sealed/2", *(record[name] for name in names)))
    index, proof, tree = evidence["index"], unhex(evidence["proof"]), evidence["checkpoint"]
    _, size, root = read_checkpoint(tree) or ("", 0, b"")
    holds = index < size <= COUNT and is_included(leaf, index + 1, size, proof, root)
    yield step(
        "Journal",
        holds,
        f"The sealing is entry {index} of the journal that the checkpoint is of.",
        "The journal that the checkpoint is of does not have this sealing.",
    )
    yield Step("Signatures of the journal", None, SIGNERS)


def check_record(record: Any, is_signed: SignatureCheck | None = None) -> list[Step]:
    """All steps of a finished draw; raises Malformed where the record is not one."""
    check_formats(record)
    steps = [check_announcement(record), check_closing_time(record), check_moments(record)]
    steps += [check_seed(record), check_beacon(record)]
    if record["beacon"] != "none":
        steps.append(check_signature(record, is_signed))
    # Without ballots there is no winning ballot, and no step that says anything of one.
    if record["ballot_count"]:
        steps += [check_box(record), check_order(record), check_places(record)]
    else:
        steps.append(check_empty_box(record))
    return [*steps, *check_journal(record)]


# --- The steps of a receipt


def check_receipt(receipt: dict[str, Any], record: dict[str, Any]) -> Step:
    """Whether the receipt is one of this lottery, as it was announced."""
    same = ("lottery", "closure_date", "announcement")
    holds = all(receipt[name] == record[name] for name in same)
    holds = holds and receipt["number"] <= receipt["head"]["ballot_count"] <= record["ballot_count"]
    return step(
        f"Receipt of ballot {receipt['number']}",
        holds,
        "It belongs to this lottery, and is bound to the same announcement.",
        "It does not belong to this lottery, or not to what the record says was announced.",
    )


def check_receipt_signature(receipt: dict[str, Any]) -> Iterator[Step]:
    """That the site signed the head of the receipt. Without a checkpoint, it claims none."""
    if receipt["checkpoint"] is None:
        return
    head, number = receipt["head"], receipt["number"]
    origin, size, root = read_checkpoint(receipt["checkpoint"]) or ("", 0, b"")
    yield step(
        f"Checkpoint of the receipt of ballot {number}",
        origin.endswith(f"/lotteries/{receipt['lottery']}")
        and (size, root.hex()) == (head["ballot_count"], head["root"]),
        "It is of the same box, with the same ballots.",
        "It is of another box, or of other ballots.",
    )
    yield Step(f"Signature of the receipt of ballot {number}", None, SIGNERS)


def check_inclusion(receipt: dict[str, Any], record: dict[str, Any], proof: Any) -> Step:
    """Whether the ballot is in the sealed box; proof is a proof.json, or None without one."""
    title = f"Ballot {receipt['number']} in the sealed box"
    if proof is None:
        needed = f"proof.json?number={receipt['number']}&size={record['ballot_count']}"
        return Step(title, None, f"This takes its proof. Get it next to the record: {needed}")
    number, size, root = receipt["number"], record["ballot_count"], record["root"]
    leaf = leaf_hash(*(receipt[n] for n in ("announcement", "number", "ballot", "participant")))
    names = ("lottery", "number", "ballot_count", "root", "leaf")
    wanted = [record["lottery"], number, size, root, leaf.hex()]
    holds = wanted == [proof[name] for name in names] and number <= size
    nodes = unhex(proof["proof"])
    return step(
        title,
        holds and is_included(leaf, number, size, nodes, bytes.fromhex(root)),
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
    """Whether every step holds, in a sentence, and what that proves."""
    if any(each.holds is False for each in steps):
        return "NOT every step holds."
    unknown = ", ".join(each.title for each in steps if each.holds is None)
    if unknown:
        return (
            f"Every step that could be checked here holds; not checked: {unknown}. "
            f"If that holds, too: {tell_meaning(record)}"
        )
    return f"Every step holds. {tell_meaning(record)}"


def tell_meaning(record: dict[str, Any]) -> str:
    """What it proves that every step holds, and what not, in the mode of this draw."""
    if not record["ballot_count"]:
        return "There were no ballots, so nobody could win."
    follows = "The winner follows from the sealed box."
    if record["beacon"] == "none":
        return f"{follows} Whoever could read the seed before closing could have steered it."
    word = (
        "Nobody could choose the winner if the box was sealed in time, "
        "for which the site's word stands."
    )
    late = f" By its own word it was sealed when the beacon was out{STEERABLE}"
    return f"{follows} {word}{late if is_late(record) else ''}"


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


def is_too_deep(value: Any) -> bool:
    """Whether there are more values inside values than any file of the protocol has."""
    level = [value]
    for _ in range(DEEPEST + 1):
        outer = [each for each in level if isinstance(each, (dict, list))]
        inside = [each.values() if isinstance(each, dict) else each for each in outer]
        level = [value for values in inside for value in values]
    return bool(level)


def parse(data: bytes) -> Any:
    """The value of a JSON text in UTF-8, read strictly; raises Malformed."""
    if len(data) > LARGEST:
        raise Malformed(f"It is larger than {LARGEST} bytes.")
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
    except ValueError as error:
        raise Malformed(f"It is not a JSON file: {error}") from None
    except RecursionError:
        raise Malformed("It has too many values inside values.") from None
    if is_too_deep(value):
        raise Malformed("It has too many values inside values.")
    return value


def read(path: str) -> Any:
    try:
        with open(path, "rb") as file:
            return parse(file.read(LARGEST + 1))
    except OSError as error:
        raise Malformed(f"It is not a JSON file: {error}") from None


def conform_receipt(receipt: Any) -> None:
    conform("the receipt", receipt, RECEIPT)
    conform("the head of the receipt", receipt["head"], HEAD)


def read_receipts(file: Any) -> list[Any]:
    """The receipts in a file of one, or of all that somebody has of a lottery; raises Malformed."""
    if not isinstance(file, dict) or "receipts" not in file:
        conform_receipt(file)
        return [file]
    conform("the file of receipts", file, RECEIPTS)
    for receipt in file["receipts"]:
        conform_receipt(receipt)
        if any(receipt[name] != file[name] for name in ("lottery", "closure_date")):
            raise Malformed("One of the receipts is of another lottery than their file.")
    return list(file["receipts"])


def sort_out(files: Sequence[Any]) -> tuple[list[Any], dict[int, Any], dict[int, Any]]:
    """(receipts, inclusion proofs by number, consistency proofs by size); raises Malformed."""
    receipts: list[Any] = []
    inclusion: dict[int, Any] = {}
    consistency: dict[int, Any] = {}
    proofs = 0
    for file in files:
        if isinstance(file, dict) and "from" in file:
            conform("the consistency proof", file, CONSISTENCY)
            consistency[file["from"]] = file
        elif isinstance(file, dict) and "proof" in file:
            conform("the proof", file, INCLUSION)
            inclusion[file["number"]] = file
        else:
            receipts.extend(read_receipts(file))
            continue
        proofs += 1
    wanted = {receipt["number"] for receipt in receipts}
    sizes = {receipt["head"]["ballot_count"] for receipt in receipts}
    if not inclusion.keys() <= wanted or not consistency.keys() <= sizes:
        raise Malformed("A proof says something of a receipt: give that receipt, too.")
    if len(inclusion) + len(consistency) < proofs:
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
        yield from check_receipt_signature(receipt)
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
    print(tell_outcome(files[0], steps))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
