"""Arguments that several commands take, with errors that say what to write instead."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date

from accounts.shared.numbers import read_whole_number
from lotteries.dates import parse_date


def iso_date(text: str) -> date:
    try:
        return parse_date(text)
    except ValueError as error:
        raise ArgumentTypeError(f"'{text}' is not a date. {error}.") from error


def whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            return read_whole_number(text, least, most)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from error

    return parse
