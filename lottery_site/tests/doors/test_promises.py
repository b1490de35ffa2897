"""What a lottery promises is taken, kept and refused alike at every door."""

import hashlib
import unicodedata
from typing import Any

import pytest
from pytest_django import Settings

from accounts.tests.asking import ask
from ballots.public.records import record
from lotteries.models import Lottery
from lottery_site.tests.doors.announcing import DOORS, announce, organiser

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TYPED = [
    ("A bicycle", "A bicycle"),
    ("", ""),
    (" \t\n ", ""),
    ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
    ("\n\nfirst\n\nthird  \t \n", "first\n\nthird"),
    ("a\tb\u00a0 c ", "a b c"),
    ("E\u0301e\u0301n kistje", "Één kistje"),
    (
        "<b>5 & 6</b> https://a.example/?a=1&region=2",
        "<b>5 & 6</b> https://a.example/?a=1&region=2",
    ),
]
BAD = [
    ({"prize": "x" * 2001}, "prize", "at most 2000 characters (it has 2001)"),
    ({"terms": "x" * 20_001}, "terms", "at most 20000 characters (it has 20001)"),
    ({"prize": "a\x07b"}, "prize", "Leave out U+0007"),
    ({"terms": "fine\nright \u202eto left"}, "terms", "Leave out U+202E"),
    ({"terms": "a\u2028b"}, "terms", "Leave out U+2028"),
    ({"prize": "\u0301"}, "prize", "Start with a character that can be seen"),
    *(
        ({"places": value}, "places", f"'{value}' is not a whole number from 1 to 100.")
        for value in ("0", "101", "-1", "1e1", "1.0", "1_0", "ten", "９", "true")
    ),
    *(
        ({"ballots_each": value}, "each", f"'{value}' is not a whole number from 0 to 1000000.")
        for value in ("-1", "1000001", "1e1")
    ),
    *(
        ({"claim_days": value}, "claim", f"'{value}' is not a whole number from 0 to 366.")
        for value in ("-1", "367", "0x1")
    ),
    ({"places": "9" * 30}, "places", f"'{'9' * 20}…' is not a whole number from 1 to 100."),
]
GIVEN = {"places": 7, "ballots_each": 5, "claim_days": 14}


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(("typed", "kept"), TYPED)
def test_a_text_is_kept_as_it_is_published_and_hashed(door: str, typed: str, kept: str) -> None:
    lottery, said = announce(door, prize=typed, terms=typed)
    assert lottery, said
    assert (lottery.prize, lottery.terms) == (kept, kept)
    assert unicodedata.is_normalized("NFC", lottery.prize)
    published = record(lottery.box)
    assert (published["prize"], published["terms"]) == (lottery.prize, lottery.terms)
    hashes = [hashlib.sha256(published[name].encode()).hexdigest() for name in ("prize", "terms")]
    assert "\n".join(hashes) in lottery.announcement_text.decode()
    hashed = hashlib.sha256(lottery.announcement_text).hexdigest()
    assert lottery.announcement == published["announcement"] == hashed


@pytest.mark.parametrize(("promises", "name", "message"), BAD)
def test_what_cannot_be_promised_is_refused_in_the_same_words(
    door: str, promises: dict[str, Any], name: str, message: str
) -> None:
    lottery, said = announce(door, **promises)
    assert lottery is None
    assert message in said
    assert name in said.lower()
    assert "onstraint" not in said


def test_what_is_given_is_promised(door: str) -> None:
    lottery, said = announce(door, prize="A bell", terms="None", **GIVEN)
    assert lottery, said
    assert {name: getattr(lottery, name) for name in GIVEN} == GIVEN


def test_what_nobody_decides_is_as_the_settings_say(door: str, settings: Settings) -> None:
    settings.LOTTERY_PRIZE, settings.LOTTERY_TERMS = "A bicycle\nand a bell", "Adults"
    settings.LOTTERY_PLACES, settings.LOTTERY_BALLOTS_EACH = 3, 10
    settings.LOTTERY_CLAIM_DAYS = 14
    lottery, said = announce(door)
    assert lottery, said
    assert (lottery.prize, lottery.terms) == ("A bicycle\nand a bell", "Adults")
    assert (lottery.places, lottery.ballots_each, lottery.claim_days) == (3, 10, 14)


def test_nothing_is_a_prize_too(door: str, settings: Settings) -> None:
    settings.LOTTERY_PRIZE = settings.LOTTERY_TERMS = "By default"
    settings.LOTTERY_CLAIM_DAYS = 14
    lottery, said = announce(door, prize="", claim_days=0)
    assert lottery, said
    assert (lottery.prize, lottery.terms, lottery.claim_days) == ("", "By default", 0)


def test_null_in_the_api_is_as_if_it_were_left_out(settings: Settings) -> None:
    settings.LOTTERY_PRIZE, settings.LOTTERY_PLACES = "By default", 3
    lottery, said = announce("api", prize=None, terms=None, places=None, ballots_each=None)
    assert lottery, said
    assert (lottery.prize, lottery.places) == ("By default", 3)


@pytest.mark.parametrize("value", [0, 101, 1.0, True, [], {}, "", 10**30])
def test_what_is_no_number_in_the_api(value: Any) -> None:
    lottery, said = announce("api", places=value)
    assert lottery is None
    assert "is not a whole number from 1 to 100." in said


def test_a_line_break_can_be_typed_in_a_command() -> None:
    lottery, _ = announce("command", prize=r"A bicycle\nand a bell")
    assert lottery
    assert lottery.prize == "A bicycle\nand a bell"


def test_a_bad_option_is_refused_also_where_nothing_is_missing() -> None:
    announce("command")
    _, said = announce("command", places="0")
    assert "is not a whole number from 1 to 100." in said


def test_no_door_changes_what_was_announced() -> None:
    lottery, _ = announce("admin", prize="A bell")
    assert lottery
    path = f"/lotteries/{lottery.closure_date}"
    for method in ("PUT", "PATCH", "POST"):
        assert ask(method, path, organiser(), body={"prize": "x"}).status_code == 405
    announce("admin", prize="Another bell", closure_date=str(lottery.closure_date))
    announce("command", prize="Another bell")
    assert Lottery.objects.get().prize == "A bell"
