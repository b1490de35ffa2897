"""Debian's cron, for real: what manage.py crontab add installed draws a lottery that is due."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest

from conftest import needs
from lottery_site.tests.processes import site_in, successful

CRON = shutil.which("cron", path="/usr/sbin:/usr/bin")
LONGEST_WAIT = 150  # seconds: cron looks once a minute

pytestmark = needs("cron", present=CRON and shutil.which("crontab") and os.geteuid() == 0)

TWO_DUE_LOTTERIES = """
from datetime import UTC, date, datetime
from ballots.models import BallotBox
from ballots.life import open_lottery
from lotteries.models import Lottery
for day in (1, 2):
    at = datetime(2020, 3, day, tzinfo=UTC)
    open_lottery(Lottery(closure_date=at.date(), name=f"lottery {day}"), at=at)
BallotBox.objects.filter(lottery__name="lottery 2").update(ballot_count=2**31 - 1)
"""
DRAWN = """
from ballots.models import Draw
print(*Draw.objects.values_list("box__lottery__name", flat=True))
"""


def crontab(*arguments: str, text: str | None = None) -> str:
    answer = subprocess.run(
        ["crontab", *arguments], input=text, capture_output=True, text=True, check=False
    )
    return answer.stdout


@pytest.fixture
def site(tmp_path: Path) -> dict[str, str]:
    """With a lottery that can be drawn, and one whose ballots are lost."""
    settings = site_in(tmp_path)
    successful("shell", "--verbosity", "0", "-c", TWO_DUE_LOTTERIES, **settings)
    return settings


@pytest.fixture
def _same_crontab_afterwards() -> Iterator[None]:
    before = crontab("-l")
    crontab("-", text="")
    yield
    crontab("-", text=before) if before else crontab("-r")


@contextmanager
def running_cron() -> Iterator[None]:
    """The cron daemon: the one that runs already, or one of the test's own."""
    if not subprocess.run(["pidof", str(CRON)], capture_output=True).returncode:
        yield
        return
    process = subprocess.Popen([str(CRON), "-f"])
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def wait_for(file: Path, text: str) -> str:
    """What the file has once the text is in it."""
    end = monotonic() + LONGEST_WAIT
    while monotonic() < end:
        if file.exists() and text in (content := file.read_text()):
            return content
        sleep(0.5)
    pytest.fail(f"{file} got no {text!r} in {LONGEST_WAIT} seconds.")


@pytest.mark.usefixtures("_same_crontab_afterwards")
def test_cron_draws_what_is_due_and_says_what_failed(site: dict[str, str], tmp_path: Path) -> None:
    successful("crontab", "add", **site)
    line = crontab("-l")
    assert line.startswith("*/15 * * * * ")
    crontab("-", text=line.replace("*/15", "*", 1))

    # Only now: cron would miss a change made in the second in which it has read the crontabs.
    with running_cron():
        log = wait_for(tmp_path / "cron.log", "The job has failed.")

    assert "2020-03-01 lottery 1: No ballots." in log
    assert "lottery 2 (2020-03-02) could not be drawn" in log
    assert "KeyError" in log
    assert successful("shell", "--verbosity", "0", "-c", DRAWN, **site).strip() == "lottery 1"
    command = line.removeprefix("*/15 * * * * ")
    again = subprocess.run(["env", "-i", "/bin/sh", "-c", command])
    assert again.returncode == 1
