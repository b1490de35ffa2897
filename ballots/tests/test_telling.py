"""Who is told of a place, and the moment from which the time to claim counts."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.mail.ends import ends
from accounts.mail.models import Kind, Mail
from accounts.mail.rendering import write_mail
from accounts.models import User
from ballots.claiming import decline
from ballots.day_after import pass_over
from ballots.models import BallotBox, Ground
from ballots.telling import note_missed_ends
from ballots.tests.factories import BoxFactory, draw, submit
from ballots.tests.winning import drawn_box, drawn_of, holder, holding_of, page, winner_and_other

WEEK = timedelta(days=7)
PRIZE = "A crate of pears\nof the best & ripest"


@pytest.fixture(autouse=True)
def _mails_are_sent(settings: Settings) -> None:
    settings.SENDS_MAIL = True


@pytest.fixture
def box(alice: User) -> BallotBox:
    return drawn_box((alice, 3), claim_days=7, prize=PRIZE)


def end(mail: Mail, at: datetime, *, is_sent: bool = True) -> None:
    """What the outbox does in the transaction that marks a mail."""
    mail.sent_at, mail.given_up_at = (at, None) if is_sent else (None, at)
    mail.save()
    for hook in ends:
        hook(mail, at)


def won_mail(box: BallotBox, user: User) -> Mail:
    mail = holding_of(box, user).mail
    assert mail
    return mail


def moments(box: BallotBox, user: User) -> tuple[datetime | None, datetime | None]:
    holding = holding_of(box, user)
    return holding.told_at, holding.claim_until


def test_while_the_mail_waits_no_time_runs(box: BallotBox, alice: User) -> None:
    assert won_mail(box, alice).kind == Kind.WON
    assert moments(box, alice) == (None, None)


@pytest.mark.parametrize("is_sent", [True, False])
def test_the_time_counts_from_the_mails_end(box: BallotBox, alice: User, is_sent: bool) -> None:
    at = box.lottery.closes_at + timedelta(hours=5)
    end(won_mail(box, alice), at, is_sent=is_sent)
    assert moments(box, alice) == (at, at + WEEK)


def test_a_mail_that_is_sent_again_moves_no_deadline(box: BallotBox, alice: User) -> None:
    at = box.lottery.closes_at
    end(won_mail(box, alice), at, is_sent=False)
    end(won_mail(box, alice), at + WEEK)
    assert moments(box, alice) == (at, at + WEEK)


def test_without_days_to_claim_there_is_no_deadline(alice: User) -> None:
    box = drawn_box((alice, 1))
    end(won_mail(box, alice), box.lottery.closes_at)
    assert moments(box, alice) == (box.lottery.closes_at, None)


def test_a_site_that_sends_no_mail_counts_from_the_draw(alice: User, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    box = drawn_box((alice, 1), claim_days=7)
    closes_at = box.lottery.closes_at
    assert won_mail(box, alice)  # printed, for whoever looks
    end(won_mail(box, alice), closes_at + WEEK)
    assert moments(box, alice) == (closes_at, closes_at + WEEK)


@pytest.mark.parametrize("is_closed", [True, False])
def test_an_account_that_is_no_more_counts_as_without_mail(alice: User, is_closed: bool) -> None:
    box = BoxFactory.create(claim_days=7)
    submit(box, alice)
    closed_at = timezone.now() if is_closed else None
    User.objects.filter(pk=alice.pk).update(is_active=False, closed_at=closed_at)
    draw(box)
    assert not Mail.objects.exists()
    assert moments(box, alice) == (box.lottery.closes_at, box.lottery.closes_at + WEEK)


def test_other_mails_start_no_time(box: BallotBox, alice: User) -> None:
    at = box.lottery.closes_at
    end(Mail.objects.create(kind=Kind.RESET, user=alice), at)
    assert moments(box, alice) == (None, None)


@pytest.mark.parametrize("is_gone", [True, False])
def test_an_end_that_nobody_noted_is_noted_later(
    box: BallotBox, alice: User, is_gone: bool
) -> None:
    at = box.lottery.closes_at
    note_missed_ends(at=at)
    assert moments(box, alice) == (None, None)
    if is_gone:
        won_mail(box, alice).delete()
    else:
        Mail.objects.update(sent_at=at)
    note_missed_ends(at=at)
    note_missed_ends(at=at + WEEK)
    assert moments(box, alice) == (at, at + WEEK)


def test_who_is_passed_over_and_who_is_next_are_mailed(alice: User, bob: User) -> None:
    box = drawn_box((alice, 2), (bob, 2), claim_days=7)
    first, second = winner_and_other(box, alice, bob)
    number = holder(box).number
    pass_over(box.lottery, number=number, ground=Ground.INELIGIBLE, reason="is under 18 years")
    told = Mail.objects.get(kind=Kind.PASSED_OVER)
    assert told.user == first
    assert "Not eligible: is under 18 years" in write_mail(told, first).body
    assert won_mail(box, second).user == second
    assert drawn_of(box, second).place == 1


def test_who_declined_reads_so(box: BallotBox, alice: User) -> None:
    decline(box.lottery, alice)
    mail = write_mail(Mail.objects.get(kind=Kind.PASSED_OVER), alice)
    assert mail.subject.startswith("Lottery Site: you declined your place in ")
    assert "Declined." in mail.body


def test_the_mail_says_what_was_won_and_what_to_do(box: BallotBox, alice: User) -> None:
    mail = write_mail(won_mail(box, alice), alice)
    html = str(mail.alternatives[0][0])
    assert mail.subject == "You won: A crate of pears (Lottery Site)"
    for text in (mail.body, html):
        assert page(box) in text
        assert "within 7 days of this mail" in " ".join(text.split())
        assert box.lottery.name in text
        assert "must be confirmed" in " ".join(text.split())
        assert "place 1" not in text  # there is one alone
    assert PRIZE in mail.body
    assert "of the best &amp; ripest" in html


def test_the_mail_of_one_of_many_names_the_place(alice: User, bob: User) -> None:
    box = drawn_box((alice, 1), (bob, 1), places=2)
    for user in (alice, bob):
        body = write_mail(won_mail(box, user), user).body
        assert f"place {drawn_of(box, user).place} of 2" in body
        assert "There is no deadline" in body


def test_a_confirmed_address_is_asked_nothing_more(box: BallotBox, alice: User) -> None:
    alice.email_confirmed_at = timezone.now()
    assert "confirmed" not in write_mail(won_mail(box, alice), alice).body
