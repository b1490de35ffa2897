"""One mail and one mail server, which takes it or does not."""

import logging
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as django_mail
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from accounts.mail.ends import End, ends
from accounts.mail.leases import LEASE, take_mail
from accounts.mail.models import Kind, Mail
from accounts.mail.patience import Patience
from accounts.mail.queueing import queue_mail
from accounts.mail.sending import insist, send_due, send_mail
from accounts.mail.trouble import MINUTES
from accounts.models import User
from accounts.tests.mail.server import MailServer

NOON = datetime(2020, 2, 29, 12, tzinfo=UTC)


def try_mail(mail: Mail, *, at: datetime = NOON, step: float = 5, whole: float = 5) -> Mail:
    """The mail after one try at that time."""
    held = take_mail(at=at)
    assert held == mail
    send_mail(held, Patience(step=step, whole=whole), clock=lambda: at)
    mail.refresh_from_db()
    assert (mail.lease, mail.leased_until) == (None, None)
    return mail


def mail_to(receiver: str, user: User) -> Mail:
    to = f"{receiver}@example.org"
    return queue_mail(Kind.PASSWORD_CHANGED, user, to=to, at=NOON)


def test_what_the_server_takes_is_handed_over(alice: User, server: MailServer) -> None:
    mail = try_mail(queue_mail(Kind.PASSWORD_CHANGED, alice, at=NOON))
    assert (mail.sent_at, mail.tries, mail.reason) == (NOON, 1, "")
    (message,) = server.mails
    assert message["To"] == "alice@example.org"
    assert message["Message-ID"] == f"<{mail.pk}@localhost>"
    assert take_mail(at=NOON + timedelta(days=9)) is None


@pytest.mark.parametrize(
    ("receiver", "reason"),
    [
        ("refuse", "The mail server refuses this mail: 550 5.1.1 No such   user"),
        ("full", "The mail server refuses this mail: 552 5.3.4 Too large"),
    ],
)
def test_what_it_refuses_for_good_is_given_up(
    alice: User, server: MailServer, receiver: str, reason: str
) -> None:
    mail = try_mail(mail_to(receiver, alice))
    assert (mail.given_up_at, mail.sent_at, mail.reason) == (NOON, None, reason)
    assert take_mail(at=NOON + timedelta(days=9)) is None


@pytest.mark.parametrize(
    ("receiver", "reason"),
    [
        ("grey", "does not take this mail: 451 4.7.1 Try later"),
        ("drop", "Trouble with the mail server: "),
        ("lose", "Trouble with the mail server: "),
        ("hang", "timed out"),
        ("drip", "Trouble with the mail server: "),
    ],
)
def test_other_trouble_is_tried_again_later(
    alice: User, server: MailServer, receiver: str, reason: str
) -> None:
    mail = try_mail(mail_to(receiver, alice), step=0.2, whole=0.5)
    assert (mail.given_up_at, mail.sent_at, mail.tries) == (None, None, 1)
    assert reason in mail.reason
    assert mail.due_at == NOON + timedelta(minutes=1)
    assert take_mail(at=NOON + timedelta(seconds=59)) is None


def test_a_server_that_never_says_a_word_is_left(alice: User, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "accounts.mail.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        mail = try_mail(mail_to("alice", alice), step=0.2)
    assert "timed out" in mail.reason


def test_a_receipt_that_takes_long_is_waited_for(alice: User, server: MailServer) -> None:
    """Else it would be sent twice."""
    assert try_mail(mail_to("slow", alice), step=0.1).sent_at
    assert server.receivers == ["slow"]


def test_a_server_that_does_not_say_goodbye_has_the_mail(alice: User, server: MailServer) -> None:
    assert try_mail(mail_to("quit", alice), step=0.2).sent_at


def test_it_arrives_when_the_server_comes_back(alice: User, server: MailServer) -> None:
    server.close()
    mail = try_mail(mail_to("alice", alice))
    assert "Connection refused" in mail.reason
    server.start()
    assert try_mail(mail, at=mail.due_at).sent_at
    assert (mail.tries, mail.reason) == (2, "")


def test_after_three_days_it_is_given_up(alice: User, server: MailServer) -> None:
    mail = mail_to("grey", alice)
    while not mail.given_up_at:
        try_mail(mail, at=mail.due_at)
    assert mail.tries == len(MINUTES) + 1
    assert timedelta(days=3) < mail.given_up_at - NOON < timedelta(days=3.5)
    assert "451 4.7.1 Try later" in mail.reason


@pytest.mark.parametrize("backend", ["no.such.Backend", "django.core.mail.backends.locmem.NoClass"])
def test_trouble_of_the_program_is_logged_and_tried_again(
    alice: User, settings: Settings, caplog: pytest.LogCaptureFixture, backend: str
) -> None:
    settings.EMAIL_BACKEND = backend
    mail = try_mail(mail_to("alice", alice))
    assert mail.reason.startswith("The mail could not be written: ")
    assert mail.due_at > NOON
    assert "could not be written" in caplog.text


def test_odd_addresses_are_one_receiver(alice: User, server: MailServer) -> None:
    User.objects.update(email='"a,b<c>"@example.org', username="Zoë, <b>\N{SNOWMAN}: x@y")
    assert try_mail(queue_mail(Kind.PASSWORD_CHANGED, alice, at=NOON)).sent_at
    (message,) = server.mails
    assert [each.addr_spec for each in message["To"].addresses] == ['"a,b<c>"@example.org']


# --- To whom


def test_a_new_password_goes_to_whoever_has_the_address(alice: User) -> None:
    queue_mail(Kind.RESET, None, to=alice.email)
    queue_mail(Kind.RESET, None, to="nobody@example.org")
    assert send_due() == 2
    assert [message.to for message in django_mail.outbox] == [[alice.email]]
    assert Mail.objects.get().sent_at


def test_a_mail_follows_its_account(alice: User) -> None:
    queue_mail(Kind.PASSWORD_CHANGED, alice)
    queue_mail(Kind.PASSWORD_CHANGED, alice, to="old@example.org")
    User.objects.update(email="new@example.org")
    send_due()
    assert sorted(message.to[0] for message in django_mail.outbox) == [
        "new@example.org",
        "old@example.org",
    ]


def test_a_closed_or_deleted_account_gets_none(alice: User, bob: User) -> None:
    for user in (alice, bob):
        queue_mail(Kind.PASSWORD_CHANGED, user)
    queue_mail(Kind.RESET, None, to=alice.email)
    User.objects.filter(pk=alice.pk).update(closed_at=NOON, is_active=False)
    bob.delete()
    send_due()
    assert not django_mail.outbox
    assert not Mail.objects.exists()


# --- What follows from it


@pytest.fixture
def follow() -> Iterator[Callable[[End], None]]:
    """Adds what follows from the end of a mail, for this test."""
    before = list(ends)
    yield ends.append
    ends[:] = before


def test_apps_are_told_once_of_each_end(
    alice: User, server: MailServer, follow: Callable[[End], None]
) -> None:
    told: list[tuple[str, bool, datetime]] = []
    follow(lambda mail, at: told.append((mail.to, bool(mail.sent_at), at)))
    for receiver in ("alice", "refuse", "grey"):
        try_mail(mail_to(receiver, alice))
    assert told == [("alice@example.org", True, NOON), ("refuse@example.org", False, NOON)]


def test_what_fails_afterwards_sends_nothing_twice(
    alice: User,
    server: MailServer,
    follow: Callable[[End], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    follow(lambda mail, at: mail.facts["no such fact"])
    assert try_mail(mail_to("alice", alice)).sent_at
    assert "what follows from it has failed" in caplog.text


def test_a_database_that_is_away_is_told_when_it_is_back(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    answers = iter([OperationalError("away"), OperationalError("away"), None])
    pauses: list[float] = []

    def mark() -> None:
        if answer := next(answers):
            raise answer

    insist(mark, pause=pauses.append)
    assert pauses == [1, 1]


def test_a_lease_outlasts_all_patience() -> None:
    assert timedelta(seconds=2 * (Patience().end - Patience().clock())) < LEASE


def test_what_somebody_waits_for_goes_before_what_can_wait(alice: User) -> None:
    User.objects.update(wants_results=True)
    at = timezone.now()
    queue_mail(Kind.RESULTS, alice, at=at - timedelta(hours=1))
    queue_mail(Kind.RESET, alice, at=at)
    first = take_mail(at=at)
    assert first
    assert first.kind == Kind.RESET
