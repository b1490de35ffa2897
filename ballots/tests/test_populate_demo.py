from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.mail.models import Mail
from accounts.models import User
from accounts.registering import set_role
from ballots.management.commands.populate_demo import PASSWORD
from ballots.models import Ballot, BallotBox, Draw, DrawnBallot, Holding
from ballots.tests.invariants import assert_sound
from lotteries.models import Lottery

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("populate_demo", *arguments, stdout=output)
    return output.getvalue()


def two_days_ago() -> str:
    return str(timezone.localdate() - timedelta(days=2))


def test_it_makes_what_it_is_asked_for() -> None:
    run("-l", "4", "-u", "3", "-b", "25")
    assert (Lottery.objects.count(), User.objects.count(), Ballot.objects.count()) == (4, 3, 75)
    assert Lottery.objects.earliest("closure_date").closure_date == timezone.localdate()
    for box in BallotBox.objects.all():
        assert_sound(box)


def test_lotteries_of_past_dates_are_drawn() -> None:
    run("-l", "4", "-u", "2", "-b", "40", "-d", two_days_ago())
    assert Draw.objects.count() == 2
    for box in BallotBox.objects.with_results():
        assert_sound(box)
        assert not box.closed_early
        assert box.lottery.announced_at < box.lottery.closes_at


def test_of_the_places_some_is_claimed_handed_over_declined_and_passed_over() -> None:
    run("-l", "15", "-u", "8", "-b", "150", "-d", str(timezone.localdate() - timedelta(days=15)))
    assert set(Lottery.objects.values_list("places", flat=True)) == {1, 3, 5}
    standing = Holding.objects.standing()
    assert standing.filter(handed_over_at__isnull=False).exists()
    assert standing.filter(answer="claimed", handed_over_at=None).exists()
    assert standing.filter(answer="").exists()
    gone = DrawnBallot.objects.exclude(passed_over_at=None)
    assert set(gone.values_list("ground", flat=True)) == {"declined", "ineligible"}
    assert DrawnBallot.objects.filter(username="").exists()
    for box in BallotBox.objects.with_results():
        assert_sound(box)


@pytest.mark.parametrize("first", ["today", "two days ago"])
def test_a_repeat_adds_nothing(first: str) -> None:
    arguments = ["-l", "4", "-u", "2", "-b", "150"]
    arguments += ["-d", two_days_ago()] if first == "two days ago" else []
    assert "New: 4 lotteries, 2 users, 300 ballots." in run(*arguments)
    places = list(Holding.objects.order_by("pk").values())
    before = set(Ballot.objects.values_list("id", flat=True))
    assert "New: 0 lotteries, 0 users, 0 ballots." in run(*arguments)
    assert set(Ballot.objects.values_list("id", flat=True)) == before
    assert list(Holding.objects.order_by("pk").values()) == places
    assert User.objects.count() == 2


def test_more_users_can_be_added_later() -> None:
    run("-l", "2", "-u", "2", "-b", "5")
    run("-l", "2", "-u", "2", "-b", "5", "-n", "3")
    assert User.objects.count() == 4
    assert Ballot.objects.count() == 20


def test_its_users_can_sign_in_as_it_says() -> None:
    output = run("-l", "1", "-u", "1", "-b", "0")
    user = User.objects.get()
    assert user.email in output
    assert PASSWORD in output
    assert user.check_password(PASSWORD)


def test_its_users_have_nothing_to_confirm() -> None:
    run("-l", "1", "-u", "1", "-b", "0")
    assert User.objects.get().email_confirmed_at
    assert not Mail.objects.exists()


def test_a_demo_user_who_became_admin_gets_one_clear_line() -> None:
    run("-l", "1", "-u", "1", "-b", "0")
    set_role(User.objects.get(), is_admin=True)
    with pytest.raises(CommandError, match=r"demo\.1@example\.org: Admins cannot submit"):
        run("-l", "1", "-u", "1", "-b", "5")


@pytest.mark.parametrize(
    "arguments",
    [
        ["-l", "0"],
        ["-u", "0"],
        ["-b", "-1"],
        ["-d", "2020-02-30"],
        ["-n", "0"],
        ["-d", "9999-12-31"],
    ],
)
def test_arguments_that_make_no_sense(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)
    assert not User.objects.exists()


def test_a_real_site_is_left_alone_unless_forced(settings: Settings) -> None:
    settings.SITE_URL, settings.IS_HTTPS = "https://lottery.example.org", True
    with pytest.raises(CommandError, match=r"^https://lottery.example.org looks like a real site"):
        run("-l", "1", "-u", "1", "-b", "1")
    assert not User.objects.exists()
    assert "New: 1 lottery, 1 user, 1 ballot." in run("-l", "1", "-u", "1", "-b", "1", "--force")
