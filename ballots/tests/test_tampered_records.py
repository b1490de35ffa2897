"""Every change to a record, a receipt or a proof is caught by the script, where it can be seen."""

from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ballots.tests.tampering import (
    Published,
    change,
    is_fine,
    places,
    publish,
    put,
    seen,
    verdict,
)
from lotteries.tests.known_answers import RECORDS

# Large enough that no wrong number of ballots gives the same winner by luck.
DRAWS = [
    publish(Random(1), 1000, is_drand=False),
    publish(Random(2), 1000, is_drand=True),
    publish(Random(3), 700, is_drand=True, passed_over=2),
    publish(Random(4), 40, is_drand=False, places=3, passed_over=4),
]
KINDS = ["record", "receipt", "inclusion", "consistency"]


def is_caught(draw: Published, kind: str, tampered: Any) -> bool:
    """Whether the script refuses it; what it accepts must look the same to everybody."""
    files = draw.files()
    files[KINDS.index(kind)] = tampered
    if not is_fine(verdict(*files)):
        return True
    assert kind == "record"
    assert seen(tampered) == seen(draw.record)
    return False


def test_the_right_ones_are_fine() -> None:
    for draw in DRAWS:
        assert is_fine(verdict(*draw.files()))


@pytest.mark.parametrize("number", range(len(DRAWS)))
@pytest.mark.parametrize("kind", KINDS)
def test_every_field_alone(kind: str, number: int) -> None:
    draw = DRAWS[number]
    right = getattr(draw, kind)
    unseen = set()
    for path in places(right):
        for seed in range(12):
            tampered = change(right, path, Random(f"{path} {seed}"))
            if tampered != right and not is_caught(draw, kind, tampered):
                unseen.add(path[-1])
    unbound = {"username", "passed_over", "participant_count", "sealed_at", "drawn_at"}
    # Of two holders who were passed over, nothing in a record says who was first.
    assert unseen <= (unbound | {"place"} if draw.record["places"] > 1 else unbound)


# Which steps notice when a field says something else, each in its format.
NOTICED: dict[tuple[Any, ...], tuple[Any, set[str]]] = {
    ("lottery",): (str(UUID(int=7)), {"Announcement", "Seed", "Journal"}),
    ("name",): ("red fox lottery", {"Announcement"}),
    ("prize",): ("", {"Announcement"}),
    ("terms",): ("None.", {"Announcement"}),
    ("closure_date",): ("2023-09-15", {"Announcement", "Closing time"}),
    ("time_zone",): ("Mars/Phobos", {"Announcement"}),
    ("closes_at",): (1694735999, {"Announcement"}),
    ("announced_at",): (1694000001, {"Announcement"}),
    ("places",): (3, {"Announcement", "Places"}),
    ("ballots_each",): (1, {"Announcement", "Sealed box"}),
    ("claim_days",): (0, {"Announcement"}),
    ("seed_commitment",): ("0" * 64, {"Announcement", "Seed"}),
    ("beacon",): ("none", {"Announcement", "Beacon", "Moments", "Order"}),
    ("announcement",): ("0" * 64, {"Announcement", "Sealed box", "Order"}),
    ("sealed_at",): (1694775608, {"Moments", "Journal"}),
    ("ballot_count",): (8, {"Sealed box", "Order", "Places", "Journal"}),
    ("participant_count",): (4, {"Sealed box", "Journal"}),
    ("root",): ("0" * 64, {"Sealed box", "Order", "Journal"}),
    ("seed",): ("0" * 64, {"Seed", "Order", "Journal"}),
    ("drawn_at",): (1694775602, {"Moments"}),
    ("beacon_signature",): ("b7" * 48, {"Signature of the beacon", "Order"}),
    ("drawn", 0, "number"): (5, {"Sealed box", "Order"}),
    ("drawn", 0, "ballot"): (str(UUID(int=7)), {"Sealed box"}),
    ("drawn", 0, "participant"): (str(UUID(int=7)), {"Sealed box", "Places"}),
    ("drawn", 0, "place"): (2, {"Places"}),
    ("drawn", 0, "passed_over"): (None, {"Places"}),
    ("drawn", 0, "proof"): ([], {"Sealed box"}),
    ("drawn", 1, "place"): (2, {"Places"}),
    ("drawn", 1, "passed_over"): ("Declined.", {"Places"}),
    ("drawn", 2, "place"): (None, {"Places"}),
    ("drawn", 2, "passed_over"): (None, set()),  # a place more is held, and no numbers are left
    ("drawn", 6, "place"): (2, set()),  # either of the two was vacant
    ("drawn",): ([], {"Sealed box", "Places"}),
    ("sealed_evidence", "index"): (0, {"Journal"}),
    ("sealed_evidence", "proof"): ([], {"Journal"}),
    ("sealed_evidence", "checkpoint"): ("", {"Journal"}),
}


@pytest.mark.parametrize(("path", "noticed"), NOTICED.items(), ids=map(str, NOTICED))
def test_the_steps_that_notice(path: tuple[Any, ...], noticed: tuple[Any, set[str]]) -> None:
    value, titles = noticed
    steps = verdict(put(RECORDS["places"], path, value))
    assert not isinstance(steps, str)
    assert {title for title, holds in steps if holds is False} == titles


@settings(
    max_examples=1500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(st.integers(0, len(DRAWS) - 1), st.sampled_from(KINDS), st.integers(0, 2**64))
def test_every_two_fields_together(number: int, kind: str, seed: int) -> None:
    draw, chance = DRAWS[number], Random(seed)
    right = tampered = getattr(draw, kind)
    for _ in range(2):
        if paths := list(places(tampered)):
            tampered = change(tampered, chance.choice(paths), chance)
    if tampered != right:
        is_caught(draw, kind, tampered)


def test_a_wrong_number_of_ballots_passes_only_by_luck() -> None:
    """The limit that the page tells of: about one wrong number in n, and none of a receipt's."""
    draw = publish(Random(4), 10, is_drand=False)
    tampered = [draw.record | {"ballot_count": count} for count in range(1, 2000)]
    lucky = [record for record in tampered if is_fine(verdict(record))]
    assert 1 <= len(lucky) < 20
    others = draw.files()[1:]
    assert [record["ballot_count"] for record in lucky if is_fine(verdict(record, *others))] == [10]


def test_the_order_is_that_of_the_protocol() -> None:
    assert list(islice(places({"a": [1, {"b": 2}]}), 9)) == [
        ("a",),
        ("a", 0),
        ("a", 1),
        ("a", 1, "b"),
    ]
