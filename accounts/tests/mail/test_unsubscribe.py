"""Mails that nobody needs can be switched off with one click, by whoever has one of them."""

from http import HTTPStatus

import pytest
from django.conf import settings
from django.core import mail as django_mail
from django.test import Client

from accounts.mail.links import SWITCHES, unsubscribe_url
from accounts.mail.models import Kind, Mail
from accounts.mail.queueing import queue_mail
from accounts.mail.rendering import write_headers
from accounts.mail.sending import send_due
from accounts.models import User

WANTED = dict.fromkeys(SWITCHES.values(), True)


@pytest.fixture(autouse=True)
def _wanted(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(**WANTED)


def path(user: User, kind: str) -> str:
    return unsubscribe_url(user, kind).removeprefix(settings.SITE_URL)


@pytest.mark.parametrize(("kind", "field"), SWITCHES.items())
def test_a_program_switches_one_kind_off(alice: User, kind: Kind, field: str) -> None:
    """As it does it: without a cookie, and it follows no redirect (RFC 8058, section 3.2)."""
    headers = write_headers(queue_mail(kind, alice), alice)
    assert headers["List-Unsubscribe"] == f"<{settings.SITE_URL}{path(alice, kind)}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    program = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = program.post(path(alice, kind), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == HTTPStatus.OK
    stored = User.objects.values(*WANTED).get(pk=alice.pk)
    assert stored == WANTED | {field: False}


def test_a_person_is_asked_first(stranger: Client, alice: User) -> None:
    address = path(alice, Kind.RESULTS)
    page = stranger.get(address).content.decode()
    assert "Send me no more of them" in page
    assert User.objects.get(pk=alice.pk).wants_results
    assert "You get no more mails of this kind" in stranger.post(address).content.decode()
    assert "You get no more mails of this kind" in stranger.get(address).content.decode()


@pytest.mark.parametrize("change", ["x", "", "/"])
def test_another_link_does_nothing(stranger: Client, alice: User, change: str) -> None:
    address = path(alice, Kind.RESULTS)[:-2] + change + "/"
    assert stranger.post(address).status_code in {HTTPStatus.GONE, HTTPStatus.NOT_FOUND}
    assert User.objects.get(pk=alice.pk).wants_results


def test_a_closed_account_has_nothing_to_switch(stranger: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(closed_at="2020-02-29T12:00Z", is_active=False)
    assert stranger.post(path(alice, Kind.RESULTS)).status_code == HTTPStatus.GONE


def test_what_was_queued_before_is_not_sent(stranger: Client, alice: User) -> None:
    queue_mail(Kind.RESULTS, alice)
    stranger.post(path(alice, Kind.RESULTS))
    send_due()
    assert not django_mail.outbox
    assert not Mail.objects.exists()
