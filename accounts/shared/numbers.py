"""Whole numbers as people write and read them."""

import re

LONGEST_SHOWN = 20  # characters of what is no number


def is_plain(text: str) -> bool:
    """Whether it is a number in digits alone, that every column and JavaScript can have."""
    return bool(re.fullmatch("[0-9]{1,15}", text))


def read_whole_number(text: str, least: int, most: int) -> int:
    """Raises ValueError for any but plain digits: int() also takes '１０', '1_000' and ' 5 '."""
    if not is_plain(text) or not least <= int(text) <= most:
        shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
        raise ValueError(f"'{shown}' is not a whole number from {least} to {most}.")
    return int(text)


def tell_count(number: int, noun: str, many: str = "") -> str:
    """How many: "1 ballot", "2 ballots"."""
    return f"{number} {noun if number == 1 else many or noun + 's'}"
