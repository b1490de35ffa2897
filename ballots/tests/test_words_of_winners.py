"""What a winner writes to the organiser is private, and goes after a time."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.closing import close_account
from accounts.models import User
from ballots.claiming import claim
from ballots.cleaning import delete_old_words
from ballots.models import BallotBox
from ballots.tests.winning import WORDS, drawn_box, holding_of, page

DAY = timedelta(days=1)


@pytest.fixture
def box(alice: User) -> BallotBox:
    box = drawn_box((alice, 1))
    claim(box.lottery, alice, **WORDS, clock=lambda: box.lottery.closes_at)
    return box


def words(box: BallotBox, user: User) -> dict[str, str]:
    holding = holding_of(box, user)
    assert holding.is_claimed
    return {"contact": holding.contact, "message": holding.message}


def test_they_go_when_they_are_old(box: BallotBox, alice: User, settings: Settings) -> None:
    settings.CLAIM_MESSAGE_DAYS = 30
    delete_old_words(at=box.lottery.closes_at + 30 * DAY - timedelta(seconds=1))
    assert words(box, alice) == WORDS
    delete_old_words(at=box.lottery.closes_at + 30 * DAY)
    assert words(box, alice) == {"contact": "", "message": ""}


def test_the_schedule_deletes_them(box: BallotBox, alice: User) -> None:
    recent = drawn_box((alice, 1))
    claim(recent.lottery, alice, **WORDS, clock=lambda: timezone.now() - DAY)
    call_command("close_lotteries")
    assert words(box, alice) == {"contact": "", "message": ""}
    assert words(recent, alice) == WORDS


def test_they_go_with_the_account(box: BallotBox, alice: User, bob: User) -> None:
    others = drawn_box((bob, 1))
    claim(others.lottery, bob, **WORDS)
    close_account(alice)
    assert words(box, alice) == {"contact": "", "message": ""}
    assert words(others, bob) == WORDS


def test_they_are_in_nothing_public(stranger: Client, box: BallotBox) -> None:
    for name in ("lottery", "record", "check"):
        content = stranger.get(page(box, name)).content.decode()
        assert not any(text in content for text in WORDS.values())
