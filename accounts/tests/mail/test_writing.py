"""What a mail says, and what it does not give away."""

from email import message_from_bytes, policy
from typing import Any

import pytest
from django.conf import settings as site
from django.db import IntegrityError, transaction
from pytest_django import Settings

from accounts.mail.models import Kind, Mail
from accounts.mail.queueing import queue_mail, queue_mails
from accounts.mail.rendering import write_mail
from accounts.models import User


def read(mail: Mail, user: User) -> Any:
    """The mail as a program of the receiver reads it."""
    return message_from_bytes(write_mail(mail, user).message().as_bytes(), policy=policy.default)


def test_it_has_the_headers_of_mails_that_machines_send(alice: User, settings: Settings) -> None:
    settings.SITE_URL = "https://lottery.example.org:8443"
    mail = queue_mail(Kind.PASSWORD_CHANGED, alice)
    message = read(mail, alice)
    assert message["Message-ID"] == f"<{mail.pk}@lottery.example.org>"
    assert message["To"] == alice.email
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == mail.queued_at.replace(microsecond=0)
    assert message["List-Unsubscribe"] is None
    assert read(mail, alice)["Message-ID"] == message["Message-ID"]


def test_no_link_that_works_lies_in_the_table(alice: User) -> None:
    mail = queue_mail(Kind.RESET, alice)
    assert "/accounts/reset-password/" in write_mail(mail, alice).body
    assert "reset-password" not in str(Mail.objects.values().get())


def test_names_are_text_in_text_and_html(alice: User) -> None:
    facts = {"username": '<b>"Eve", & co</b>\r\nBcc: eve@example.org', "changed": ["role"]}
    message = read(queue_mail(Kind.ACCOUNT_CHANGED, alice, facts=facts), alice)
    text, html = [part.get_content() for part in message.iter_parts()]
    assert '<b>"Eve", & co</b>' in text
    assert "&lt;b&gt;&quot;Eve&quot;, &amp; co&lt;/b&gt;" in html
    assert message["Bcc"] is None
    assert len(write_mail(queue_mail(Kind.RESET, alice), alice).recipients()) == 1


def test_many_are_queued_in_few_statements(alice: User, bob: User) -> None:
    mails = queue_mails(Kind.PASSWORD_CHANGED, [alice, bob])
    assert [mail.address for mail in mails] == [alice.email, bob.email]
    assert Mail.objects.count() == 2


def test_a_mail_has_somebody_to_go_to(db: None) -> None:
    with pytest.raises(IntegrityError, match="mail_has_somebody"), transaction.atomic():
        queue_mail(Kind.RESET, None)


def test_an_unknown_kind_is_refused(alice: User) -> None:
    with pytest.raises(ValueError, match="no such kind"):
        queue_mail("no such kind", alice)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_a_subject_a_text_and_html(kind: Kind) -> None:
    for name in (f"{kind}_subject.txt", f"{kind}.txt", f"{kind}.html"):
        assert (site.BASE_DIR / "templates" / "mail" / name).read_text().strip()
