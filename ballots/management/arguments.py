"""Arguments that several commands take, with errors that say what to write instead."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date

from django.core.management.base import CommandError

from ballots.models import BallotBox


def iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(
            f"'{text}' is not a date. Write it as YYYY-MM-DD, for example 2026-12-24."
        ) from error


def box_of(closure_date: date) -> BallotBox:
    """The box of the lottery of this date; raises CommandError where there is none."""
    boxes = BallotBox.objects.select_related("lottery")
    if box := boxes.filter(lottery__closure_date=closure_date).first():
        return box
    raise CommandError(f"There is no lottery that closes on {closure_date}.")


def whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not least <= int(text[:9]) <= most:
            raise ArgumentTypeError(f"'{text}' is not a whole number from {least} to {most}.")
        return int(text)

    return parse
