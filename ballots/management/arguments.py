"""Arguments that several commands take, with errors that say what to write instead."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from accounts.shared.numbers import read_whole_number
from ballots.models import LARGEST_NUMBER
from lotteries.dates import parse_date
from lotteries.models import Lottery


def iso_date(text: str) -> date:
    try:
        return parse_date(text)
    except ValueError as error:
        raise ArgumentTypeError(f"'{text}' is not a date. {error}.") from error


def promise(name: str) -> Callable[[str], Any]:
    """What a lottery promises in the field of this name, by the field's own rules.

    In a text, \\n begins a new line, as in the settings.
    """
    field: Any = Lottery._meta.get_field(name)

    def parse(text: str) -> Any:
        try:
            return field.clean(text.replace("\\n", "\n"), None)
        except ValidationError as error:
            raise ArgumentTypeError(" ".join(error.messages)) from error

    return parse


def whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            return read_whole_number(text, least, most)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from error

    return parse


def add_holder(parser: CommandParser) -> None:
    """The two options that name who holds a place."""
    parser.add_argument("--date", type=iso_date, required=True, help="the closure date")
    parser.add_argument(
        "--number",
        type=whole_number(1, LARGEST_NUMBER),
        required=True,
        help="the number of the holder's ballot, so that a repeated command meets nobody else",
    )
