"""The operator's command."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, draw, open_box, sealed_box, submit
from lotteries.models import Lottery


def verify(**options: Any) -> str:
    out = StringIO()
    call_command("verify_database", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def box(alice: User) -> BallotBox:
    box = BoxFactory.create(name="tan octopus lottery")
    submit(box, alice, 3)
    draw(box)
    return box


def test_it_names_what_it_verified(box: BallotBox, alice: User) -> None:
    open_box()
    sealed_box((alice, 2))
    first, second = verify().splitlines()
    assert (
        first
        == f"{box.lottery.closure_date} tan octopus lottery: 3 ballots and their draw verified"
    )
    assert second.endswith("2 ballots and their seal verified")


def test_it_ends_with_an_error_where_anything_differs(box: BallotBox) -> None:
    Lottery.objects.update(seed="1" * 64)
    out = StringIO()
    with pytest.raises(CommandError, match=f"Not as they must be: {box.lottery.closure_date}"):
        call_command("verify_database", stdout=out)
    assert "DIFFERS. The seed" in out.getvalue()


def test_one_date(box: BallotBox, alice: User) -> None:
    other = BoxFactory.create()
    draw(other)
    Lottery.objects.filter(pk=other.pk).update(seed="1" * 64)
    assert "verified" in verify(date=box.lottery.closure_date)


def test_a_date_without_a_sealed_lottery(db: None) -> None:
    box = open_box()
    with pytest.raises(CommandError, match="is not sealed yet"):
        verify(date=box.lottery.closure_date)


def test_an_empty_draw_is_verified_too(db: None) -> None:
    draw(BoxFactory.create())
    assert "0 ballots and their draw verified" in verify()


def test_values_of_no_format_are_named(box: BallotBox) -> None:
    Lottery.objects.update(time_zone="Mars/Phobos", seed="é" * 64)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_database", stdout=out)
    assert out.getvalue().count("A value is not in its format") >= 1
