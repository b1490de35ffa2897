"""A process that stops hands its mails back, and one that is killed loses none."""

import signal
import sys
from contextlib import closing

import pytest
from django.utils import timezone

from accounts.mail.leases import LEASE, take_mail
from accounts.mail.models import Kind
from accounts.mail.queueing import queue_mail
from accounts.tests.factories import UserFactory
from accounts.tests.mail.server import MailServer
from ballots.tests.processes import process_environment, running


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGKILL])
def test_a_mail_under_way_is_sent_by_the_next(stop: signal.Signals) -> None:
    mail = queue_mail(Kind.PASSWORD_CHANGED, UserFactory.create(), to="hang@example.org")
    server = MailServer()
    environment = process_environment() | {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
    command = [sys.executable, "manage.py", "close_lotteries", "--watch", "60"]
    with closing(server), running(*command, env=environment) as process:
        assert server.hanging.wait(30)
        process.send_signal(stop)
        process.communicate(timeout=20)
    at = timezone.now()
    if stop == signal.SIGKILL:
        assert take_mail(at=at) is None
        at += LEASE
    held = take_mail(at=at)
    assert held == mail
    assert held.tries == 0
