"""All that is announced is in its hash, and is hashed as it is stored."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis.strategies import text
from pytest_django import Settings

from accounts.shared.texts import canonical_text
from lotteries.announcing import draft_lottery
from lotteries.models import Lottery
from lotteries.tests.factories import announce

NOON = datetime(2020, 2, 29, 12, tzinfo=UTC)
CHANGES: dict[str, Callable[[Any], Any]] = {
    "id": lambda _: UUID(int=1),
    "name": lambda name: f"{name}x",
    "prize": lambda prize: f"{prize}x",
    "terms": lambda terms: f"{terms}\nx",
    "places": lambda places: places + 1,
    "ballots_each": lambda most: most + 1,
    "claim_days": lambda days: days + 1,
    "closure_date": lambda day: day + timedelta(days=1),
    "time_zone": lambda _: "Europe/Amsterdam",
    "closes_at": lambda at: at + timedelta(seconds=1),
    "announced_at": lambda at: at + timedelta(seconds=1),
    "beacon_round": lambda _: 1,
    "seed_commitment": lambda commitment: commitment[::-1],
}
# The seed is bound by its commitment, the chain by the round, and the hash is no promise.
NOT_PROMISED = {"seed", "beacon_chain", "announcement"}


def announce_lottery(**promises: Any) -> Lottery:
    lottery = announce(Lottery(closure_date=date(2020, 2, 29), **promises), at=NOON)
    return Lottery.objects.get(pk=lottery.pk)


@pytest.mark.django_db
def test_the_hash_changes_with_each_promise() -> None:
    lottery = announce_lottery(name="Leap", prize="A bicycle", terms="Adults")
    assert set(CHANGES) == {field.name for field in Lottery._meta.fields} - NOT_PROMISED
    assert lottery.announcement == lottery.compute_announcement()
    hashes = {lottery.announcement}
    for name, change in CHANGES.items():
        before = getattr(lottery, name)
        setattr(lottery, name, change(before))
        hashes.add(lottery.compute_announcement())
        setattr(lottery, name, before)
    assert len(hashes) == 1 + len(CHANGES)
    assert lottery.compute_announcement() == lottery.announcement


@pytest.mark.django_db
def test_the_same_words_in_other_fields_are_other_promises() -> None:
    lottery = announce_lottery(name="x", prize="a\nb", terms="")
    hashes = set()
    for prize, terms in (("a\nb", ""), ("a", "b"), ("", "a\nb"), ("a\n", "b")):
        lottery.prize, lottery.terms = prize, terms
        hashes.add(lottery.compute_announcement())
    assert len(hashes) == 4


@given(text())
def test_a_text_in_its_form_stays_as_it_is(typed: str) -> None:
    kept = canonical_text(typed)
    assert canonical_text(kept) == kept
    assert "\r" not in kept
    assert "\t" not in kept


def test_line_ends_of_browsers_do_not_count() -> None:
    lines = "x" * 9 + "\r\n"
    assert len(canonical_text(lines * 2000)) == 19_999


@pytest.mark.parametrize(
    ("prize", "headline"),
    [
        ("", ""),
        ("A bicycle", "A bicycle"),
        ("A bicycle\nand a bell", "A bicycle"),
        ("x" * 101, "x" * 99 + "…"),
        ("x" * 100 + "\ny", "x" * 100),
    ],
)
def test_the_headline_is_the_first_line(prize: str, headline: str) -> None:
    assert Lottery(prize=prize).headline == headline


def test_a_draft_has_what_was_decided_and_else_what_the_settings_say(settings: Settings) -> None:
    settings.LOTTERY_PRIZE, settings.LOTTERY_PLACES = "A bicycle", 3
    lottery = draft_lottery(date(2020, 2, 29), terms="Adults", places=None, claim_days=0)
    assert (lottery.prize, lottery.terms, lottery.places) == ("A bicycle", "Adults", 3)
    assert draft_lottery(date(2020, 2, 29), prize="").prize == ""
