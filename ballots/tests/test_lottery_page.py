from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from ballots.life import close_lottery
from ballots.models import BallotBox
from ballots.tests.factories import BoxFactory, draw, open_box, submit


def page_of(browser: Client, box: BallotBox) -> str:
    url = reverse("ballots:lottery", args=[box.lottery.closure_date])
    return browser.get(url).content.decode()


def test_its_address_is_its_closure_date() -> None:
    assert reverse("ballots:lottery", args=[date(2026, 12, 24)]) == "/lotteries/2026-12-24/"


def test_an_open_lottery(stranger: Client, alice: User) -> None:
    box = open_box(name="tan octopus lottery")
    submit(box, alice, 7, at=box.lottery.announced_at)
    page = page_of(stranger, box)
    assert "tan octopus lottery" in page
    assert ">open, closes <time" in page
    assert "7, by 1 participant" in page
    assert box.lottery.seed_commitment in page
    assert "At midnight at the end of" in page
    assert "00:00" in page


def test_a_closed_lottery_that_waits_for_its_draw(stranger: Client) -> None:
    page = page_of(stranger, BoxFactory.create())
    assert "closed, waiting for its draw" in page
    assert "draw follows within minutes" in page


def test_a_drawn_lottery_shows_its_winner(stranger: Client, alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 3)
    ballot = draw(box).winner
    assert ballot
    page = page_of(stranger, box)
    assert "<strong>alice</strong> won with ballot" in page
    for shown in (ballot.ballot_id, alice.participant, box.lottery.seed, box.lottery.announcement):
        assert str(shown) in page
    assert "before its time" not in page
    assert alice.email not in page


def test_a_lottery_drawn_without_ballots(stranger: Client) -> None:
    box = BoxFactory.create()
    draw(box)
    assert "Nobody took part, so nobody won." in page_of(stranger, box)


def test_a_lottery_closed_early_says_so(stranger: Client) -> None:
    box = open_box()
    close_lottery(box.lottery, early=True)
    assert "An admin closed this lottery before its time." in page_of(stranger, box)


def test_the_closing_time_is_told_in_the_time_of_the_site(
    stranger: Client, settings: Settings
) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    page = page_of(stranger, BoxFactory.create(closure_date=date(2020, 6, 1)))
    assert "2 June 2020, 00:00</time>, Asia/Tokyo" in page


def test_a_lottery_announced_in_another_zone_tells_both(
    stranger: Client, settings: Settings
) -> None:
    box = BoxFactory.create(closure_date=date(2020, 6, 1))
    settings.TIME_ZONE = "Asia/Tokyo"
    page = page_of(stranger, box)
    assert "2 June 2020, 09:00</time>, Asia/Tokyo" in page
    assert "2 June 2020, 00:00 in UTC" in page


def test_a_stranger_is_asked_to_sign_in(stranger: Client) -> None:
    box = open_box()
    url = reverse("ballots:lottery", args=[box.lottery.closure_date])
    page = page_of(stranger, box)
    assert f"{reverse('accounts:sign_in')}?next={url}" in page
    assert "Submit ballots" not in page


def test_a_participant_has_a_form(alices_browser: Client) -> None:
    page = page_of(alices_browser, open_box())
    assert "Submit ballots" in page
    assert 'max="100"' in page


def test_an_admin_has_no_form_but_links_into_the_admin(adams_browser: Client) -> None:
    box = open_box()
    page = page_of(adams_browser, box)
    assert "Submit ballots" not in page
    assert "don&#x27;t take part" in page or "don't take part" in page
    assert reverse("admin:lotteries_lottery_close", args=[box.pk]) in page
    assert f"{reverse('admin:ballots_ballot_changelist')}?box__exact={box.pk}" in page


def test_an_unknown_date_is_404_and_offers_the_nearest_ones(stranger: Client) -> None:
    for day in (1, 2, 3, 20, 21, 22):
        BoxFactory.create(closure_date=date(2020, 6, day))
    answer = stranger.get("/lotteries/2020-06-10/")
    assert answer.status_code == 404
    nearest = [lottery.closure_date.day for lottery in answer.context["nearest"]]
    assert nearest == [2, 3, 20, 21]
    assert "/lotteries/2020-06-20/" in answer.content.decode()


def test_an_unknown_date_without_any_lottery(stranger: Client) -> None:
    answer = stranger.get("/lotteries/2020-06-10/")
    assert answer.status_code == 404
    assert "No lottery closes on" in answer.content.decode()


MALFORMED = [
    "2020-02-30",
    "2020-13-01",
    "0000-00-00",
    "2020-6-1",
    "20200601",
    "99999-01-01",
    "２０２０-01-01",
    "2020-W01-1",
    "today",
    "%00",
]


@pytest.mark.parametrize("malformed", MALFORMED)
def test_a_malformed_date_is_404(stranger: Client, malformed: str) -> None:
    assert stranger.get(f"/lotteries/{malformed}/").status_code == 404


@pytest.mark.parametrize("extreme", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_404(stranger: Client, extreme: str) -> None:
    assert stranger.get(f"/lotteries/{extreme}/").status_code == 404
