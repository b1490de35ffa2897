"""What is published of a lottery, field by field (the draw protocol, "The public record")."""

from typing import Any

from ballots.models import BallotBox, Draw
from ballots.public.stored_tree import StoredTree
from lotteries.protocol.encoding import unix_seconds

VERSION = 2


def record(box: BallotBox) -> dict[str, Any]:
    """The public record: what is not public yet is null."""
    lottery, is_sealed = box.lottery, box.sealed_at is not None
    draw = box.draw if box.is_drawn else None
    return {
        "version": VERSION,
        "lottery": str(lottery.id),
        "name": lottery.name,
        "prize": lottery.prize,
        "terms": lottery.terms,
        "closure_date": lottery.closure_date.isoformat(),
        "time_zone": lottery.time_zone,
        "closes_at": unix_seconds(lottery.closes_at),
        "announced_at": unix_seconds(lottery.announced_at),
        "places": lottery.places,
        "ballots_each": lottery.ballots_each,
        "claim_days": lottery.claim_days,
        "seed_commitment": lottery.seed_commitment,
        "beacon": lottery.beacon,
        "announcement": lottery.announcement,
        "sealed_at": unix_seconds(box.sealed_at) if box.sealed_at else None,
        "ballot_count": box.ballot_count if is_sealed else None,
        "participant_count": box.participant_count if is_sealed else None,
        "root": box.root if is_sealed else None,
        "seed": lottery.seed if is_sealed else None,
        "drawn_at": unix_seconds(draw.drawn_at) if draw else None,
        "beacon_signature": (draw.beacon_signature or None) if draw else None,
        "drawn": describe_drawn(draw) if draw else None,
        "sealed_evidence": None,
    }


def describe_drawn(draw: Draw) -> list[dict[str, Any]]:
    """All that the draw took, in that order, repeats among them."""
    tree, size = StoredTree(draw.box), draw.box.ballot_count
    return [
        {
            "number": drawn.number,
            "ballot": str(drawn.ballot_id),
            "participant": str(drawn.participant_id),
            "username": drawn.username or None,
            "place": drawn.place,
            "passed_over": drawn.reason or None,
            "proof": hexes(tree.inclusion_proof(drawn.number - 1, size)),
        }
        for drawn in draw.drawn.select_related("ballot").order_by("position")
    ]


def head(box: BallotBox) -> dict[str, Any]:
    return {
        "version": VERSION,
        "lottery": str(box.pk),
        "ballot_count": box.ballot_count,
        "root": box.root,
        "sealed": box.sealed_at is not None,
        "checkpoint": None,
    }


def inclusion(box: BallotBox, number: int, size: int) -> dict[str, Any]:
    """That the ballot with this number is in the tree of that size."""
    tree = StoredTree(box)
    return {
        "version": VERSION,
        "lottery": str(box.pk),
        "number": number,
        "ballot_count": size,
        "root": tree.head(size).hex(),
        "leaf": tree.leaf(number - 1).hex(),
        "proof": hexes(tree.inclusion_proof(number - 1, size)),
    }


def consistency(box: BallotBox, first: int, second: int) -> dict[str, Any]:
    """That the tree of size second begins with the one of size first."""
    tree = StoredTree(box)
    return {
        "version": VERSION,
        "lottery": str(box.pk),
        "from": first,
        "from_root": tree.head(first).hex(),
        "to": second,
        "to_root": tree.head(second).hex(),
        "proof": hexes(tree.consistency_proof(first, second)),
    }


def hexes(nodes: list[bytes]) -> list[str]:
    return [node.hex() for node in nodes]
