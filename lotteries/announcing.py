"""What a lottery promises when it is announced."""

import os
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import namer
from django.conf import settings
from django.core.exceptions import ValidationError
from django.views.decorators.debug import sensitive_variables

from lotteries.models import Lottery
from lotteries.protocol import drand
from lotteries.protocol.closing import closing_time
from lotteries.protocol.seeds import seed_commitment

# What is not there yet when an admin's own words are checked.
PLANNED = ("seed", "seed_commitment", "announcement")
# What the settings decide where nobody does: LOTTERY_PRIZE, LOTTERY_TERMS and so on.
BY_DEFAULT = ("prize", "terms", "places", "ballots_each", "claim_days")


def list_defaults() -> dict[str, Any]:
    """What the settings promise of a lottery, by field."""
    return {name: getattr(settings, f"LOTTERY_{name.upper()}") for name in BY_DEFAULT}


def draft_lottery(closure_date: date, **decided: Any) -> Lottery:
    """A lottery to announce. What is None, or left out, was not decided: the settings have it."""
    promised = {name: value for name, value in decided.items() if value is not None}
    return Lottery(closure_date=closure_date, **list_defaults() | promised)


def make_up_name() -> str:
    """A name like "tan octopus lottery"."""
    return f"{namer.generate(separator=' ', category='animals')} lottery"


def no_such_closing(reason: str) -> ValidationError:
    """Of a date that is written well, but that no lottery can have."""
    return ValidationError({"closure_date": ValidationError(reason, code="unavailable")})


def plan_closing(lottery: Lottery, *, at: datetime) -> None:
    """Sets when the lottery closes. Raises ValidationError for a date that is already over."""
    lottery.time_zone = settings.TIME_ZONE
    try:
        lottery.closes_at = closing_time(lottery.closure_date, ZoneInfo(lottery.time_zone))
    except OverflowError as error:
        raise no_such_closing("Choose a date before the year 9999.") from error
    if lottery.closes_at <= at:
        raise no_such_closing("This date is over. Choose today or a later date.")


def plan_beacon(lottery: Lottery) -> None:
    """Fixes the round of the beacon, in mode drand. Raises ValidationError before its first."""
    if settings.DRAW_BEACON != "drand":
        return
    lottery.beacon_chain = drand.CHAIN
    try:
        lottery.beacon_round = drand.announced_round(lottery.closes_at, settings.BEACON_DELAY)
    except ValueError as error:
        raise no_such_closing(str(error)) from error


@sensitive_variables("seed")
def prepare_announcement(
    lottery: Lottery, *, at: datetime, random_bytes: Callable[[int], bytes] = os.urandom
) -> Lottery:
    """Completes a lottery that has its closure date, and what else was decided of it.

    It is not stored here: only ballots.life.open_lottery stores it, together with its ballot box.
    Raises ValidationError, by field, for a date that is over or out of the beacon's reach, and for
    a text or number that cannot be announced.
    """
    lottery.announced_at = at
    plan_closing(lottery, at=at)
    plan_beacon(lottery)
    lottery.name = lottery.name.strip() or make_up_name()
    lottery.clean_fields(exclude=PLANNED)  # the texts as they will be stored: they are hashed
    seed = random_bytes(32).hex()
    lottery.seed = seed
    lottery.seed_commitment = seed_commitment(lottery.id, seed)
    lottery.announcement = lottery.compute_announcement()
    return lottery
