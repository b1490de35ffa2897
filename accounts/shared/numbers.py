"""Whole numbers as people write them, the same in settings and commands."""

import re


def read_whole_number(text: str, least: int, most: int) -> int:
    """Raises ValueError for any but plain digits: int() also takes '１０', '1_000' and ' 5 '."""
    if not re.fullmatch("[0-9]{1,18}", text) or not least <= int(text) <= most:
        raise ValueError(f"'{text}' is not a whole number from {least} to {most}.")
    return int(text)
