from django.test import Client
from django.urls import reverse

from accounts.models import User
from ballots.tests.factories import BoxFactory, draw, open_box, submit

HOME = reverse("ballots:home")


def test_it_shows_the_next_lottery_to_close(stranger: Client) -> None:
    open_box(name="the later one", days=2)
    box = open_box(name="the next one", days=1)
    page = stranger.get(HOME).content.decode()
    assert "the next one" in page
    assert "the later one" not in page
    assert "data-countdown" in page
    assert reverse("ballots:lottery", args=[box.lottery.closure_date]) in page


def test_it_shows_the_latest_winners(stranger: Client, alice: User) -> None:
    for box in BoxFactory.create_batch(7):
        submit(box, alice)
        draw(box)
    boxes = list(stranger.get(HOME).context["drawn"])
    assert boxes[0] == box
    assert len(boxes) == 5


def test_it_says_how_it_works(stranger: Client) -> None:
    assert "How it works" in stranger.get(HOME).content.decode()


def test_without_lotteries_it_says_so(stranger: Client) -> None:
    page = stranger.get(HOME).content.decode()
    assert "No lottery is open" in page
    assert "No lottery has been drawn yet" in page


def test_a_participant_is_asked_to_take_part(alices_browser: Client) -> None:
    open_box()
    assert "Take part" in alices_browser.get(HOME).content.decode()


def test_an_admin_is_led_to_the_admin(adams_browser: Client) -> None:
    open_box()
    page = adams_browser.get(HOME).content.decode()
    assert "Take part" not in page
    assert reverse("admin:lotteries_lottery_add") in page
