"""Passing over: a winner is passed over in public, and the next number of the same order wins."""

from io import StringIO
from itertools import islice

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ballots.checkers import verify_draw
from ballots.life import pass_over
from ballots.models import BallotBox, Draw, PassingOver
from ballots.public.records import record
from ballots.refusals import LotteryNotClosed, NoWinner, PassOverRefused
from ballots.tests.factories import BoxFactory, draw, open_box, reload, submit
from ballots.verification.differences import find_differences


@pytest.fixture
def box(alice: User, bob: User) -> BallotBox:
    box = BoxFactory.create()
    for participant in (alice, bob, alice):
        submit(box, participant, 2)
    draw(box)
    return reload(box)


def standing(box: BallotBox) -> int:
    ballot = reload(box).winning_ballot
    assert ballot
    return ballot.number


def url(box: BallotBox) -> str:
    return reverse("admin:lotteries_lottery_pass_over", args=[box.pk])


def test_the_next_number_of_the_order_wins(box: BallotBox) -> None:
    order = list(islice(box.draw.order(), 3))
    for place in range(2):
        assert standing(box) == order[place]
        pass_over(box.lottery, number=order[place], reason=f"reason {place}")
    assert standing(box) == order[2]
    assert [(ballot.number, reason) for ballot, reason in reload(box).draw.winners] == [
        (order[0], "reason 0"),
        (order[1], "reason 1"),
        (order[2], None),
    ]


def test_nothing_is_overwritten(box: BallotBox) -> None:
    before = list(Draw.objects.values())
    pass_over(box.lottery, number=standing(box), reason="declined")
    pass_over(box.lottery, number=standing(box), reason="declined, too")
    assert list(Draw.objects.values()) == before
    assert PassingOver.objects.count() == 2


def test_the_record_has_the_history_and_holds(box: BallotBox) -> None:
    pass_over(box.lottery, number=standing(box), reason="declined")
    made = record(reload(box))
    assert [winner["passed_over"] for winner in made["winners"]] == ["declined", None]
    assert all(step.holds for step in verify_draw.check_record(made))
    assert list(find_differences(reload(box))) == []


def test_a_repeat_passes_over_nobody_else(box: BallotBox) -> None:
    first = standing(box)
    pass_over(box.lottery, number=first, reason="declined")
    with pytest.raises(PassOverRefused, match=f"Ballot {first} is not the winning ballot"):
        pass_over(box.lottery, number=first, reason="declined")
    assert PassingOver.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301, "a\0b", "a\u202eb"])
def test_it_takes_a_reason_that_can_be_read(box: BallotBox, reason: str) -> None:
    with pytest.raises(PassOverRefused, match="Give a reason"):
        pass_over(box.lottery, number=standing(box), reason=reason)
    assert not PassingOver.objects.exists()


def test_the_last_ballot_stays_the_winner(alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 2)
    draw(box)
    pass_over(box.lottery, number=standing(box), reason="declined")
    with pytest.raises(PassOverRefused, match="No other ballot is left"):
        pass_over(box.lottery, number=standing(box), reason="declined")


@pytest.mark.parametrize("is_drawn", [True, False])
def test_without_a_winner_there_is_nobody_to_pass_over(db: None, is_drawn: bool) -> None:
    box = BoxFactory.create()
    if is_drawn:
        draw(box)
    with pytest.raises(NoWinner if is_drawn else LotteryNotClosed):
        pass_over(box.lottery, number=1, reason="declined")


# --- The page and the results


def test_the_page_shows_who_was_passed_over_and_why(stranger: Client, box: BallotBox) -> None:
    first = reload(box).winning_ballot
    pass_over(box.lottery, number=standing(box), reason="could not be <reached>")
    page = stranger.get(reverse("ballots:lottery", args=[box.lottery.closure_date]))
    shown = page.content.decode()
    assert "“could not be &lt;reached&gt;”" in shown
    assert first
    assert f"Ballot {first.number} of {first.participant} was drawn before" in shown
    assert f"won with ballot\n      {standing(box)}" in shown


def test_whoever_was_passed_over_has_not_won_any_more(box: BallotBox, alice: User) -> None:
    while reload(box).winning_ballot.participant == alice:  # type: ignore[union-attr]
        pass_over(box.lottery, number=standing(box), reason="declined")
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert "not won" in client.get(reverse("ballots:my_ballots")).content.decode()


# --- The admin


def test_an_admin_is_asked_and_passes_over(adams_browser: Client, box: BallotBox) -> None:
    number = standing(box)
    asked = adams_browser.get(url(box)).content.decode()
    assert f"Pass over ballot {number}" in asked
    assert "Everybody can read it" in asked
    form = {"number": number, "reason": "could not be reached"}
    shown = adams_browser.post(url(box), form, follow=True).content.decode()
    assert f"Ballot {standing(box)} of" in shown
    assert standing(box) != number
    assert PassingOver.objects.get().admin == User.objects.get(username="adam")
    assert LogEntry.objects.get().get_change_message() == "Passed over the winner."


def test_a_double_click_passes_over_one(adams_browser: Client, box: BallotBox) -> None:
    form = {"number": standing(box), "reason": "could not be reached"}
    adams_browser.post(url(box), form)
    again = adams_browser.post(url(box), form)
    assert "is not the winning ballot" in again.content.decode()
    assert PassingOver.objects.count() == 1


def test_an_old_form_renews_itself(adams_browser: Client, box: BallotBox) -> None:
    first = standing(box)
    pass_over(box.lottery, number=first, reason="declined by mail")
    answer = adams_browser.post(url(box), {"number": first, "reason": "could not be reached"})
    page = answer.content.decode()
    assert "The winner has changed since this form was opened" in page
    assert f"Pass over ballot {standing(box)} of" in page
    assert PassingOver.objects.count() == 1

    form = answer.context["form"]
    again = {"number": form["number"].value(), "reason": form["reason"].value()}
    assert again == {"number": standing(box), "reason": "could not be reached"}
    adams_browser.post(url(box), again)
    assert PassingOver.objects.count() == 2


@pytest.mark.parametrize("form", [{}, {"reason": ""}, {"number": "x", "reason": "x"}])
def test_it_says_what_is_missing(
    adams_browser: Client, box: BallotBox, form: dict[str, str]
) -> None:
    assert adams_browser.post(url(box), form).status_code == 200
    assert not PassingOver.objects.exists()


def test_an_admin_without_the_permission_may_not(
    adams_browser: Client, adam: User, box: BallotBox
) -> None:
    adam.groups.clear()
    assert adams_browser.post(url(box), {"number": 1, "reason": "x"}).status_code == 403


def test_a_lottery_without_a_winner_says_so(adams_browser: Client) -> None:
    assert "has no winner" in adams_browser.get(url(open_box())).content.decode()


def test_the_lottery_leads_there(adams_browser: Client, box: BallotBox) -> None:
    change = reverse("admin:lotteries_lottery_change", args=[box.pk])
    page = reverse("ballots:lottery", args=[box.lottery.closure_date])
    for path in (change, page):
        assert url(box) in adams_browser.get(path).content.decode()


# --- The command


def run(box: BallotBox, number: int, reason: str) -> str:
    out, date = StringIO(), str(box.lottery.closure_date)
    call_command("pass_over", date=date, number=number, reason=reason, stdout=out)
    return out.getvalue()


def test_the_command_says_who_wins_now(box: BallotBox) -> None:
    said = run(box, standing(box), "declined")
    assert f"Ballot {standing(box)} of" in said
    assert PassingOver.objects.get().admin is None


def test_the_command_refuses_what_the_page_refuses(box: BallotBox) -> None:
    with pytest.raises(CommandError, match="Give a reason"):
        run(box, standing(box), " ")
    with pytest.raises(CommandError, match="is not the winning ballot"):
        run(box, standing(box) % 6 + 1, "declined")
