"""Relays of the beacon on good days and on bad ones, asked by the scheduled command."""

import logging
from contextlib import ExitStack
from io import StringIO
from time import monotonic

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import User
from ballots.models import BallotBox, Draw
from ballots.tests.beacon_answers import OTHER
from ballots.tests.factories import (
    ANSWER,
    ROUND,
    SIGNATURE,
    BoxFactory,
    beacon_box,
    draw,
    open_box,
    sealed_box,
    submit,
)
from ballots.tests.relay import (
    Behaviour,
    answering,
    cut_off,
    endless,
    in_turn,
    relay,
    silent,
    slow_body,
    slow_headers,
)
from lotteries.protocol import drand

GOOD = answering()
FORGED = "8" + SIGNATURE[1:]
BAD_DAYS: dict[str, Behaviour] = {
    "another round": answering(ANSWER | {"round": ROUND - 1}),
    "another chain": answering(ANSWER | {"signature": "a" * 192, "previous_signature": "b" * 192}),
    "a forged signature": answering(
        ANSWER | {"signature": FORGED, "randomness": drand.randomness(FORGED)}
    ),
    "a swapped signature": answering(
        ANSWER | {"signature": OTHER, "randomness": drand.randomness(OTHER)}
    ),
    "a malformed signature": answering(ANSWER | {"signature": "no hex"}),
    "other randomness": answering(ANSWER | {"randomness": "0" * 64}),
    "too early": answering({"error": "too early"}, 425),
    "an error": answering({}, 500),
    "no JSON": answering(b"<html>"),
    "no text": answering(b"\xff\xfe\x00"),
    "deep JSON": answering(b"[" * 4000),
    "a list": answering([]),
    "an endless body": endless,
    "a cut connection": cut_off,
    "no answer": silent,
    "a redirect": answering({}, 302, Location="/elsewhere"),
}
SLOW_DAYS: dict[str, Behaviour] = {"a slow body": slow_body, "slow headers": slow_headers}


@pytest.fixture
def box(alice: User) -> BallotBox:
    return sealed_box((alice, 5))


@pytest.fixture(autouse=True)
def _no_waiting(settings: Settings) -> None:
    settings.BEACON_WAIT = 0


def close(settings: Settings, *behaviours: Behaviour) -> str:
    """What close_lotteries says with these relays."""
    out = StringIO()
    with ExitStack() as relays:
        settings.BEACON_RELAYS = [relays.enter_context(relay(each)) for each in behaviours]
        call_command("close_lotteries", stdout=out)
    return out.getvalue()


def test_the_relay_of_a_good_day(settings: Settings, box: BallotBox) -> None:
    assert "of alice wins" in close(settings, GOOD)
    assert Draw.objects.get().beacon_signature == SIGNATURE


@pytest.mark.once
@pytest.mark.parametrize("day", BAD_DAYS)
def test_after_a_bad_relay_the_next_is_asked(settings: Settings, box: BallotBox, day: str) -> None:
    assert "of alice wins" in close(settings, BAD_DAYS[day], GOOD)
    assert Draw.objects.get().beacon_signature == SIGNATURE


@pytest.mark.once
@pytest.mark.parametrize("day", BAD_DAYS)
def test_with_bad_relays_alone_the_draw_stays_pending(
    settings: Settings, box: BallotBox, day: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(CommandError, match="Not drawn: 2023-09-14"):
        close(settings, BAD_DAYS[day])
    assert not Draw.objects.exists()
    assert "No relay gave the round of the beacon. http://127.0.0.1:" in caplog.text


@pytest.mark.once
@pytest.mark.parametrize("day", SLOW_DAYS)
def test_a_slow_relay_is_left_in_time(settings: Settings, box: BallotBox, day: str) -> None:
    start = monotonic()
    assert "of alice wins" in close(settings, SLOW_DAYS[day], GOOD)
    assert monotonic() - start < 15


def test_all_down_and_back_again(settings: Settings, box: BallotBox) -> None:
    settings.BEACON_RELAYS = ["http://127.0.0.1:9", "http://127.0.0.1:9"]
    with pytest.raises(CommandError, match="Not drawn"):
        call_command("close_lotteries", stdout=StringIO())
    assert "of alice wins" in close(settings, GOOD)


def test_it_asks_again_until_its_time_is_up(settings: Settings, box: BallotBox) -> None:
    settings.BEACON_WAIT = 30
    too_early = BAD_DAYS["too early"]
    assert "of alice wins" in close(settings, in_turn(too_early, too_early, GOOD))


def test_a_round_far_ahead_is_left_to_a_later_run(settings: Settings, alice: User) -> None:
    settings.DRAW_BEACON = "drand"
    box = open_box()
    submit(box, alice)
    out = StringIO()
    call_command("close_lotteries", date=box.lottery.closure_date, early=True, stdout=out)
    assert f"Round {box.lottery.beacon_round} of the beacon" in out.getvalue()
    assert not Draw.objects.exists()


def test_one_that_fails_does_not_stop_the_others(
    settings: Settings, box: BallotBox, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    """A second lottery waits for a round that the relay does not have."""
    other = beacon_box(closure_date=box.lottery.closure_date.replace(day=13))
    submit(other, alice)
    with caplog.at_level(logging.ERROR), pytest.raises(CommandError, match="Not drawn: 2023-09-13"):
        close(settings, GOOD)
    assert [made.pk for made in Draw.objects.all()] == [box.pk]


def test_without_a_beacon_nobody_is_asked(settings: Settings, alice: User) -> None:
    settings.BEACON_RELAYS = ["http://127.0.0.1:9"]
    box = BoxFactory.create()
    submit(box, alice)
    out = StringIO()
    call_command("close_lotteries", stdout=out)
    assert "Ballot 1 of alice wins." in out.getvalue()
    assert draw(box).winner
