"""Wrong passwords: few from one place, and not many for one account from all of them.

A place is a network or, for an account's own, a device (devices.py), which has a count of its own:
whoever guesses from elsewhere, however often, does not lock out the owner.
"""

from collections.abc import Sequence

from accounts.limits.counting import Limit
from accounts.refusals import TooManyWrongPasswords

# A try counts before its password is hashed, so that many at once are no way around the limit. It
# weighs less than a wrong one, so that many at once with the right password are not refused.
TRY, WRONG = 1, 4
OF_A_PLACE = Limit("wrong passwords of a place", 5 * WRONG, 15 * 60, TooManyWrongPasswords)
OF_AN_ACCOUNT = Limit("wrong passwords of an account", 20 * WRONG, 3600, TooManyWrongPasswords)
OF_THE_OLD = Limit("wrong old passwords", 5 * WRONG, 15 * 60, TooManyWrongPasswords)

Counts = Sequence[tuple[Limit, str]]


def counts_of_sign_in(email: str, network: str, device: str | None) -> Counts:
    """Where a wrong password for this account counts; device is that of a browser it knows."""
    if device:
        return [(OF_A_PLACE, f"{email} {device}")]
    return [(OF_A_PLACE, f"{email} {network}"), (OF_AN_ACCOUNT, email)]


def begin_try(counts: Counts) -> None:
    """Before the hashing. Raises TooManyWrongPasswords."""
    for limit, who in counts:
        limit.spend(who, by=TRY)


def end_wrong_try(counts: Counts) -> None:
    """Raises TooManyWrongPasswords where this was the last one."""
    for limit, who in counts:
        count, wait = limit.add(who, by=WRONG - TRY)
        if count >= limit.most:
            raise limit.refusal(seconds=wait)


def end_right_try(counts: Counts) -> None:
    """The place starts anew. What others guess from elsewhere stays counted."""
    (limit, place), *others = counts
    limit.forget(place)
    for limit, who in others:
        limit.take_back(who, by=TRY)


def forget_guesses(email: str, network: str) -> None:
    """For whoever has proved to own the address."""
    for limit, who in counts_of_sign_in(email, network, None):
        limit.forget(who)
