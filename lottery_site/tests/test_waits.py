"""Pages wait less long for the database than commands do."""

from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.shared.troubles import UNSURE, SiteBusy, find_trouble
from accounts.shared.turns import Turns
from accounts.tests.trouble import forwarder, waits
from ballots.models import Ballot
from ballots.tests.factories import open_box
from lottery_site.tests.processes import sqlite_settings, successful
from lottery_site.waits import COMMAND, WEB

PROGRAM = """
from django.db import OperationalError, connection, transaction
print(connection.settings_dict["OPTIONS"]["waits"])
from accounts.shared.turns import Turns
from lottery_site import wsgi
print(connection.settings_dict["OPTIONS"]["waits"], Turns.most)
"""


def test_the_web_has_the_short_limits_and_commands_the_long_ones(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()  # which whitenoise misses otherwise
    options = ("--verbosity", "0", "--no-imports", "-c", PROGRAM)
    printed = successful("shell", *options, **sqlite_settings(tmp_path))
    assert printed.splitlines() == [str(COMMAND), f"{WEB} 2"]
    assert WEB.lock < COMMAND.lock
    assert WEB.statement < COMMAND.statement
    assert WEB.write < COMMAND.write


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a lock for each row")
@pytest.mark.django_db(transaction=True)
def test_whoever_writes_to_a_file_waits_for_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Turns, "most", 0)
    with pytest.raises(OperationalError, match="locked") as raised, transaction.atomic():
        pytest.fail("There was no turn.")
    assert find_trouble(raised.value) is SiteBusy
    monkeypatch.undo()
    with transaction.atomic():
        assert connection.in_atomic_block


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connections")
@pytest.mark.django_db(transaction=True)
def test_a_commit_that_nobody_answered_is_uncertain_and_can_be_sent_again(alice: User) -> None:
    box = open_box()
    browser = Client(raise_request_exception=False)
    browser.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("ballots:submit_ballots", args=[box.lottery.closure_date])
    form = {"quantity": 3, "token": "3f2b8f0e-8b6a-4c8e-9d3e-0123456789ab"}
    with waits(statement=1, answer=0), forwarder() as way:
        way.last = b"COMMIT"
        answer = browser.post(address, form)
    assert answer.status_code == 503
    assert UNSURE.split(":")[0] in answer.content.decode()
    assert Ballot.objects.count() == 3
    assert browser.post(address, form).status_code == 302
    assert Ballot.objects.count() == 3
