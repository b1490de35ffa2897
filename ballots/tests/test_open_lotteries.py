from django.test import Client
from django.urls import reverse

from ballots.life import close_lottery
from ballots.models import BallotBox
from ballots.paging import PAGE_SIZE
from ballots.tests.factories import BoxFactory, open_box

OPEN_LOTTERIES = reverse("ballots:open_lotteries")


def test_it_lists_what_is_open_soonest_first(stranger: Client) -> None:
    BoxFactory.create(name="closed and waiting")
    close_lottery(open_box(days=3).lottery, early=True)
    boxes = [open_box(days=days) for days in (2, 1)]
    assert stranger.get(OPEN_LOTTERIES).context["boxes"] == boxes[::-1]


def test_it_leads_from_page_to_page(stranger: Client) -> None:
    boxes = [open_box(days=days) for days in range(1, PAGE_SIZE + 2)]
    first = stranger.get(OPEN_LOTTERIES)
    assert first.context["boxes"] == boxes[:PAGE_SIZE]
    last = boxes[PAGE_SIZE - 1].lottery.closure_date
    assert f"?after={last}" in first.content.decode()
    second = stranger.get(OPEN_LOTTERIES, {"after": str(last)})
    assert second.context["boxes"] == boxes[PAGE_SIZE:]
    assert "?after=" not in second.content.decode()


def test_without_open_lotteries_it_says_so(stranger: Client) -> None:
    assert "No lottery is open" in stranger.get(OPEN_LOTTERIES).content.decode()


def test_a_malformed_date_is_no_page(stranger: Client) -> None:
    for after in ("tomorrow", "2020-02-30", "\0", "' OR 1"):
        assert stranger.get(OPEN_LOTTERIES, {"after": after}).status_code == 404
    assert BallotBox.objects.count() == 0
