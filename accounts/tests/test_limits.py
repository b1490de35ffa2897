"""Limits count in the database: for all processes together, whichever the door."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from pytest_django import Settings

from accounts.limits.counting import Limit, delete_ended_counts
from accounts.limits.models import Count
from accounts.mail.sending import send_due
from accounts.models import User
from accounts.refusals import TooManyRequests
from accounts.tests.factories import PASSWORD, UserFactory
from accounts.tests.guesses import guess
from accounts.tests.racing import at_once
from accounts.tokens import issue_token

NOON = datetime(2020, 2, 29, 12, tzinfo=UTC)
TWO_A_MINUTE = Limit("tests", most=2, seconds=60)
REGISTER, RESET = reverse("accounts:register"), reverse("accounts:reset_password")
CHANGE = reverse("accounts:change_password")
NEW = "another horse, another staple"


def test_it_refuses_one_too_many_and_says_how_long_to_wait(db: None) -> None:
    for _ in range(2):
        TWO_A_MINUTE.spend("alice", at=NOON)
    with pytest.raises(TooManyRequests, match="Wait 50 seconds") as refused:
        TWO_A_MINUTE.spend("alice", at=NOON + timedelta(seconds=10))
    assert refused.value.headers == {"Retry-After": "50"}
    TWO_A_MINUTE.spend("bob", at=NOON)


def test_a_period_ends(db: None) -> None:
    for at in (NOON, NOON, NOON + timedelta(seconds=60), NOON + timedelta(seconds=60)):
        TWO_A_MINUTE.spend("alice", at=at)
    with pytest.raises(TooManyRequests):
        TWO_A_MINUTE.spend("alice", at=NOON + timedelta(seconds=119))


def test_many_others_reset_no_count(db: None) -> None:
    for who in ("alice", "alice", *range(500)):
        TWO_A_MINUTE.spend(who, at=NOON)
    with pytest.raises(TooManyRequests):
        TWO_A_MINUTE.spend("alice", at=NOON)


def test_only_what_is_over_is_deleted(db: None) -> None:
    TWO_A_MINUTE.spend("alice", at=NOON)
    TWO_A_MINUTE.spend("bob", at=NOON + timedelta(seconds=1))
    delete_ended_counts(at=NOON + timedelta(seconds=60))
    assert Count.objects.get().who == TWO_A_MINUTE.key("bob")


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_as_many_get_through_as_there_may() -> None:
    limit = Limit("tests", most=5, seconds=60)

    outcomes = at_once(*[lambda: limit.spend("alice", at=NOON)] * 8)
    assert len([outcome for outcome in outcomes if outcome is None]) == 5
    assert len([outcome for outcome in outcomes if isinstance(outcome, TooManyRequests)]) == 3


@pytest.mark.django_db(transaction=True)
def test_the_right_password_many_times_at_once_is_not_refused() -> None:
    user = UserFactory.create()
    form = {"username": user.email, "password": PASSWORD}
    answers = at_once(*[lambda: Client().post("/api/auth/login", form).status_code] * 8)
    assert answers == [HTTPStatus.OK] * 8


@pytest.mark.django_db(transaction=True)
def test_wrong_passwords_at_once_are_all_counted() -> None:
    user = UserFactory.create()
    at_once(*[lambda: guess(Client(), user.email, 1)] * 5)
    assert guess(Client(), user.email, 1).status_code == HTTPStatus.TOO_MANY_REQUESTS


# --- At every door


def register_by_page(number: int) -> Any:
    form = {"email": f"p{number}@example.org", "username": f"p{number:03}", "password": PASSWORD}
    return Client().post(REGISTER, form)


def register_by_api(number: int) -> Any:
    body = {"email": f"a{number}@example.org", "username": f"a{number:03}", "password": PASSWORD}
    return Client().post("/api/user/register", body, content_type="application/json")


def test_registrations_count_at_page_and_api_together(db: None, settings: Settings) -> None:
    settings.REGISTER_RATE = (2, 3600)
    assert register_by_page(1).status_code == HTTPStatus.FOUND
    assert register_by_api(2).status_code == HTTPStatus.CREATED
    for refused in (register_by_page(3), register_by_api(4)):
        assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert 3590 <= int(refused["Retry-After"]) <= 3600
        assert "Wait 60 minutes" in refused.content.decode()
    assert User.objects.count() == 2


def test_sign_ins_count_at_page_and_api_together(
    stranger: Client, alice: User, settings: Settings
) -> None:
    settings.LOGIN_RATE = (2, 3600)
    form = {"username": alice.email, "password": PASSWORD}
    sign_in = reverse("accounts:sign_in")
    assert Client().post(sign_in, form).status_code == HTTPStatus.FOUND
    assert Client().post("/api/auth/login", form).status_code == HTTPStatus.OK
    for address in (sign_in, "/api/auth/login"):
        refused = Client().post(address, form)
        assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert 3590 <= int(refused["Retry-After"]) <= 3600


def change_by_page(user: User, old: str) -> int:
    browser = Client()
    browser.force_login(user)
    form = {"old_password": old, "new_password1": NEW, "new_password2": NEW}
    return browser.post(CHANGE, form).status_code


def change_by_api(user: User, old: str) -> int:
    body = {"old_password": old, "new_password": NEW}
    headers = {"authorization": f"Bearer {issue_token(user)}"}
    answer = Client(headers=headers).post(
        "/api/user/password", body, content_type="application/json"
    )
    return answer.status_code


def test_wrong_old_passwords_count_at_page_and_api_together(alice: User) -> None:
    assert [change_by_page(alice, "wrong") for _ in range(2)] == [HTTPStatus.OK] * 2
    assert [change_by_api(alice, "wrong") for _ in range(3)] == [422, 422, 429]
    assert change_by_page(alice, PASSWORD) == HTTPStatus.TOO_MANY_REQUESTS
    assert change_by_api(alice, PASSWORD) == HTTPStatus.TOO_MANY_REQUESTS
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_the_right_old_password_ends_their_count(alice: User) -> None:
    assert [change_by_api(alice, "wrong") for _ in range(4)] == [422] * 4
    assert change_by_api(alice, PASSWORD) == HTTPStatus.NO_CONTENT
    alice.refresh_from_db()
    assert change_by_api(alice, "wrong") == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_change_counts_the_two_hashes_that_it_costs(alice: User, settings: Settings) -> None:
    settings.LOGIN_RATE = (3, 3600)
    assert change_by_page(alice, PASSWORD) == HTTPStatus.FOUND
    alice.refresh_from_db()
    assert change_by_page(alice, NEW) == HTTPStatus.TOO_MANY_REQUESTS


def test_setting_a_password_by_a_link_counts_like_a_sign_in(
    stranger: Client, alice: User, settings: Settings
) -> None:
    settings.LOGIN_RATE = (1, 3600)
    key = urlsafe_base64_encode(force_bytes(alice.pk))
    link = [key, default_token_generator.make_token(alice)]
    page = stranger.get(reverse("accounts:set_new_password", args=link), follow=True)
    form, wrong = page.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": "x"}
    assert stranger.post(form, wrong).status_code == HTTPStatus.OK
    assert stranger.post(form, wrong).status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_tokens_are_limited_by_account(alice: User, bob: User, settings: Settings) -> None:
    settings.LOGIN_RATE = (2, 3600)
    for user in (alice, alice, bob):
        issue_token(user)
    with pytest.raises(TooManyRequests):
        issue_token(alice)


def ask_for_a_mail(email: str) -> str:
    answer = Client().post(RESET, {"email": email}, follow=True)
    send_due()
    return str(answer.redirect_chain)


def test_an_address_is_sent_a_few_mails_an_hour_and_nobody_sees(db: None) -> None:
    UserFactory.create(email="carol@example.org")
    answers = {ask_for_a_mail(email) for email in ["carol@example.org", "Carol@Example.org"] * 3}
    assert len(mail.outbox) == 3
    assert answers == {ask_for_a_mail("nobody@example.org")}


def test_so_is_a_network(stranger: Client) -> None:
    answers = [
        stranger.post(RESET, {"email": f"nobody{number}@example.org"}) for number in range(61)
    ]
    assert {answer.status_code for answer in answers[:60]} == {HTTPStatus.FOUND}
    assert answers[60].status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert answers[60].headers["Retry-After"]
