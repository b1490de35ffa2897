"""The organiser's page of a lottery's places: who holds what, and what can be done about it."""

import re
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from accounts.audit.models import AuditEntry
from accounts.mail.models import Mail
from accounts.models import User
from accounts.tests.factories import UserFactory
from ballots.day_after import hand_over, pass_over
from ballots.models import Answer, BallotBox, DrawnBallot, Ground, Holding
from ballots.tests.factories import BoxFactory, draw, open_box, reload, submit

WHY = "an employee of the organiser"


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    """With two places, three people and a week to claim."""
    box = BoxFactory.create(places=2, claim_days=7, prize="A tree\nand a spade")
    for participant in (alice, bob, UserFactory.create(username="carol")):
        submit(box, participant, 2)
    draw(box)
    Holding.objects.update(told_at=timezone.now(), claim_until=timezone.now() + timedelta(days=7))
    return reload(box)


def holder(box: BallotBox, place: int = 1) -> DrawnBallot:
    found = reload(box).draw.places[place - 1].holder
    assert found
    return found


def url(name: str, box: BallotBox, number: int | None = None) -> str:
    query = f"?number={number}" if number else ""
    return reverse(f"admin:lotteries_lottery_{name}", args=[box.pk]) + query


def read(browser: Client, name: str, box: BallotBox, number: int | None = None) -> str:
    answer = browser.get(url(name, box, number))
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def place_of(page: str, number: int) -> str:
    """What the page says of one place."""
    sections = re.findall(r"<section.*?</section>", page, re.DOTALL)
    return str(sections[number - 1])


def shown(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")


def update(drawn: DrawnBallot, **values: object) -> None:
    Holding.objects.filter(drawn=drawn).update(**values)


# --- Who holds what


def test_it_shows_who_holds_each_place(adams_browser: Client, box: BallotBox) -> None:
    page = read(adams_browser, "places", box)
    assert "A tree" in page
    for place in (1, 2):
        drawn = holder(box, place)
        said = place_of(page, place)
        for part in (drawn.participant.username, str(drawn.participant_id), str(drawn.number)):
            assert part in said
        assert drawn.participant.email in said
        assert "none yet" in said


def test_the_address_is_for_those_who_may_see_accounts(
    adams_browser: Client, adam: User, box: BallotBox
) -> None:
    (group,) = adam.groups.all()
    group.permissions.remove(*group.permissions.filter(codename="view_user"))
    page = read(adams_browser, "places", box)
    assert holder(box).participant.username in page
    assert holder(box).participant.email not in page


def test_it_shows_when_they_were_told_and_until_when_they_can_claim(
    adams_browser: Client, box: BallotBox
) -> None:
    told_at = box.lottery.closes_at
    update(holder(box), told_at=told_at, claim_until=told_at + timedelta(days=7))
    said = place_of(read(adams_browser, "places", box), 1)
    assert f"on {shown(told_at)}" in said
    assert f"until {shown(told_at + timedelta(days=7))}" in said


def test_it_shows_what_became_of_the_mail(adams_browser: Client, box: BallotBox) -> None:
    drawn, at = holder(box), timezone.now()
    update(drawn, told_at=None, claim_until=None)
    mail = Mail.objects.filter(holding__drawn=drawn)
    assert "the mail waits" in place_of(read(adams_browser, "places", box), 1)
    mail.update(given_up_at=at, reason="550 No such user")
    said = place_of(read(adams_browser, "places", box), 1)
    assert "the mail was given up on" in said
    assert "550 No such user" in said
    mail.update(given_up_at=None, sent_at=at)
    assert "by mail" in place_of(read(adams_browser, "places", box), 1)


def test_it_shows_a_claim_with_its_words(adams_browser: Client, box: BallotBox) -> None:
    words = {"message": "Thank you!\n<b>See you</b>", "contact": "+31 20 123"}
    update(holder(box), answer=Answer.CLAIMED, answered_at=timezone.now(), **words)
    said = place_of(read(adams_browser, "places", box), 1)
    assert "claimed on" in said
    assert "Thank you!<br>&lt;b&gt;See you&lt;/b&gt;" in said
    assert "+31 20 123" in said


def test_it_shows_who_was_passed_over_when_why_and_by_whom(
    adams_browser: Client, adam: User, box: BallotBox
) -> None:
    first = holder(box)
    form = {"number": first.number, "ground": "ineligible", "reason": WHY}
    adams_browser.post(url("pass_over", box), form)
    said = place_of(read(adams_browser, "places", box), 1)
    assert said.index(holder(box).participant.username) < said.index(first.participant.username)
    assert f"Not eligible: {WHY}" in said
    assert "<dd>adam</dd>" in said
    at = DrawnBallot.objects.get(pk=first.pk).passed_over_at
    assert at
    assert f"Passed over on {shown(at)}" in said


def test_a_vacant_place_says_so(adams_browser: Client, alice: User) -> None:
    box = BoxFactory.create(places=2)
    submit(box, alice)
    draw(box)
    assert "Place 2: vacant" in read(adams_browser, "places", box)


@pytest.mark.parametrize("name", ["places", "hand_over", "pass_over"])
def test_a_lottery_without_holders_says_so(adams_browser: Client, name: str) -> None:
    empty = BoxFactory.create()
    draw(empty)
    for box in (open_box(), empty):
        page = read(adams_browser, name, box)
        assert "nobody holds a place" in page or "has no winner" in page


def test_the_lottery_leads_there(adams_browser: Client, box: BallotBox) -> None:
    page = reverse("ballots:lottery", args=[box.lottery.closure_date])
    for path in (url("change", box), page):
        assert url("places", box) in adams_browser.get(path).content.decode()


# --- Handed over


def test_an_admin_closes_a_place_as_handed_over(adams_browser: Client, box: BallotBox) -> None:
    number = holder(box, 2).number
    assert url("hand_over", box, number) in read(adams_browser, "places", box)
    asked = read(adams_browser, "hand_over", box, number)
    assert f"who holds it with ballot {number}" in asked
    assert "They have not claimed it on this site." in asked
    answer = adams_browser.post(url("hand_over", box), {"number": number}, follow=True)
    assert answer.redirect_chain == [(url("places", box), HTTPStatus.FOUND)]
    page = answer.content.decode()
    assert f"The prize of ballot {number} was handed over." in page
    assert "Handed over" in place_of(page, 2)
    assert url("pass_over", box, number) not in page
    assert Holding.objects.get(drawn__ballot__number=number).handed_over_at
    assert LogEntry.objects.count() == 1


def test_a_double_click_hands_over_once(adams_browser: Client, box: BallotBox) -> None:
    for _ in range(2):
        adams_browser.post(url("hand_over", box), {"number": holder(box).number})
    assert AuditEntry.objects.filter(verb="hand over").count() == 1
    assert LogEntry.objects.count() == 1


# --- Passing over


def test_it_asks_about_the_holder_of_the_address(adams_browser: Client, box: BallotBox) -> None:
    for place in (1, 2):
        drawn = holder(box, place)
        assert url("pass_over", box, drawn.number) in read(adams_browser, "places", box)
        asked = read(adams_browser, "pass_over", box, drawn.number)
        assert f"<strong>{drawn.participant.username}</strong>, who holds place {place}" in asked
        assert f'name="number" value="{drawn.number}"' in asked
        assert "has 7 days to claim from then on" in asked
        assert "Everybody can read it" in asked


def test_without_a_number_it_asks_whose_place(adams_browser: Client, box: BallotBox) -> None:
    page = read(adams_browser, "pass_over", box)
    assert "<form" not in page.partition('id="content"')[2]
    for place in (1, 2):
        assert url("pass_over", box, holder(box, place).number) in page


def test_it_shows_which_grounds_are_possible(adams_browser: Client, box: BallotBox) -> None:
    page = read(adams_browser, "pass_over", box, holder(box).number)
    assert re.findall(r'value="(\w+)" required disabled', page) == ["unreached"]
    assert "has time to claim" in page
    update(holder(box), answer=Answer.CLAIMED, answered_at=timezone.now())
    page = read(adams_browser, "pass_over", box, holder(box).number)
    assert re.findall(r'value="(\w+)" required disabled', page) == ["declined", "unreached"]
    assert "has claimed the prize" in page


def test_an_admin_passes_over(adams_browser: Client, adam: User, box: BallotBox) -> None:
    first, other = holder(box), holder(box, 2)
    form = {"number": first.number, "ground": "declined", "reason": "wrote a letter"}
    page = adams_browser.post(url("pass_over", box), form, follow=True).content.decode()
    gone = DrawnBallot.objects.exclude(passed_over_at=None).get()
    assert (gone.number, gone.ground, gone.passed_over_by) == (first.number, "declined", adam)
    done = f"The holder of ballot {first.number} was passed over."
    assert done in page
    assert url("pass_over", box, holder(box).number) in page
    assert holder(box, 2) == other
    assert LogEntry.objects.get().get_change_message() == done


def test_a_double_click_passes_over_one(adams_browser: Client, box: BallotBox) -> None:
    form = {"number": holder(box).number, "ground": "ineligible", "reason": WHY}
    for _ in range(2):
        again = adams_browser.post(url("pass_over", box), form)
    assert f"Ballot {form['number']} holds no place now" in again.content.decode()
    assert DrawnBallot.objects.exclude(passed_over_at=None).count() == 1


@pytest.mark.parametrize("name", ["pass_over", "hand_over"])
def test_an_old_form_does_nothing_and_shows_who_holds_now(
    adams_browser: Client, box: BallotBox, name: str
) -> None:
    number = holder(box).number
    pass_over(box.lottery, number=number, ground=Ground.INELIGIBLE, reason=WHY)
    form = {"number": number, "ground": "ineligible", "reason": WHY}
    page = adams_browser.post(url(name, box), form).content.decode()
    assert f"Ballot {number} holds no place now, and nothing was done." in page
    assert url(name, box, holder(box).number) in page
    assert DrawnBallot.objects.exclude(passed_over_at=None).count() == 1
    assert not Holding.objects.exclude(handed_over_at=None).exists()


def test_what_is_refused_keeps_what_was_typed(adams_browser: Client, box: BallotBox) -> None:
    form = {"number": holder(box).number, "ground": "declined", "reason": 'no "thanks"'[:9]}
    page = adams_browser.post(url("pass_over", box), form).content.decode()
    assert "Use 10 to 300 characters" in page
    assert f'value="{escape(form["reason"])}"' in page
    assert 'value="declined" required checked' in page


@pytest.mark.parametrize(
    "form",
    [{}, {"number": "x"}, {"number": "1", "reason": WHY}, {"number": "1", "ground": "unclaimed"}],
)
def test_it_says_what_is_missing(
    adams_browser: Client, box: BallotBox, form: dict[str, str]
) -> None:
    answer = adams_browser.post(url("pass_over", box), form)
    assert 'class="errorlist' in answer.content.decode()
    assert not DrawnBallot.objects.exclude(passed_over_at=None).exists()


def test_a_place_that_is_closed_is_not_passed_over(adams_browser: Client, box: BallotBox) -> None:
    number = holder(box).number
    hand_over(box.lottery, number=number)
    assert "that place stays as it is" in read(adams_browser, "pass_over", box, number)
    form = {"number": number, "ground": "ineligible", "reason": WHY}
    again = adams_browser.post(url("pass_over", box), form)
    assert "that place stays as it is" in again.content.decode()
    assert holder(box).number == number


# --- Who may


@pytest.mark.parametrize("name", ["places", "hand_over", "pass_over"])
def test_an_admin_without_the_permission_may_not(
    adams_browser: Client, adam: User, box: BallotBox, name: str
) -> None:
    adam.groups.clear()
    form = {"number": holder(box).number, "ground": "ineligible", "reason": WHY}
    assert adams_browser.get(url(name, box)).status_code == HTTPStatus.FORBIDDEN
    assert adams_browser.post(url(name, box), form).status_code == HTTPStatus.FORBIDDEN
    assert not DrawnBallot.objects.exclude(passed_over_at=None).exists()
    assert not Holding.objects.exclude(handed_over_at=None).exists()


# --- How much it costs


@pytest.mark.parametrize("places", [1, 25])
def test_it_asks_the_database_no_more_for_more_places(
    adams_browser: Client, places: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session with account, permissions (two), box, holders."""
    box = BoxFactory.create(places=places)
    for participant in UserFactory.create_batch(places):
        submit(box, participant)
    draw(box)
    read(adams_browser, "places", box)  # the first request fills the cache of content types
    with django_assert_num_queries(5):
        read(adams_browser, "places", box)
