"""The operator's command."""

import sys
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from ballots.life import draw_lottery
from ballots.models import BallotBox
from ballots.tests.factories import ANSWER, ROUND, BoxFactory, draw, open_box, sealed_box, submit
from ballots.tests.undoing import undone
from lotteries.models import Lottery
from lotteries.protocol import drand


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
    first, second, third = verify().splitlines()
    assert (
        first == f"{box.lottery.closure_date} tan octopus lottery: 3 ballots and the draw verified"
    )
    assert second.endswith("2 ballots and the seal verified")
    assert third.endswith("0 ballots and the log verified")


def test_it_ends_with_an_error_where_anything_differs(box: BallotBox) -> None:
    Lottery.objects.update(seed="1" * 64)
    out = StringIO()
    with pytest.raises(CommandError, match=f"or not checked: {box.lottery.closure_date}"):
        call_command("verify_database", stdout=out)
    assert "DIFFERS. The seed" in out.getvalue()


def test_one_date(box: BallotBox, alice: User) -> None:
    other = BoxFactory.create()
    draw(other)
    Lottery.objects.filter(pk=other.pk).update(seed="1" * 64)
    assert "verified" in verify(date=box.lottery.closure_date)


def test_a_date_without_a_lottery(db: None) -> None:
    with pytest.raises(CommandError, match="There is no lottery that closes on 2020-01-01"):
        verify(date=date(2020, 1, 1))


def test_nothing_to_verify_is_said(db: None) -> None:
    assert verify() == "There is no lottery to verify.\n"


def test_its_former_name_does_the_same(box: BallotBox) -> None:
    out = StringIO()
    call_command("verify_draws", stdout=out)
    assert out.getvalue() == verify()


def test_a_box_that_is_drawn_and_not_sealed_is_not_skipped(box: BallotBox) -> None:
    BallotBox.objects.update(sealed_at=None)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_database", stdout=out)
    assert "DIFFERS. It is drawn, but it is not sealed." in out.getvalue()


def test_a_damaged_lottery_hides_no_other(box: BallotBox, alice: User) -> None:
    other = BoxFactory.create()
    BallotBox.objects.filter(pk=other.pk).delete()
    out = StringIO()
    with pytest.raises(CommandError, match=str(other.lottery.closure_date)):
        call_command("verify_database", stdout=out)
    assert "DIFFERS. It has no ballot box." in out.getvalue()
    assert "3 ballots and the draw verified" in out.getvalue()


def test_rows_that_belong_to_nothing_are_named(box: BallotBox) -> None:
    out = StringIO()
    with undone():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM lotteries_lottery")
        with pytest.raises(CommandError, match="rows that belong to nothing"):
            call_command("verify_database", stdout=out)
    assert out.getvalue() == "DIFFERS. 1 of the ballot boxes have no lottery.\n"


def test_without_the_package_it_says_what_it_did_not_check(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = sealed_box((alice, 3))
    draw_lottery(box.lottery, ANSWER, clock=lambda: drand.round_time(ROUND))
    assert "3 ballots and the draw verified" in verify()
    monkeypatch.setitem(sys.modules, drand.LIBRARY, None)
    out = StringIO()
    with pytest.raises(CommandError, match="or not checked: 2023-09-14"):
        call_command("verify_database", stdout=out)
    assert "NOT CHECKED. Whether the beacon signed its round" in out.getvalue()


def test_an_empty_draw_is_verified_too(db: None) -> None:
    draw(BoxFactory.create())
    assert "0 ballots and the draw verified" in verify()


def test_values_of_no_format_are_named(box: BallotBox) -> None:
    Lottery.objects.update(time_zone="Mars/Phobos", seed="é" * 64)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_database", stdout=out)
    assert out.getvalue().count("A value is not in its format") >= 1
