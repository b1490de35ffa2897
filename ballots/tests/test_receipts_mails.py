"""Who wants receipts by mail is told the numbers of each submission."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail as django_mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.mail.models import Kind, Mail
from accounts.mail.sending import send_due
from accounts.models import User
from ballots.models import BallotBox
from ballots.refusals import LotteryClosed
from ballots.tests.factories import MIDNIGHT, NOON, BoxFactory, submit


@pytest.fixture
def box(db: None) -> BallotBox:
    return BoxFactory.create(closure_date=NOON.date(), name="Spring lottery")


def want(user: User) -> None:
    user.wants_receipts = True
    user.save(update_fields=["wants_receipts"])


def test_they_come_for_each_submission_once(box: BallotBox, alice: User) -> None:
    want(alice)
    token = uuid4()
    for _ in range(2):
        submit(box, alice, 3, token=token)
    submit(box, alice)
    send_due()
    texts = [str(one.body) for one in django_mail.outbox]
    assert "ballots 1 to 3 in Spring lottery" in texts[0]
    assert "ballot 4 in Spring lottery" in texts[1]
    page = reverse("ballots:submission", args=[NOON.date(), 1])
    assert settings.SITE_URL + page in texts[0]
    assert len(texts) == 2
    assert "List-Unsubscribe" in django_mail.outbox[0].extra_headers


def test_they_are_off_by_default_and_cost_nothing(box: BallotBox, alice: User, bob: User) -> None:
    want(bob)
    counts = []
    for user in (alice, bob):
        with CaptureQueriesContext(connection) as queries:
            submit(box, user)
        counts.append(len(queries))
    assert [mail.user for mail in Mail.objects.filter(kind=Kind.RECEIPTS)] == [bob]
    assert counts[1] == counts[0] + 1


def test_what_is_refused_tells_nobody(box: BallotBox, alice: User) -> None:
    want(alice)
    with pytest.raises(LotteryClosed):
        submit(box, alice, at=MIDNIGHT)
    assert not Mail.objects.exists()
