"""Two things that happen to one holder at once: one comes first, and each is whole or nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from itertools import combinations_with_replacement

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.audit.models import AuditEntry
from accounts.audit.writing import operator
from accounts.closing import close_account
from accounts.mail.models import Mail
from accounts.models import User
from accounts.shared.refusals import Refusal
from accounts.tests.factories import UserFactory
from accounts.tests.racing import at_once
from ballots.claiming import claim, decline
from ballots.day_after import hand_over, pass_over
from ballots.management.unclaimed import UnclaimedCommand
from ballots.models import BallotBox, DrawnBallot, Ground, Holding
from ballots.telling import note_end
from ballots.tests.winning import WORDS, drawn_box, holder, holding_of
from ballots.unclaimed import pass_over_unclaimed

pytestmark = pytest.mark.django_db(transaction=True)

Clock = Callable[[], datetime]
NAMES = ["claim", "decline", "deadline", "pass over", "hand over", "close account"]


@pytest.fixture
def box() -> BallotBox:
    """Four people, one place, and a week to claim it."""
    people = UserFactory.create_batch(4)
    return drawn_box(*[(person, 2) for person in people], claim_days=7)


@pytest.fixture
def first(box: BallotBox) -> DrawnBallot:
    """Who holds the place, until something happens."""
    return holder(box)


@pytest.fixture
def moment(first: DrawnBallot) -> datetime:
    until = first.holding.claim_until
    assert until
    return until


def striking_clock(moment: datetime) -> Clock:
    """A clock for all threads together: the moment comes after its first read."""
    before = [moment - timedelta(microseconds=1)]
    return lambda: before.pop() if before else moment


def jobs_of(first: DrawnBallot, clock: Clock) -> dict[str, Callable[[], object]]:
    """All that can happen to a holder."""
    lottery, number, person = first.draw.box.lottery, first.number, first.participant
    ground, reason, by = Ground.INELIGIBLE, "is under 18 years", operator()
    return {
        "claim": lambda: claim(lottery, person, **WORDS, clock=clock),
        "decline": lambda: decline(lottery, person, clock=clock),
        "deadline": lambda: pass_over_unclaimed(lottery, by=by, clock=clock),
        "pass over": lambda: pass_over(
            lottery, number=number, ground=ground, reason=reason, by=by, clock=clock
        ),
        "hand over": lambda: hand_over(lottery, number=number, by=by, clock=clock),
        "close account": lambda: close_account(person),
    }


@pytest.mark.parametrize(("one", "other"), list(combinations_with_replacement(NAMES, 2)))
def test_two_meet_at_the_moment(first: DrawnBallot, moment: datetime, one: str, other: str) -> None:
    jobs = jobs_of(first, striking_clock(moment))
    at_once(jobs[one], jobs[other])
    # The next run of the command: where nothing was decided, this is.
    jobs_of(first, lambda: moment)["deadline"]()
    assert_whole(first)


def assert_whole(first: DrawnBallot) -> None:
    """The first holder stands, with what they answered or got; or one other person holds it."""
    taken = list(DrawnBallot.objects.filter(draw=first.draw_id).select_related("holding"))
    holders = [each for each in taken if each.place]
    assert len({each.participant_id for each in holders}) == len(holders) <= 2
    assert [each.is_standing for each in holders] == [False] * (len(holders) - 1) + [True]
    assert Holding.objects.count() == len(holders)
    assert all(each.after_id == first.pk for each in taken if each.position > first.position)
    now = holders[0]
    assert now.pk == first.pk
    if now.is_standing:
        assert now.holding.is_claimed or now.holding.handed_over_at
    else:
        assert_passed_over(now)
    person = User.objects.get(pk=first.participant_id)
    assert Mail.objects.filter(user=person).count() == (
        0 if person.closed_at else len(holders)  # won and, where they were, passed over
    )


def assert_passed_over(drawn: DrawnBallot) -> None:
    answers = {
        Ground.DECLINED: {"declined"},
        Ground.UNCLAIMED: {""},
        Ground.INELIGIBLE: {"", "claimed"},
    }
    assert drawn.holding.answer in answers[Ground(drawn.ground)]
    assert drawn.holding.handed_over_at is None
    is_an_act = drawn.ground != Ground.DECLINED
    assert AuditEntry.objects.filter(verb="pass over").count() == int(is_an_act)


def test_8_claims_at_once_are_one(first: DrawnBallot, moment: datetime) -> None:
    job = jobs_of(first, lambda: moment - timedelta(days=1))["claim"]
    assert not any(isinstance(outcome, Refusal) for outcome in at_once(*[job] * 8))
    assert_whole(first)


def test_8_decline_at_once_and_one_person_is_next(first: DrawnBallot, moment: datetime) -> None:
    job = jobs_of(first, lambda: moment - timedelta(days=1))["decline"]
    assert not any(isinstance(outcome, Refusal) for outcome in at_once(*[job] * 8))
    assert_whole(first)


def test_the_command_8_times_at_once_passes_over_once(first: DrawnBallot) -> None:
    box = first.draw.box
    Holding.objects.update(claim_until=timezone.now())
    at_once(*[lambda: pass_over_unclaimed(box.lottery, by=operator())] * 4)
    assert_whole(first)
    Holding.objects.filter(drawn=holder(box)).update(claim_until=timezone.now())
    at_once(*[UnclaimedCommand(stdout=StringIO()).pass_over_all] * 4)
    assert DrawnBallot.objects.exclude(passed_over_at=None).count() == 2


@transaction.atomic
def end(mail: Mail, at: datetime) -> None:
    """As the outbox does it."""
    note_end(mail, at)


@pytest.mark.parametrize("name", ["claim", "decline", "pass over", "hand over"])
def test_a_mail_that_ends_meanwhile_loses_nothing(
    box: BallotBox, first: DrawnBallot, moment: datetime, name: str
) -> None:
    Holding.objects.update(told_at=None, claim_until=None)
    mail, at = first.holding.mail, moment - timedelta(days=7)
    assert mail
    at_once(jobs_of(first, lambda: at)[name], lambda: end(mail, at))
    told = holding_of(box, first.participant)
    assert (told.told_at, told.claim_until) == (at, moment)
    assert_whole(first)
