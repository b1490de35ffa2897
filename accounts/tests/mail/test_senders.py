"""Several senders in one process: one that is kept waiting stops no other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic, sleep

import pytest
from django.utils import timezone

from accounts.mail.models import Kind, Mail
from accounts.mail.queueing import queue_mail
from accounts.mail.senders import Senders, send_all
from accounts.tests.factories import UserFactory
from accounts.tests.mail.server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


def queue(*receivers: str) -> None:
    user = UserFactory.create()
    for receiver in receivers:
        queue_mail(Kind.PASSWORD_CHANGED, user, to=f"{receiver}@example.org")


@contextmanager
def running(server: MailServer, count: int = 3) -> Iterator[Senders]:
    """Senders, and the end of all that keeps them waiting."""
    senders = Senders(count)
    senders.start()
    try:
        yield senders
    finally:
        senders.stop(0)
        server.close()
        senders.join(30)


def wait_until(holds: Callable[[], bool]) -> None:
    end = monotonic() + 30
    while not holds():
        assert monotonic() < end
        sleep(0.01)


def test_with_one_hung_connection_all_others_arrive(server: MailServer) -> None:
    server.hangs_at_hello = 1
    receivers = [f"person{number}" for number in range(9)]
    queue(*receivers)
    with running(server) as senders:
        wait_until(lambda: len(server.texts) == 8)
        assert server.hanging.is_set()
        assert any(sender.held for sender in senders.threads)
    assert len({*server.receivers}) == 8
    assert Mail.objects.unsent().count() == 1


def test_what_is_under_way_is_handed_back_when_they_stop(server: MailServer) -> None:
    queue("hang")
    with running(server, 1) as senders:
        assert server.hanging.wait(30)
        mail = Mail.objects.exclude(lease=None).get()
        senders.stop(0)
        assert Mail.objects.get(lease=None, tries=0, reason="") == mail
    assert Mail.objects.due(timezone.now()).get(tries=0) == mail


def test_what_the_server_may_have_is_not_handed_back(server: MailServer) -> None:
    queue("keep")
    with running(server, 1) as senders:
        assert server.hanging.wait(30)
        senders.stop(0)
        assert not Mail.objects.due(timezone.now()).exists()
        assert Mail.objects.due(timezone.now() + timedelta(minutes=5)).exists()


def test_a_new_mail_wakes_them(server: MailServer) -> None:
    with running(server, 1):
        queue("alice")
        wait_until(lambda: len(server.texts) == 1)


def test_an_error_ends_no_sender(server: MailServer, caplog: pytest.LogCaptureFixture) -> None:
    with running(server, 1) as senders:
        senders.threads[0].patience = lambda: 1 / 0  # type: ignore[assignment,return-value]
        queue("alice")
        wait_until(lambda: "A sender of mails has failed" in caplog.text)
        assert senders.threads[0].is_alive()


def test_a_run_sends_all_that_is_due(server: MailServer) -> None:
    queue("alice", "grey", "refuse", "bob")
    send_all(seconds=30)
    assert sorted(server.receivers) == ["alice", "bob"]
    assert not Mail.objects.due(timezone.now()).exists()
