"""All that is kept of a person, as one JSON file."""

import json
from http import HTTPStatus
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.mail.models import Kind
from accounts.mail.queueing import queue_mail
from accounts.models import User
from accounts.tokens import digest_of, issue_token
from conftest import browser_of

DATA = reverse("accounts:data")


def download(browser: Client) -> dict[str, Any]:
    answer = browser.get(DATA)
    assert answer.status_code == HTTPStatus.OK
    data: dict[str, Any] = json.loads(answer.getvalue())
    return data


def test_it_is_a_file_that_no_cache_keeps(alices_browser: Client) -> None:
    answer = alices_browser.get(DATA)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.streaming


def test_it_has_the_account(alices_browser: Client, alice: User) -> None:
    account = download(alices_browser)["account"]
    assert account["participant"] == str(alice.pk)
    assert (account["email"], account["username"]) == (alice.email, "alice")


def test_it_has_mails_tokens_and_sessions_of_oneself_alone(
    alices_browser: Client, alice: User, bob: User
) -> None:
    for user in (alice, bob):
        queue_mail(Kind.CONFIRM, user, to=alice.email)  # bob asks for hers
        queue_mail(Kind.RESET, None, to=user.email)
        issue_token(user)
        browser_of(user)
    data = download(alices_browser)
    assert [mail["kind"] for mail in data["mails"]] == [Kind.CONFIRM, Kind.RESET]
    assert len(data["access_tokens"]) == 1
    assert len(data["sessions"]) == 2
    assert "bob" not in json.dumps(data)


def test_it_has_what_admins_did_to_the_account(
    alices_browser: Client, adams_browser: Client, alice: User, bob: User
) -> None:
    for user in (alice, bob):
        form = {"username": f"{user} the second", "email": user.email, "is_active": "on"}
        adams_browser.post(reverse("admin:accounts_user_change", args=[user.pk]), form)
    (act,) = download(alices_browser)["acts_of_admins"]
    assert (act["verb"], act["old"]) == ("change", {"username": "alice"})
    assert [act["name"] for act in download(adams_browser)["acts_of_admins"]] == [
        "alice the second",
        "bob the second",
    ]


def test_it_has_nothing_secret(alices_browser: Client, alice: User) -> None:
    token = issue_token(alice)
    text = alices_browser.get(DATA).getvalue().decode()
    for secret in (alice.password, token, digest_of(token), alices_browser.session.session_key):
        assert str(secret) not in text


def test_it_is_had_ten_times_an_hour(alices_browser: Client) -> None:
    for _ in range(10):
        download(alices_browser)
    assert alices_browser.get(DATA).status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_it_needs_a_login(stranger: Client) -> None:
    sign_in = f"{reverse('accounts:sign_in')}?next={DATA}"
    assert stranger.get(DATA).headers["Location"] == sign_in
