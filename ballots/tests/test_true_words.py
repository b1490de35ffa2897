"""What pages say of a draw holds in the mode of the lottery that they speak of."""

from datetime import timedelta

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from ballots.life import close_lottery, draw_lottery
from ballots.models import BallotBox
from ballots.tests.factories import (
    ANSWER,
    ROUND,
    BoxFactory,
    beacon_box,
    draw,
    open_box,
    sealed_box,
    submit,
)
from lotteries.protocol import drand

HEADLINE = "A lottery that anyone can join, with a draw that anyone can check"
STEERED = "whoever could read the seed before closing could have steered the draw"
SEED_ALONE = "whether somebody who could read the seed before closing added ballots to steer it"
NOBODY = "nobody could know the result while ballots were taken"
IN_SIGHT = "with the result in sight, is our word alone"


def words(client: Client, name: str, box: BallotBox | None = None) -> str:
    args = [box.lottery.closure_date] if box else []
    return " ".join(client.get(reverse(f"ballots:{name}", args=args)).content.decode().split())


def of_a_draw(client: Client, box: BallotBox) -> list[set[str]]:
    """Which claims its page and its check make."""
    pages = [words(client, "lottery", box), words(client, "check", box)]
    return [{claim for claim in (STEERED, NOBODY, IN_SIGHT) if claim in page} for page in pages]


@pytest.mark.parametrize("mode", ["none", "drand"])
def test_the_headline_holds_in_both_modes(settings: Settings, stranger: Client, mode: str) -> None:
    settings.DRAW_BEACON = mode
    assert f"<h1>{HEADLINE}</h1>" in words(stranger, "home")
    readme = (project.BASE_DIR / "README.md").read_text()
    assert readme.split("\n\n")[1].startswith(f"{HEADLINE}.")
    assert "rig" not in words(stranger, "home").split()


def test_the_home_speaks_of_the_next_lottery(settings: Settings, stranger: Client) -> None:
    assert SEED_ALONE in words(stranger, "home")
    settings.DRAW_BEACON = "drand"
    assert SEED_ALONE not in words(stranger, "home")
    assert "nobody can choose who wins" in words(stranger, "home")
    settings.DRAW_BEACON = "none"
    open_box()
    settings.DRAW_BEACON = "drand"
    assert SEED_ALONE in words(stranger, "home")
    assert "nobody can choose who wins" not in words(stranger, "home")


def test_a_draw_without_a_beacon(stranger: Client, alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 3)
    draw(box)
    assert of_a_draw(stranger, box) == [{STEERED}] * 2


def test_a_draw_without_a_beacon_that_was_sealed_late(stranger: Client, alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 3)
    draw(box, at=box.lottery.closes_at + timedelta(hours=1))
    assert of_a_draw(stranger, box) == [{STEERED}] * 2
    assert "This lottery was sealed late." in words(stranger, "lottery", box)


def test_a_draw_with_a_beacon(stranger: Client, alice: User) -> None:
    box = sealed_box((alice, 3))
    assert NOBODY in words(stranger, "lottery", box)
    draw_lottery(box.lottery, ANSWER, clock=lambda: drand.round_time(ROUND))
    assert of_a_draw(stranger, box) == [{NOBODY}] * 2
    assert "py_arkworks_bls12381" in words(stranger, "check", box)


def test_a_draw_with_a_beacon_that_was_sealed_late(stranger: Client, alice: User) -> None:
    box = beacon_box()
    submit(box, alice, 3)
    at = drand.round_time(ROUND) + timedelta(seconds=1)
    close_lottery(box.lottery, clock=lambda: at)
    draw_lottery(box.lottery, ANSWER, clock=lambda: at)
    assert of_a_draw(stranger, box) == [{IN_SIGHT}] * 2


def test_without_ballots_nothing_is_claimed(stranger: Client) -> None:
    box = BoxFactory.create()
    draw(box)
    assert of_a_draw(stranger, box) == [set()] * 2


@pytest.mark.parametrize(("mode", "said"), [("none", "no beacon"), ("drand", "the beacon drand")])
def test_the_page_on_fairness_speaks_of_both(
    settings: Settings, stranger: Client, mode: str, said: str
) -> None:
    settings.DRAW_BEACON = mode
    page = words(stranger, "fairness")
    assert f"Lotteries that are announced now have {said};" in page
    assert "In a lottery without a beacon, someone who can read the seed" in page
    assert "In one with a beacon that was sealed late" in page
