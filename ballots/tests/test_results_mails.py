"""Those who took part and want to know are told by mail that a lottery was drawn, each once."""

import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.core import mail as django_mail
from django.urls import reverse

from accounts.mail.models import Kind, Mail
from accounts.mail.sending import send_due
from accounts.models import User
from accounts.tests.factories import UserFactory
from accounts.tests.racing import at_once
from ballots.mails.models import ResultsMailing
from ballots.mails.results import queue_results
from ballots.models import BallotBox
from ballots.tests.factories import MIDNIGHT, NOON, BoxFactory, draw, submit
from ballots.tests.processes import process_environment


def take_part(box: BallotBox, count: int, **fields: bool) -> set[str]:
    """The addresses of so many people who took part."""
    people = [UserFactory.create(**fields) for _ in range(count)]
    for person in people:
        submit(box, person)
    return {person.email for person in people}


@pytest.fixture
def box(db: None) -> BallotBox:
    return BoxFactory.create(
        closure_date=NOON.date(), name="Spring lottery", prize="A tree\n& more"
    )


def told() -> list[str]:
    return sorted(mail.address for mail in Mail.objects.filter(kind=Kind.RESULTS))


def test_they_are_told_after_the_draw_if_they_want_to_be(box: BallotBox) -> None:
    wanting = take_part(box, 3, wants_results=True)
    take_part(box, 2)
    UserFactory.create(wants_results=True)  # who did not take part
    assert not queue_results(MIDNIGHT)
    draw(box)
    send_due()
    messages = [one for one in django_mail.outbox if one.subject.startswith("Drawn: ")]
    assert sorted(one.to[0] for one in messages) == sorted(wanting)
    assert messages[0].subject == "Drawn: Spring lottery, 2020-02-29"
    box.refresh_from_db()
    assert box.winner
    for text in ("The prize: A tree", f"The winner: {box.winner.shown_as}"):
        assert text in messages[0].body
    link = settings.SITE_URL + reverse("ballots:lottery", args=[NOON.date()])
    assert link in messages[0].body
    assert "List-Unsubscribe" in messages[0].extra_headers
    assert not queue_results(MIDNIGHT)


def test_a_lottery_without_ballots_tells_nobody(box: BallotBox) -> None:
    draw(box)
    assert queue_results(MIDNIGHT)
    assert not queue_results(MIDNIGHT)
    assert not Mail.objects.exists()


def test_who_closed_the_account_is_not_told(box: BallotBox) -> None:
    take_part(box, 1, wants_results=True)
    draw(box)
    User.objects.update(closed_at=MIDNIGHT, is_active=False)
    queue_results(MIDNIGHT)
    assert not told()


@pytest.mark.parametrize("batch", [1, 2, 3, 5, 6])
def test_in_batches_of_any_size_each_is_told_once(box: BallotBox, batch: int) -> None:
    wanting = take_part(box, 5, wants_results=True)
    draw(box)
    while queue_results(MIDNIGHT, batch=batch):
        assert len(told()) <= 5
    assert told() == sorted(wanting)


@pytest.mark.django_db(transaction=True)
def test_by_several_at_once_each_is_told_once(box: BallotBox) -> None:
    wanting = take_part(box, 7, wants_results=True)
    draw(box)
    while queue_results(MIDNIGHT, batch=1):
        at_once(*[lambda: queue_results(MIDNIGHT, batch=1)] * 4)
    assert told() == sorted(wanting)


def dies(step: int) -> bool:
    command = [sys.executable, "-m", "ballots.tests.dying", "results", str(step)]
    process = subprocess.run(command, env=process_environment())
    assert process.returncode in {0, -signal.SIGKILL}
    return process.returncode != 0


@pytest.mark.django_db(transaction=True)
def test_who_is_killed_half_way_leaves_nobody_out_and_tells_nobody_twice(box: BallotBox) -> None:
    wanting = take_part(box, 5, wants_results=True)
    draw(box)
    queue_results(MIDNIGHT, batch=2)
    step = 1
    while dies(step):
        assert len(told()) == 2  # the whole batch or nothing
        step += 2
    assert step > 3
    assert len(told()) == 4
    while queue_results(MIDNIGHT, batch=2):
        pass
    assert told() == sorted(wanting)
    assert ResultsMailing.objects.get().done_at == MIDNIGHT
