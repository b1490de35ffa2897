"""manage.py crontab, with a program in the place of crontab that keeps its lines in a file."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError

from lottery_site.cron import cron_word, write_environment
from lottery_site.tests.processes import MACHINE, manage, site_in, successful

LINE = "*/15 * * * * "


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """What crontab would have installed."""
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\n[ "$1" = - ] && exec cat > {tmp_path}/table\n'
        f'cat {tmp_path}/table 2>/dev/null || {{ echo "no crontab for you" >&2; exit 1; }}\n'
    )
    program.chmod(0o755)
    return tmp_path / "table"


@pytest.fixture
def site(tmp_path: Path, table: Path) -> dict[str, str]:
    folder = tmp_path / "a folder's 100% #1"
    folder.mkdir()
    path = f"{table.parent}/bin:{MACHINE['PATH']}"
    return site_in(folder, PATH=path, SECRET_KEY='"quoted" \\ $HOME #1 %s' * 4)


def run_by_cron(line: str) -> "subprocess.CompletedProcess[str]":
    """The command of a line as cron runs it: by sh, with an empty environment."""
    command = line.removeprefix(LINE).replace(r"\%", "%")
    return subprocess.run(["env", "-i", "/bin/sh", "-c", command], capture_output=True, text=True)


def test_it_schedules_the_job_every_15_minutes(site: dict[str, str], table: Path) -> None:
    successful("crontab", "add", **site)
    assert table.read_text().startswith(LINE)
    assert successful("crontab", "show", **site) == table.read_text()


def test_it_says_that_there_is_nothing_to_show_or_remove(site: dict[str, str]) -> None:
    assert successful("crontab", "show", **site) == "No job of this site is installed.\n"
    assert successful("crontab", "remove", **site).startswith("Removed 0 jobs of this site.")
    successful("crontab", "add", **site)
    assert successful("crontab", "remove", **site).startswith("Removed 1 job of this site.")


def test_what_others_scheduled_stays(site: dict[str, str], table: Path) -> None:
    table.write_text("# mine\n0 4 * * * backup 100\\% # lottery\n")
    for _ in range(2):
        successful("crontab", "add", **site)
    assert len(table.read_text().splitlines()) == 3
    successful("crontab", "remove", **site)
    assert table.read_text() == "# mine\n0 4 * * * backup 100\\% # lottery\n"


def test_jobs_of_an_older_version_are_removed(site: dict[str, str], table: Path) -> None:
    table.write_text(f"0 * * * * old crontab run abc # {settings.CRONTAB_COMMENT}\n")
    successful("crontab", "add", **site)
    assert "abc" not in table.read_text()


def test_the_job_runs_with_the_settings_of_who_added_it(site: dict[str, str], table: Path) -> None:
    successful("crontab", "add", **(site | {"LOTTERIES_AHEAD": "2"}))
    answer = run_by_cron(table.read_text())
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
    log = Path(site["DATA_DIR"], "cron.log").read_text()
    assert log.count(": opened") == 2


def test_a_job_that_fails_is_seen_in_the_log_and_the_status(
    site: dict[str, str], table: Path
) -> None:
    successful("crontab", "add", **site)
    Path(site["DATA_DIR"], "lottery.sqlite3").unlink()
    assert run_by_cron(table.read_text()).returncode != 0
    log = Path(site["DATA_DIR"], "cron.log").read_text()
    assert "no such table" in log
    assert "The job has failed." in log


def test_the_settings_are_kept_from_other_users(site: dict[str, str]) -> None:
    successful("crontab", "add", **site)
    file = Path(site["DATA_DIR"], "cron.env")
    assert file.stat().st_mode & 0o777 == 0o600
    successful("crontab", "remove", **site)
    assert not file.exists()


def test_a_host_without_cron_is_told_so(site: dict[str, str], tmp_path: Path) -> None:
    answer = manage("crontab", "add", **(site | {"PATH": str(tmp_path)}))
    assert answer.returncode == 1
    assert "crontab cannot be run. Is cron installed?" in answer.stderr


def test_a_crontab_that_cannot_be_read_is_an_error(site: dict[str, str], table: Path) -> None:
    (table.parent / "bin" / "crontab").write_text("#!/bin/sh\necho not allowed >&2; exit 1\n")
    answer = manage("crontab", "add", **site)
    assert answer.returncode == 1
    assert "The crontab cannot be read. not allowed" in answer.stderr


def test_an_unknown_job_is_one_clear_line(site: dict[str, str]) -> None:
    answer = manage("crontab", "run", "0" * 32, **site)
    assert answer.returncode == 1
    assert re.search(r"0{32}", answer.stderr)
    assert "Traceback" not in answer.stderr


def test_words_are_quoted_for_shell_and_cron() -> None:
    assert cron_word("/a folder/100%") == r"'/a folder/100\%'"


def test_a_value_of_several_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="NAME has a line break"):
        write_environment(tmp_path / "cron.env", {"NAME": "a\nb"})
    assert not list(tmp_path.iterdir())
