"""manage.py prepare_database: a database of another version is named in one sentence."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from lottery_site.schema import lock_schema
from lottery_site.tests.processes import MACHINE

CHANGES = {
    "ALTER TABLE accounts_user RENAME COLUMN username TO name": (
        "accounts_user has a column too much: name"
    ),
    "ALTER TABLE ballots_submission ADD COLUMN more integer": (
        "ballots_submission has a column too much: more"
    ),
    "ALTER TABLE ballots_drawnballot RENAME TO ballots_redraw": (
        "there is no table ballots_drawnballot"
    ),
    "DROP INDEX latest_of_a_participant": "ballots_submission lacks latest_of_a_participant",
}


@pytest.mark.django_db
def test_a_database_of_this_version_is_left_as_it_is() -> None:
    call_command("prepare_database")


@pytest.mark.django_db
@pytest.mark.parametrize(("statement", "words"), CHANGES.items())
def test_one_of_another_version_is_named_in_one_sentence(statement: str, words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    with pytest.raises(CommandError, match="made by another version") as refused:
        call_command("prepare_database")
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one host")
@pytest.mark.django_db(transaction=True)
def test_hosts_that_start_at_once_wait_for_each_other() -> None:
    order = []

    def start_another() -> None:
        with lock_schema():
            order.append("another")

    thread = Thread(target=start_another)
    with lock_schema():
        thread.start()
        thread.join(0.5)
        order.append("first")
    thread.join(10)
    assert order == ["first", "another"]


def test_a_command_on_a_database_without_tables_says_what_to_run(tmp_path: Path) -> None:
    """On PostgreSQL that is the one beside which the tests have theirs."""
    url = {name: value for name, value in os.environ.items() if name == "DATABASE_URL"}
    answer = subprocess.run(
        [sys.executable, "manage.py", "close_lotteries"],
        env=MACHINE | url | {"DATA_DIR": str(tmp_path)},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode == 1
    assert answer.stderr.endswith("has no tables yet, run manage.py prepare_database.\n")
    assert "Traceback" not in answer.stderr
