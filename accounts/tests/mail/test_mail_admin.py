"""Admins see what did not get through, and have it sent again."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core import mail as django_mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.audit.writing import operator
from accounts.cleaning import KEEP_MAILS, delete_what_is_over
from accounts.mail.again import send_again
from accounts.mail.leases import mark_failed, mark_sent, take_mail
from accounts.mail.models import Kind, Mail
from accounts.mail.queueing import queue_mail
from accounts.mail.sending import send_due
from accounts.models import User
from accounts.refusals import MailIsOut

LIST = reverse("admin:accounts_mail_changelist")
REASON = "The mail server refuses this mail: 550 5.1.1 No such user"


def queue_and_take(user: User) -> Mail:
    queue_mail(Kind.PASSWORD_CHANGED, user)
    mail = take_mail(at=timezone.now())
    assert mail
    return mail


@pytest.fixture
def given_up(alice: User) -> Mail:
    mail = queue_and_take(alice)
    mark_failed(mail, REASON, is_final=True, at=timezone.now())
    return mail


@pytest.fixture
def sent(bob: User) -> Mail:
    mail = queue_and_take(bob)
    mark_sent(mail, at=timezone.now())
    return mail


def act(browser: Client, *mails: Mail) -> str:
    form = {"action": "send_again", "_selected_action": [str(mail.pk) for mail in mails]}
    return browser.post(LIST, form, follow=True).content.decode()


def test_the_list_says_why(adams_browser: Client, given_up: Mail, sent: Mail) -> None:
    page = adams_browser.get(LIST, {"state": "given-up"}).content.decode()
    assert REASON in page
    assert "alice@example.org" in page
    assert "bob@example.org" not in page
    found = adams_browser.get(LIST, {"q": "BOB@example"}).content.decode()
    assert "bob@example.org" in found
    assert "alice@example.org" not in found
    address = reverse("admin:accounts_mail_change", args=[given_up.pk])
    assert REASON in adams_browser.get(address).content.decode()


def test_it_is_sent_again_and_written_down(adams_browser: Client, given_up: Mail) -> None:
    assert "1 mail will be sent now." in act(adams_browser, given_up)
    send_due()
    assert [message.to for message in django_mail.outbox] == [["alice@example.org"]]
    given_up.refresh_from_db()
    assert (given_up.given_up_at, given_up.tries, given_up.reason) == (None, 1, "")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.who, entry.key) == ("send again", "adam", str(given_up.pk))
    assert entry.old == {"tries": 1, "reason": REASON}


def test_what_a_server_has_is_not_sent_twice(adams_browser: Client, sent: Mail) -> None:
    assert "A mail server has 1 mail already" in act(adams_browser, sent)
    with pytest.raises(MailIsOut):
        send_again(sent, by=operator())
    assert send_due() == 0
    assert not AuditEntry.objects.exists()


def test_it_needs_an_admin(alices_browser: Client, given_up: Mail) -> None:
    form = {"action": "send_again", "_selected_action": [str(given_up.pk)]}
    assert alices_browser.post(LIST, form).status_code == HTTPStatus.FOUND
    assert Mail.objects.exclude(given_up_at=None).exists()


def test_old_ones_are_deleted(given_up: Mail, sent: Mail, alice: User) -> None:
    waiting = queue_mail(Kind.PASSWORD_CHANGED, alice)
    delete_what_is_over(at=timezone.now() + KEEP_MAILS - timedelta(minutes=1))
    assert Mail.objects.count() == 3
    delete_what_is_over(at=timezone.now() + KEEP_MAILS + timedelta(minutes=1))
    assert Mail.objects.get() == waiting
