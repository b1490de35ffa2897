"""The scheduled job, as operators and cron call it."""

import signal
import sys
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import AccessToken, User
from accounts.tokens import issue_token
from ballots.life import open_lottery
from ballots.models import BallotBox, Draw
from ballots.tests.factories import BoxFactory, draw, open_box, sealed_box, submit
from ballots.tests.processes import process_environment, running, wait_until
from lotteries.models import Lottery

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("close_lotteries", *arguments, stdout=output)
    return output.getvalue()


def find_drawn() -> set[date]:
    return set(Draw.objects.values_list("box__lottery__closure_date", flat=True))


def test_it_draws_all_that_are_due_oldest_first(alice: User) -> None:
    late = BoxFactory.create(closure_date=date(2020, 3, 2), name="second")
    early = BoxFactory.create(closure_date=date(2019, 3, 2), name="first")
    submit(late, alice, 1)
    open_box(name="still open")
    assert run() == ("2019-03-02 first: No ballots.\n2020-03-02 second: Ballot 1 of alice wins.\n")
    assert find_drawn() == {early.lottery.closure_date, late.lottery.closure_date}


def test_it_says_that_nothing_is_due() -> None:
    BoxFactory.create()
    run()
    assert run() == run("--dry-run") == "Nothing is due.\n"


def test_one_date(alice: User) -> None:
    wanted, other = BoxFactory.create_batch(2)
    output = run("--date", str(wanted.lottery.closure_date))
    assert wanted.lottery.name in output
    assert find_drawn() == {wanted.lottery.closure_date}
    assert not BallotBox.objects.get(pk=other.pk).sealed_at


def test_one_date_again_repeats_the_first_result(alice: User) -> None:
    box = BoxFactory.create()
    submit(box, alice, 5)
    first, again = (run("--date", str(box.lottery.closure_date)) for _ in range(2))
    name, _, outcome = first.partition(": ")
    assert "of alice wins" in outcome
    assert again == f"{name}: was drawn already, and the first draw stays: {outcome}"


def test_an_open_one_needs_early() -> None:
    closure_date = open_box().lottery.closure_date
    with pytest.raises(CommandError, match="Add --early to close it now"):
        run("--date", str(closure_date))
    assert find_drawn() == set()
    run("--date", str(closure_date), "--early")
    assert find_drawn() == {closure_date}
    assert BallotBox.objects.select_related("lottery").get().closed_early


def test_early_needs_a_date() -> None:
    with pytest.raises(CommandError, match="--early needs --date"):
        run("--early")


def test_a_date_without_a_lottery() -> None:
    with pytest.raises(CommandError, match="no lottery that closes on 2020-06-01"):
        run("--date", "2020-06-01")


@pytest.mark.parametrize("text", ["2020-02-30", "tomorrow", ""])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(CommandError, match="Write a date as YYYY-MM-DD"):
        run(f"--date={text}")


@pytest.mark.parametrize("text", ["0", "-1", "soon", "86401"])
def test_what_is_no_number_of_seconds(text: str) -> None:
    with pytest.raises(CommandError, match="whole number from 1 to 86400"):
        run(f"--watch={text}")


def test_a_dry_run_changes_nothing(alice: User) -> None:
    due, done = BoxFactory.create_batch(2)
    is_open = open_box()
    draw(done)
    assert "would be closed and drawn" in run("--dry-run")
    for box, outcome in [
        (due, "would be closed and drawn"),
        (done, "is drawn already"),
        (is_open, "is still open"),
    ]:
        assert outcome in run("--dry-run", "--date", str(box.lottery.closure_date))
    closure_date = str(is_open.lottery.closure_date)
    assert "would be closed early" in run("--dry-run", "--early", "--date", closure_date)
    assert find_drawn() == {done.lottery.closure_date}


def test_one_failure_does_not_stop_the_others(
    alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = BoxFactory.create_batch(2)
    submit(broken, alice)
    BallotBox.objects.filter(pk=broken.pk).update(ballot_count=2**31 - 1)  # its winner is missing
    with pytest.raises(CommandError, match=f"Not drawn: {broken.lottery.closure_date}"):
        run()
    assert find_drawn() == {sound.lottery.closure_date}
    assert BallotBox.objects.get(pk=broken.pk).sealed_at is None
    assert "could not be drawn" in caplog.text


def test_it_opens_the_lotteries_of_the_days_ahead(settings: Settings) -> None:
    settings.LOTTERIES_AHEAD = 3
    assert run().count("opened") == 3
    assert Lottery.objects.filter(closure_date__gte=timezone.localdate()).count() == 3
    assert run() == "Nothing is due.\n"


def test_a_dry_run_tells_what_it_would_open(settings: Settings) -> None:
    settings.LOTTERIES_AHEAD = 3
    today = timezone.localdate()
    open_lottery(Lottery(closure_date=today + timedelta(days=1)))
    expected = [f"{today + timedelta(days=ahead)}: would be opened" for ahead in (0, 2)]
    assert run("--dry-run").splitlines() == expected
    assert Lottery.objects.count() == 1


@pytest.mark.parametrize(
    "others", [["--dry-run"], ["--date", "2026-12-24"], ["--date", "2026-12-24", "--early"]]
)
def test_watching_goes_with_nothing_that_happens_once(others: list[str]) -> None:
    with pytest.raises(CommandError, match="--watch goes with neither --date nor --dry-run"):
        run("--watch", "60", *others)


def test_it_opens_none_by_itself() -> None:
    run()
    assert not Lottery.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_watches_until_it_is_stopped(stop: signal.Signals) -> None:
    first = BoxFactory.create()
    command = [sys.executable, "manage.py", "close_lotteries", "--watch", "1"]
    with running(*command, env=process_environment()) as watcher:
        wait_until(lambda: find_drawn() == {first.lottery.closure_date})
        second = BoxFactory.create()
        wait_until(lambda: second.lottery.closure_date in find_drawn())
        watcher.send_signal(stop)
        output, _ = watcher.communicate(timeout=20)
    assert watcher.returncode in {0, 128 + signal.SIGTERM}
    assert [line.split()[0] for line in output.splitlines()[:2]] == [
        str(box.lottery.closure_date) for box in (first, second)
    ]


def test_it_deletes_what_is_over(alice: User) -> None:
    issue_token(alice, at=timezone.now() - timedelta(days=30))
    run("--dry-run")
    assert AccessToken.objects.exists()
    run()
    assert not AccessToken.objects.exists()


def test_a_failure_to_delete_it_stops_no_draw(
    alice: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SESSION_ENGINE = "no.such.engine"
    box = BoxFactory.create(name="due")
    submit(box, alice, 1)
    assert "due: Ballot 1 of alice wins." in run()
    assert "What is over could not be deleted" in caplog.text


def test_a_failed_draw_does_not_keep_it(alice: User, settings: Settings) -> None:
    settings.BEACON_RELAYS, settings.BEACON_WAIT = [], 0
    sealed_box((alice, 1))
    issue_token(alice, at=timezone.now() - timedelta(days=30))
    with pytest.raises(CommandError):
        run()
    assert not AccessToken.objects.exists()
