"""The lotteries in Django admin."""

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from ballots.life import close_lottery
from ballots.models import BallotBox, Draw, State
from ballots.tests.factories import BoxFactory, beacon_box, draw, open_box, sealed_box, submit
from lotteries.models import Lottery

LIST = reverse("admin:lotteries_lottery_changelist")
ADD = reverse("admin:lotteries_lottery_add")
NUMBERS = {"places": 1, "ballots_each": 0, "claim_days": 0}


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def change(box: BallotBox) -> str:
    return reverse("admin:lotteries_lottery_change", args=[box.pk])


def close(box: BallotBox) -> str:
    return reverse("admin:lotteries_lottery_close", args=[box.pk])


def delete(box: BallotBox) -> str:
    return reverse("admin:lotteries_lottery_delete", args=[box.pk])


def text(browser: Client, url: str, **data: str) -> str:
    return browser.get(url, data).content.decode()


def test_it_offers_a_name_and_the_next_free_date(adams_browser: Client) -> None:
    open_box(days=0)
    open_box(days=1)
    initial = adams_browser.get(ADD).context["adminform"].form.initial
    assert initial["closure_date"] == tomorrow() + timedelta(days=1)
    assert initial["name"].endswith(" lottery")


def test_an_admin_creates_a_lottery(adams_browser: Client) -> None:
    answer = adams_browser.post(ADD, NUMBERS | {"name": "Advent", "closure_date": str(tomorrow())})
    assert answer.headers["Location"] == LIST
    box = BallotBox.objects.select_related("lottery").get()
    assert (box.lottery.name, box.lottery.closure_date) == ("Advent", tomorrow())
    assert box.is_open(timezone.now())
    assert LogEntry.objects.get().is_addition()


def test_a_name_is_made_up_where_none_is_given(adams_browser: Client) -> None:
    adams_browser.post(ADD, NUMBERS | {"name": "", "closure_date": str(tomorrow())})
    assert Lottery.objects.get().name.endswith(" lottery")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"closure_date": "2020-01-01"}, "This date is over. Choose today or a later date."),
        ({"closure_date": "2020-02-30"}, "Write a date as YYYY-MM-DD"),
        ({"closure_date": ""}, "This field is required."),
        ({"closure_date": "9999-12-31"}, "Choose a date before the year 9999."),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"name": "\u202e"}, "Use letters, digits, spaces and punctuation only."),
    ],
)
def test_it_says_what_is_wrong(adams_browser: Client, data: dict[str, str], message: str) -> None:
    answer = adams_browser.post(ADD, NUMBERS | {"name": "", "closure_date": str(tomorrow())} | data)
    assert answer.status_code == HTTPStatus.OK
    assert message in answer.content.decode()
    assert not Lottery.objects.exists()


def test_a_taken_date_is_refused_kindly(adams_browser: Client) -> None:
    open_box(days=1)
    answer = adams_browser.post(ADD, NUMBERS | {"name": "", "closure_date": str(tomorrow())})
    assert "A lottery on this date already exists. Choose another date." in answer.content.decode()
    assert Lottery.objects.count() == 1


def test_the_list_shows_state_ballots_and_winner(adams_browser: Client, alice: User) -> None:
    won, waiting = BoxFactory.create_batch(2)
    submit(won, alice, 41)
    draw(won)
    open_box()
    page = text(adams_browser, LIST)
    for shown in ("alice, ballot", "41", "open", "closed, waiting for its draw", "drawn"):
        assert shown in page
    assert page.index(str(waiting.pk)) < page.index(str(won.pk))


@pytest.mark.parametrize("state", State)
def test_the_list_is_filtered_by_state(adams_browser: Client, alice: User, state: State) -> None:
    boxes = {
        State.OPEN: open_box(),
        State.DUE: BoxFactory.create(),
        State.SEALED: sealed_box(),
        State.DRAWN: BoxFactory.create(),
        State.DRAWN_EMPTY: BoxFactory.create(),
    }
    submit(boxes[State.DRAWN], alice)
    draw(boxes[State.DRAWN])
    draw(boxes[State.DRAWN_EMPTY])
    found = adams_browser.get(LIST, {"state": state.value}).context["cl"].result_list
    assert list(found) == [boxes[state].lottery]


@pytest.mark.parametrize("query", ["octopus", "2020-06"])
def test_the_list_is_searched_by_name_and_date(adams_browser: Client, query: str) -> None:
    wanted = BoxFactory.create(name="tan octopus lottery", closure_date=date(2020, 6, 1))
    BoxFactory.create(name="red fox lottery", closure_date=date(2020, 7, 1))
    found = adams_browser.get(LIST, {"q": query}).context["cl"].result_list
    assert list(found) == [wanted.lottery]


def test_nothing_that_was_promised_can_be_edited(
    adams_browser: Client, roots_browser: Client
) -> None:
    box = open_box(name="promised")
    for browser in (adams_browser, roots_browser):
        assert '<input type="text"' not in text(browser, change(box))
        answer = browser.post(change(box), {"name": "changed", "closure_date": "2030-01-01"})
        assert answer.status_code == HTTPStatus.FORBIDDEN
    assert Lottery.objects.get().name == "promised"


def test_the_seed_is_nowhere_before_sealing(
    adams_browser: Client, roots_browser: Client, stranger: Client, alices_browser: Client
) -> None:
    box = BoxFactory.create(random_bytes=lambda size: bytes(range(size)))
    opened = open_box()
    seeds = [box.lottery.seed, opened.lottery.seed]
    paths = [LIST, ADD, "/", "/lotteries/", "/results/", "/health"]
    for lottery in (box, opened):
        paths += [change(lottery), close(lottery), delete(lottery)]
        paths += [reverse("admin:lotteries_lottery_history", args=[lottery.pk])]
        paths += [f"{reverse('admin:ballots_ballot_changelist')}?box__exact={lottery.pk}"]
        paths += [reverse("ballots:lottery", args=[lottery.lottery.closure_date])]
    for browser in (adams_browser, roots_browser, stranger, alices_browser):
        for path in paths:
            page = text(browser, path)
            assert not [seed for seed in seeds if seed in page], path
    draw(box)
    assert box.lottery.seed in text(stranger, paths[11])


def test_the_seed_cannot_be_guessed_by_searching(adams_browser: Client) -> None:
    """Not by name of the column, and not one digit after the other."""
    box = open_box()
    seed = Lottery.objects.get(pk=box.pk).seed
    assert not adams_browser.get(LIST, {"q": seed}).context["cl"].result_list
    for lookup in ("seed__startswith", "seed", "seed__gt"):
        answer = adams_browser.get(LIST, {lookup: seed[:1]})
        assert answer.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.FOUND}


def test_closing_asks_first_and_says_what_happens(adams_browser: Client, alice: User) -> None:
    box = open_box()
    submit(box, alice, 3, at=box.lottery.announced_at)
    page = text(adams_browser, close(box))
    assert "Its public record will say that an admin closed it early." in page
    assert "It has 3 now" in page
    assert not Draw.objects.exists()


def test_closing_after_its_time_is_not_called_early(adams_browser: Client) -> None:
    page = text(adams_browser, close(BoxFactory.create()))
    assert "closed it early" not in page
    assert "the scheduled job would do the same" in page


def test_an_admin_closes_and_draws(adams_browser: Client, adam: User, alice: User) -> None:
    box = open_box()
    submit(box, alice, at=box.lottery.announced_at)
    answer = adams_browser.post(close(box), follow=True)
    assert "Ballot 1 of alice wins." in answer.content.decode()
    assert BallotBox.objects.with_results().get().closed_early
    assert LogEntry.objects.get(user=adam).get_change_message() == "Closed and drawn."


def test_a_lottery_with_a_beacon_is_sealed_not_drawn(adams_browser: Client) -> None:
    box = beacon_box()
    assert f'href="{close(box)}">Seal</a>' in text(adams_browser, change(box))
    page = text(adams_browser, close(box))
    assert "<h1>Seal</h1>" in page
    assert "&rsaquo; Seal\n" in page
    assert 'value="Yes, seal it"' in page
    public = reverse("ballots:lottery", args=[box.lottery.closure_date])
    assert f'href="{close(box)}">Seal it</a>' in text(adams_browser, public)
    for shown in (page, text(adams_browser, change(box))):
        assert "Close and draw" not in shown
    answer = adams_browser.post(close(box), follow=True).content.decode()
    assert f"Sealed. Round {box.lottery.beacon_round} of the beacon" in answer
    assert LogEntry.objects.get().get_change_message() == "Sealed."
    assert "is sealed already" in text(adams_browser, close(box))


def test_a_lottery_without_a_beacon_is_closed_and_drawn(adams_browser: Client) -> None:
    box = BoxFactory.create()
    assert f'href="{close(box)}">Close and draw</a>' in text(adams_browser, change(box))
    page = text(adams_browser, close(box))
    assert "<h1>Close and draw</h1>" in page
    assert 'value="Yes, close and draw"' in page


def test_nothing_named_close_leaves(adams_browser: Client, alice: User) -> None:
    """Where one link closes a lottery, another one of that name must not lead away."""
    page = text(adams_browser, change(open_box()))
    assert ">Close<" not in page
    assert f'<a href="{LIST}" class="button leave">Back to the list</a>' in page
    assert "Delete</a>" in page
    person = reverse("admin:accounts_user_change", args=[alice.pk])
    assert 'name="_save"' in text(adams_browser, person)


def test_closing_twice_keeps_the_first_draw(adams_browser: Client, alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 20)
    for _ in range(2):
        adams_browser.post(close(box))
    first = Draw.objects.get()
    assert "drawn already, and the first draw stays" in text(adams_browser, close(box))
    assert LogEntry.objects.count() == 1
    again, is_first = close_lottery(box.lottery)
    assert again.winner == first.winner
    assert not is_first


def test_the_link_to_closing_is_gone_after_the_draw(adams_browser: Client) -> None:
    box = BoxFactory.create()
    assert close(box) in text(adams_browser, change(box))
    draw(box)
    assert close(box) not in text(adams_browser, change(box))


def test_a_lottery_without_ballots_can_be_withdrawn(adams_browser: Client) -> None:
    box = open_box()
    assert "Are you sure" in text(adams_browser, delete(box))
    assert adams_browser.post(delete(box), {"post": "yes"}).status_code == HTTPStatus.FOUND
    assert not Lottery.objects.exists()


def test_a_lottery_with_ballots_or_a_draw_is_not_deleted(
    adams_browser: Client, roots_browser: Client, alice: User
) -> None:
    filled, drawn = BoxFactory.create_batch(2)
    submit(filled, alice)
    draw(drawn)
    for browser in (adams_browser, roots_browser):
        for box in (filled, drawn):
            answer = browser.post(delete(box), {"post": "yes"}, follow=True)
            assert "This lottery cannot be withdrawn" in answer.content.decode()
    assert Lottery.objects.count() == 2


def test_a_lottery_that_does_not_exist(adams_browser: Client, alice: User) -> None:
    box = open_box()
    box.lottery.delete()
    assert adams_browser.get(close(box)).status_code == HTTPStatus.NOT_FOUND
    assert adams_browser.post(close(box)).status_code == HTTPStatus.NOT_FOUND


def test_a_participant_has_no_way_in(alices_browser: Client) -> None:
    box = BoxFactory.create()
    for url in (LIST, ADD, change(box), close(box), delete(box)):
        assert alices_browser.get(url).status_code == HTTPStatus.FOUND
        assert alices_browser.post(url, {"post": "yes"}).status_code == HTTPStatus.FOUND
    assert not Draw.objects.exists()
    assert Lottery.objects.count() == 1


def test_an_admin_without_the_permission_does_not_close(adams_browser: Client, adam: User) -> None:
    box = BoxFactory.create()
    adam.groups.clear()
    assert adams_browser.post(close(box)).status_code == HTTPStatus.FORBIDDEN
    assert not Draw.objects.exists()
