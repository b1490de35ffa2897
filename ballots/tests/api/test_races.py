"""Programs that do at once what can be done once."""

from collections import Counter
from http import HTTPStatus
from threading import Event
from time import sleep
from typing import Any, cast

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.tests.asking import ask
from accounts.tests.factories import UserFactory
from accounts.tests.racing import at_once
from accounts.tokens import issue_token
from ballots.models import BallotBox, Draw
from ballots.tests.factories import day, open_box, submit
from lotteries.models import Lottery

pytestmark = pytest.mark.django_db(transaction=True)


def ask_at_once(
    times: int, method: str, path: str, user: User | None = None, body: Any = None
) -> tuple[Counter[int], set[str]]:
    """How often each status was answered, and all reasons that were given."""
    headers = {"Authorization": f"Bearer {issue_token(user)}"} if user else {}

    def job() -> tuple[int, str]:
        answer = ask(method, path, headers=headers, body=body)
        is_refused = answer.status_code >= HTTPStatus.BAD_REQUEST
        return answer.status_code, answer.json()["detail"] if is_refused else ""

    answers = cast(list[tuple[int, str]], at_once(*[job] * times))
    return Counter(status for status, _ in answers), {detail for _, detail in answers if detail}


def test_of_8_closers_at_once_one_hears_200(adam: User) -> None:
    box = open_box()
    submit(box, UserFactory.create(), 20, at=timezone.now())
    path = f"/lotteries/close_and_draw?lottery_date={day(box)}"
    statuses, (detail,) = ask_at_once(8, "POST", path, adam)
    assert statuses == {200: 1, 400: 7}
    assert "already closed" in detail
    assert Draw.objects.count() == 1


def test_of_8_withdrawals_at_once_one_is_made(adam: User) -> None:
    statuses, details = ask_at_once(8, "DELETE", f"/lotteries/{day(open_box())}", adam)
    assert statuses == {204: 1, 404: 7}
    assert all("not found" in detail for detail in details)
    assert not Lottery.objects.exists()


def test_of_8_who_create_one_lottery_one_does(adam: User) -> None:
    body = {"closure_date": "2099-12-24"}
    statuses, (detail,) = ask_at_once(8, "POST", "/lotteries", adam, body)
    assert statuses == {201: 1, 400: 7}
    assert "already exists" in detail


def test_of_8_who_register_one_name_one_does() -> None:
    body = {"username": "carol", "email": "carol@example.org", "password": "blue suede shoes 7"}
    statuses, details = ask_at_once(8, "POST", "/user/register", body=body)
    assert statuses == {201: 1, 400: 7}
    assert all("already exists" in detail for detail in details)
    assert User.objects.count() == 1


@pytest.mark.parametrize("operation", ["/lotteries/close_and_draw", "/ballots"])
def test_what_races_a_withdrawal_finds_no_lottery(alice: User, adam: User, operation: str) -> None:
    """Whether it comes before the lottery is looked up, or between that and the lock."""
    box, is_locked = open_box(), Event()
    headers = {"Authorization": f"Bearer {issue_token(alice if 'ballots' in operation else adam)}"}

    def withdrawing() -> None:
        with transaction.atomic():
            BallotBox.objects.lock(box.lottery)
            is_locked.set()
            sleep(0.3)
            box.lottery.delete()

    def asking() -> Any:
        is_locked.wait(30)
        return ask("POST", f"{operation}?lottery_date={day(box)}", headers=headers)

    _, answer = cast(list[Any], at_once(withdrawing, asking))
    assert answer.status_code == 404
    assert "not found" in answer.json()["detail"]
