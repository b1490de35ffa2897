"""What is published of a lottery, field by field (the draw protocol, "The public record")."""

from typing import Any

from ballots.models import BallotBox, Draw
from ballots.public.stored_tree import StoredTree
from lotteries.protocol.encoding import iso

VERSION = 1


def record(box: BallotBox) -> dict[str, Any]:
    """The public record: what is not public yet is null."""
    lottery, is_sealed = box.lottery, box.sealed_at is not None
    draw = box.draw if box.is_drawn else None
    return {
        "version": VERSION,
        "lottery": str(lottery.id),
        "name": lottery.name,
        "closure_date": lottery.closure_date.isoformat(),
        "time_zone": lottery.time_zone,
        "closes_at": int(lottery.closes_at.timestamp()),
        "sealed_at": iso(box.sealed_at) if box.sealed_at else None,
        "drawn_at": iso(draw.drawn_at) if draw else None,
        "closed_early": box.closed_early if is_sealed else None,
        "sealed_late": box.sealed_late if is_sealed else None,
        "ballot_count": box.ballot_count if is_sealed else None,
        "participant_count": box.participant_count if is_sealed else None,
        "root": box.root if is_sealed else None,
        "seed": lottery.seed if is_sealed else None,
        "seed_commitment": lottery.seed_commitment,
        "beacon": draw.beacon if draw else lottery.beacon,
        "beacon_delay": lottery.beacon_delay,
        "beacon_signature": (draw.beacon_signature or None) if draw else None,
        "winners": winners(draw) if draw else None,
    }


def winners(draw: Draw) -> list[dict[str, Any]]:
    tree, size = StoredTree(draw.box), draw.box.ballot_count
    return [
        {
            "number": ballot.number,
            "ballot": str(ballot.id),
            "participant": str(ballot.participant.pk),
            "username": ballot.participant.username,
            "passed_over": passed_over,
            "proof": hexes(tree.inclusion_proof(ballot.number - 1, size)),
        }
        for ballot, passed_over in draw.winners
    ]


def head(box: BallotBox) -> dict[str, Any]:
    return {
        "version": VERSION,
        "lottery": str(box.pk),
        "ballot_count": box.ballot_count,
        "root": box.root,
        "sealed": box.sealed_at is not None,
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
