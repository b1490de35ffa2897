"""A lottery's name and the reason of a passing over are the same at page, API and command."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.asking import ask
from ballots.models import BallotBox, DrawnBallot
from ballots.tests.factories import BoxFactory, draw, submit
from lotteries.models import Lottery

TOMORROW = timezone.localdate() + timedelta(days=1)

KEPT = [
    ("  tan   octopus ", "tan octopus"),
    ("tan\xa0\u2003octopus", "tan octopus"),
    ("Cafe\u0301", "Caf\u00e9"),
    ("e\u0301" * 100, "é" * 100),
    ("הגרלה", "הגרלה"),
    ("می\u200cخواهم", "می\u200cخواهم"),
    ("👨\u200d👩\u200d👧 ½ ﬁne", "👨\u200d👩\u200d👧 ½ ﬁne"),
]
REFUSED = [
    ("tan\u202eoctopus", "Leave out U+202E"),
    ("tan\u2066octopus", "Leave out U+2066"),
    ("tan\u200boctopus", "Leave out U+200B"),
    ("tan\u3164octopus", "Leave out U+3164"),
    ("tan\u2028octopus", "Leave out U+2028"),
    ("tan\noctopus", "Leave out U+000A"),
    ("tan\x1boctopus", "Leave out U+001B"),
    ("\u2800", "Leave out U+2800"),
    ("\u0301", "Start with a character that can be seen"),
    ("x" * 401, "at most"),
    ("é" * 401, "at most"),
]


def name_on_page(adam: User, name: str) -> str:
    browser = browser_of(adam)
    numbers = {"places": 1, "ballots_each": 0, "claim_days": 0}
    form = {"name": name, "closure_date": TOMORROW} | numbers
    return browser.post(reverse("admin:lotteries_lottery_add"), form).content.decode()


def name_by_api(adam: User, name: str) -> str:
    answer = ask("POST", "/lotteries", adam, body={"name": name, "closure_date": str(TOMORROW)})
    assert answer.status_code in {201, 422}
    return str(answer.json().get("detail", ""))


def browser_of(adam: User) -> Client:
    browser = Client()
    browser.force_login(adam, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.mark.parametrize("door", [name_on_page, name_by_api])
@pytest.mark.parametrize(("typed", "kept"), KEPT)
def test_a_name_is_kept_in_one_form(
    adam: User, door: Callable[[User, str], str], typed: str, kept: str
) -> None:
    said = door(adam, typed)
    assert [lottery.name for lottery in Lottery.objects.all()] == [kept], said


@pytest.mark.parametrize("door", [name_on_page, name_by_api])
@pytest.mark.parametrize(("typed", "message"), REFUSED)
def test_a_name_is_refused_in_the_same_words(
    adam: User, door: Callable[[User, str], str], typed: str, message: str
) -> None:
    said = door(adam, typed)
    assert message in said
    assert "onstraint" not in said
    assert not Lottery.objects.exists()


@pytest.mark.parametrize("door", [name_on_page, name_by_api])
def test_for_a_name_of_spaces_one_is_made_up(adam: User, door: Callable[[User, str], str]) -> None:
    door(adam, " \u2003 ")
    assert Lottery.objects.get().name.endswith(" lottery")


def reason_on_page(adam: User, box: BallotBox, number: int, reason: str) -> str:
    address = reverse("admin:lotteries_lottery_pass_over", args=[box.pk])
    form = {"number": number, "ground": "unreached", "reason": reason}
    return browser_of(adam).post(address, form).content.decode()


def reason_by_api(adam: User, box: BallotBox, number: int, reason: str) -> str:
    path = f"/lotteries/pass_over?lottery_date={box.lottery.closure_date}"
    body = {"number": number, "ground": "unreached", "reason": reason}
    answer = ask("POST", path, adam, body=body)
    assert answer.status_code in {200, 422}
    return str(answer.json().get("detail", ""))


def reason_by_command(adam: User, box: BallotBox, number: int, reason: str) -> str:
    date = f"--date={box.lottery.closure_date}"
    try:
        which = (date, f"--number={number}", "--ground=unreached")
        call_command("pass_over", *which, f"--reason={reason}")
    except CommandError as error:
        return str(error)
    return ""


Door = Callable[[User, BallotBox, int, str], str]
DOORS: list[Door] = [reason_on_page, reason_by_api, reason_by_command]


@pytest.fixture
def drawn(alice: User) -> BallotBox:
    box = BoxFactory.create()
    submit(box, alice, 2)
    draw(box)
    return BallotBox.objects.with_results().get(pk=box.pk)


def winning_number(box: BallotBox) -> int:
    ballot = box.winner
    assert ballot
    return ballot.number


@pytest.mark.parametrize("door", DOORS)
def test_a_reason_is_the_same_at_every_door(adam: User, drawn: BallotBox, door: Door) -> None:
    number = winning_number(drawn)
    for typed, message in [*REFUSED, (" \u2003 ", "")]:
        said = door(adam, drawn, number, typed)
        assert said
        assert message in said
        assert "onstraint" not in said
    assert not DrawnBallot.objects.exclude(passed_over_at=None).exists()
    door(adam, drawn, number, "  no\xa0 such\u2003address: Cafe\u0301 ")
    kept = "Could not be reached: no such address: Caf\u00e9"
    assert DrawnBallot.objects.get(place=1).reason == kept
