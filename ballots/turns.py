"""Turns to wait for the boxes."""

from datetime import date

from accounts.shared.turns import Turns

# Not one for each date that is asked for, which would have no bound: neighbours have their own.
TURNS = [Turns() for _ in range(64)]


def turns_of(closure_date: date) -> Turns:
    """Those to wait for the box of the lottery that closes on this date."""
    return TURNS[closure_date.toordinal() % len(TURNS)]
