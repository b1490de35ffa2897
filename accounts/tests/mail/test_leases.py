"""One mail is sent by one sender at a time, whatever happens to it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.mail.leases import LEASE, LeaseLost, mark_failed, mark_sent, put_back, take_mail
from accounts.mail.models import Kind, Mail
from accounts.mail.queueing import queue_mail
from accounts.models import User
from accounts.tests.factories import UserFactory
from accounts.tests.racing import at_once

NOON = datetime(2020, 2, 29, 12, tzinfo=UTC)


@pytest.fixture
def mail(alice: User) -> Mail:
    return queue_mail(Kind.PASSWORD_CHANGED, alice, at=NOON)


def take(*, at: datetime = NOON) -> Mail:
    mail = take_mail(at=at)
    assert mail
    return mail


@pytest.mark.django_db(transaction=True)
def test_of_many_senders_at_once_each_gets_another_mail() -> None:
    user = UserFactory.create()
    mails = {queue_mail(Kind.PASSWORD_CHANGED, user, at=NOON).pk for _ in range(5)}
    taken = at_once(*[lambda: take_mail(at=NOON)] * 8)
    assert {mail.pk for mail in taken if isinstance(mail, Mail)} == mails
    assert taken.count(None) == 3


def test_it_is_held_until_the_lease_is_over(mail: Mail) -> None:
    take()
    assert take_mail(at=NOON + LEASE - timedelta(seconds=1)) is None
    assert take(at=NOON + LEASE) == mail


def test_what_is_handed_back_is_due_at_once(mail: Mail) -> None:
    put_back(take())
    assert take().tries == 0


def test_who_lost_a_mail_marks_nothing(mail: Mail) -> None:
    late, current = take(), take(at=NOON + LEASE)
    with pytest.raises(LeaseLost):
        mark_sent(late, at=NOON)
    with pytest.raises(LeaseLost):
        mark_failed(late, "late", is_final=True, at=NOON)
    put_back(late)
    mark_sent(current, at=NOON + LEASE)
    mail.refresh_from_db()
    assert (mail.sent_at, mail.given_up_at, mail.lease) == (NOON + LEASE, None, None)


def test_nothing_is_due_before_its_time(mail: Mail) -> None:
    assert take_mail(at=NOON - timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("mail_ends_once", {"sent_at": NOON, "given_up_at": NOON}),
        ("mail_lease_ends", {"leased_until": NOON}),
        ("mail_lease_ends", {"lease": "00000000-0000-4000-8000-000000000001"}),
    ],
)
def test_the_database_refuses_what_cannot_be(mail: Mail, name: str, values: object) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Mail.objects.update(**values)  # type: ignore[arg-type]
