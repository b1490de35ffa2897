"""The walks that the draw protocol lists, as rows of a record: right ones, and others."""

from typing import Any

from lotteries.tests.known_answers import KNOWN, NAMES, RECORDS

Walk = dict[str, Any]  # the parts of a record that a walk consists of


def describe(
    participants: list[str], places: int, walk: list[tuple[int, int | None, bool]]
) -> Walk:
    """participants are those of number 1, 2, 3 …; a step is (number, place, whether passed over)"""
    return {
        "places": places,
        "ballot_count": len(participants),
        "drawn": [
            {
                "number": number,
                "participant": participants[number - 1],
                "place": place,
                "passed_over": "Declined." if is_over else None,
            }
            for number, place, is_over in walk
        ],
    }


def participants_of(name: str) -> list[str]:
    return [ballot["participant"] for ballot in KNOWN[name]["ballots"]]


def nearly_all_of_one(other: int, taken: int, last_place: int | None) -> Walk:
    """2,000 ballots in the order 2000, 1999, … 1: all but the other number are of one person."""
    people = ["other" if number == other else "one" for number in range(1, 2001)]
    numbers = range(2000, 2000 - taken, -1)
    steps = [(number, None, False) for number in numbers]
    return describe(people, 2, [(2000, 1, False), *steps[1:-1], (numbers[-1], last_place, False)])


LISTED = [describe(each["participants"], each["places"], each["walk"]) for each in KNOWN["walks"]]
OF_RECORDS = [
    describe(participants_of(name), RECORDS[name]["places"], KNOWN[name][moment])
    for name in NAMES
    for moment in ("walk_before_passing_over", "walk_after")
]
LONG = nearly_all_of_one(1500, KNOWN["long_walk"]["taken"], KNOWN["long_walk"]["last"][1])
LIMITED = nearly_all_of_one(500, KNOWN["limited_walk"]["taken"], None)
RIGHT = [*LISTED, *OF_RECORDS, LONG, LIMITED]


def rows(walk: Walk, drawn: list[dict[str, Any]]) -> Walk:
    return walk | {"drawn": drawn}


def change_row(walk: Walk, index: int, **changes: Any) -> Walk:
    drawn = list(walk["drawn"])
    drawn[index] = drawn[index] | changes
    return rows(walk, drawn)


SOLE, PASSED_OVER = LISTED[2], LISTED[3]  # 2 and 1 of a; 1 and 2 of a, then 3 of b
TWO = LISTED[6]  # a and b, and 3 places
NEXT = {"number": 4, "participant": "c", "place": None, "passed_over": None}
WRONG: list[tuple[Walk, str]] = [
    (rows(SOLE, []), "A place is vacant, and numbers are left."),
    (rows(SOLE, SOLE["drawn"][:1]), "A place is vacant, and numbers are left."),
    (
        change_row(SOLE, 1, place=2),
        "Number 1 is a repeat, and cannot have held a place.",
    ),
    (
        change_row(SOLE, 1, passed_over="Declined."),
        "Number 1 is a repeat, and cannot have held a place.",
    ),
    (change_row(TWO, 1, place=None), "Number 2 is of somebody new, and was given no place."),
    (
        change_row(TWO, 1, place=1),
        "Number 2 was given place 1, which was not the vacant one.",
    ),
    (
        change_row(TWO, 1, place=3),
        "Number 2 was given place 3, which was not the vacant one.",
    ),
    (
        change_row(PASSED_OVER, 0, passed_over=None),
        "Number 3 was given place 1, which was not the vacant one.",
    ),
    (
        change_row(PASSED_OVER, 2, place=2),
        "Number 3 was given place 2, which was not the vacant one.",
    ),
    (
        rows(PASSED_OVER, [*PASSED_OVER["drawn"], NEXT | {"place": 1}]),
        "Number 4 was given place 1, which was not the vacant one.",
    ),
    (
        rows(PASSED_OVER, [*PASSED_OVER["drawn"], NEXT | {"participant": "a"}]),
        "Number 4 was taken while every place was held.",
    ),
    (
        change_row(PASSED_OVER | {"ballot_count": 4}, 2, passed_over="Declined."),
        "A place is vacant, and numbers are left.",
    ),
    (rows(LONG, LONG["drawn"][:-1]), "A place is vacant, and numbers are left."),
    (rows(LIMITED, LIMITED["drawn"][:-1]), "A place is vacant, and numbers are left."),
    (
        rows(LIMITED, [*LIMITED["drawn"], NEXT]),
        "Number 4 was taken after 1000 repeats, which end the walk.",
    ),
]
