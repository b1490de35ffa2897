"""The list of the places, over all lotteries, that wait for an answer or for their prize."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.mail.models import Mail
from accounts.models import User
from ballots.day_after import hand_over, pass_over
from ballots.models import Answer, Ground, Holding
from ballots.tests.factories import BoxFactory, draw, submit
from lotteries.models import Lottery

LIST = reverse("admin:ballots_holding_changelist")


@pytest.fixture
def holdings(alice: User, bob: User) -> dict[str, Holding]:
    """Of four lotteries, by what became of them; who was passed over left a place behind."""
    made = {}
    for kind in ("unanswered", "claimed", "handed over", "passed over"):
        box = BoxFactory.create(name=f"the {kind} one")
        submit(box, bob if kind == "claimed" else alice)
        made[kind] = Holding.objects.get(drawn__draw=draw(box))
    claimed = Holding.objects.filter(pk=made["claimed"].pk)
    claimed.update(answer=Answer.CLAIMED, answered_at=timezone.now())
    hand_over(lottery_of(made["handed over"]), number=1)
    gone = lottery_of(made["passed over"])
    pass_over(gone, number=1, ground=Ground.INELIGIBLE, reason="an employee of the organiser")
    return made


def lottery_of(holding: Holding) -> Lottery:
    return holding.drawn.draw.box.lottery


def found(browser: Client, **query: str) -> set[Holding]:
    answer = browser.get(LIST, query)
    assert answer.status_code == HTTPStatus.OK
    return set(answer.context["cl"].result_list)


def test_it_has_those_that_wait_for_something(
    adams_browser: Client, holdings: dict[str, Holding]
) -> None:
    assert found(adams_browser) == {holdings["unanswered"], holdings["claimed"]}
    page = adams_browser.get(LIST).content.decode()
    for shown in ("Places that wait", "alice", "bob", "the claimed one", "none yet", "claimed"):
        assert shown in page


@pytest.mark.parametrize(("waits_for", "kind"), [("answer", "unanswered"), ("prize", "claimed")])
def test_it_is_filtered_by_what_they_wait_for(
    adams_browser: Client, holdings: dict[str, Holding], waits_for: str, kind: str
) -> None:
    assert found(adams_browser, waits_for=waits_for) == {holdings[kind]}


@pytest.mark.parametrize("query", ["BOB", "the claimed"])
def test_it_is_searched_by_username_and_name(
    adams_browser: Client, holdings: dict[str, Holding], query: str
) -> None:
    assert found(adams_browser, q=query) == {holdings["claimed"]}


def test_it_shows_what_became_of_the_mail(
    adams_browser: Client, holdings: dict[str, Holding]
) -> None:
    mail = Mail.objects.filter(holding=holdings["claimed"])
    assert "waits</td>" in adams_browser.get(LIST, {"q": "bob"}).content.decode()
    mail.update(given_up_at=timezone.now())
    assert "given up</td>" in adams_browser.get(LIST, {"q": "bob"}).content.decode()


def test_each_leads_to_the_places_of_its_lottery(
    adams_browser: Client, holdings: dict[str, Holding]
) -> None:
    link = reverse("admin:ballots_holding_change", args=[holdings["claimed"].pk])
    assert link in adams_browser.get(LIST).content.decode()
    places = reverse("admin:lotteries_lottery_places", args=[holdings["claimed"].drawn.draw_id])
    assert adams_browser.get(link).headers["Location"] == places


def test_the_start_page_of_the_admin_leads_there(adams_browser: Client) -> None:
    assert f'href="{LIST}"' in adams_browser.get(reverse("admin:index")).content.decode()


def test_it_is_for_those_who_may_pass_over(
    adams_browser: Client, adam: User, alices_browser: Client, holdings: dict[str, Holding]
) -> None:
    assert alices_browser.get(LIST).status_code == HTTPStatus.FOUND
    adam.groups.clear()
    link = reverse("admin:ballots_holding_change", args=[holdings["claimed"].pk])
    for address in (LIST, link):
        assert adams_browser.get(address).status_code == HTTPStatus.FORBIDDEN


def test_nobody_adds_changes_or_deletes_there(
    adams_browser: Client, roots_browser: Client, holdings: dict[str, Holding]
) -> None:
    key = holdings["claimed"].pk
    delete = reverse("admin:ballots_holding_delete", args=[key])
    for browser in (adams_browser, roots_browser):
        for address in (reverse("admin:ballots_holding_add"), delete):
            assert browser.post(address, {"post": "yes"}).status_code == HTTPStatus.FORBIDDEN
    assert Holding.objects.count() == 4
