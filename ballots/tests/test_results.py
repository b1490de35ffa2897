from datetime import date

from django.test import Client
from django.urls import reverse

from accounts.models import User
from ballots.paging import PAGE_SIZE
from ballots.tests.factories import BoxFactory, draw, open_box, submit

RESULTS = reverse("ballots:results")


def test_it_lists_what_is_drawn_newest_first(stranger: Client, alice: User) -> None:
    open_box()
    BoxFactory.create()
    boxes = BoxFactory.create_batch(3)
    submit(boxes[1], alice, 12)
    for box in boxes:
        draw(box)
    answer = stranger.get(RESULTS)
    assert answer.context["boxes"] == boxes[::-1]
    page = answer.content.decode()
    assert "alice" in page
    assert page.count("no ballots") == 2


def test_it_leads_from_page_to_page(stranger: Client) -> None:
    boxes = BoxFactory.create_batch(PAGE_SIZE + 1)[::-1]
    for box in boxes:
        draw(box)
    last = boxes[PAGE_SIZE - 1].lottery.closure_date
    assert f"?before={last}" in stranger.get(RESULTS).content.decode()
    second = stranger.get(RESULTS, {"before": str(last)})
    assert second.context["boxes"] == boxes[PAGE_SIZE:]
    assert "Older results" not in second.content.decode()


def test_any_date_can_be_asked_for(stranger: Client) -> None:
    answer = stranger.get(RESULTS, {"date": "2020-06-01"})
    assert answer.headers["Location"] == reverse("ballots:lottery", args=[date(2020, 6, 1)])


def test_a_malformed_date_is_no_page(stranger: Client) -> None:
    for name in ("date", "before"):
        assert stranger.get(RESULTS, {name: "2020-02-30"}).status_code == 404


def test_an_empty_date_field_shows_the_results(stranger: Client) -> None:
    assert stranger.get(RESULTS, {"date": ""}).status_code == 200
