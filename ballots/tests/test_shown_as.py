"""A participant is shown as they chose before the draw, and a draw keeps what it showed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choosing import change_username, choose
from accounts.closing import close_account
from accounts.models import User
from ballots.models import Answer, BallotBox, Holding
from ballots.tests.factories import BoxFactory, draw, submit


@pytest.fixture
def box(alice: User) -> BallotBox:
    """With a ballot of alice, not drawn."""
    box = BoxFactory.create()
    submit(box, alice)
    return box


def see(browser: Client, box: BallotBox) -> tuple[Any, str]:
    """The username in the record, and the page of the lottery."""
    day = [box.lottery.closure_date]
    (drawn,) = browser.get(reverse("ballots:record", args=day)).json()["drawn"]
    page = browser.get(reverse("ballots:lottery", args=day)).content.decode()
    return drawn["username"], page


def test_with_the_username_unless_they_choose(stranger: Client, box: BallotBox) -> None:
    draw(box)
    username, page = see(stranger, box)
    assert username == "alice"
    assert "alice" in page


def test_by_the_code_alone_where_they_chose_it(
    stranger: Client, alice: User, box: BallotBox
) -> None:
    choose(alice, is_shown_by_code=True)
    draw(box)
    username, page = see(stranger, box)
    assert username is None
    assert str(alice.pk) in page
    assert "alice" not in page


@pytest.mark.parametrize("is_shown_by_code", [True, False])
def test_another_choice_or_name_after_the_draw_changes_nothing_public(
    stranger: Client, alice: User, box: BallotBox, is_shown_by_code: bool
) -> None:
    choose(alice, is_shown_by_code=is_shown_by_code)
    draw(box)
    Holding.objects.update(answer=Answer.DECLINED, answered_at=timezone.now())
    declined = see(stranger, box)
    choose(alice, is_shown_by_code=not is_shown_by_code)
    change_username(alice, "somebody else")
    assert see(stranger, box) == declined
    close_account(User.objects.get())
    assert see(stranger, box) == declined
