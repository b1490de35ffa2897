"""Commands run as operators run them: in processes, with an environment of their own."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from django.conf import settings

# What the machine needs, and the defaults of all settings, whatever .env says.
MACHINE = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
MACHINE |= dict.fromkeys(set(settings.ENVIRONMENT.names) - {"ENV_FILE", "WEB_CONCURRENCY"}, "")


def manage(*arguments: str, **environment: str | None) -> "subprocess.CompletedProcess[str]":
    """manage.py with these arguments and settings (None: unset), started from another folder."""
    variables = MACHINE | {"PYTHONWARNINGS": "error"} | environment
    return subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
        env={name: value for name, value in variables.items() if value is not None},
        cwd="/",
        capture_output=True,
        text=True,
    )


def successful(*arguments: str, **environment: str | None) -> str:
    """What the command prints; the test fails where the command does."""
    answer = manage(*arguments, **environment)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def site_in(folder: Path, **environment: str) -> dict[str, str]:
    """The settings of a site of its own in the folder, with a migrated SQLite database."""
    (folder / "lottery.sqlite3").write_bytes(migrated_database())
    return sqlite_settings(folder) | environment


def sqlite_settings(folder: Path) -> dict[str, str]:
    url = f"sqlite:///{quote(str(folder / 'lottery.sqlite3'))}"
    return {"DATA_DIR": str(folder), "DATABASE_URL": url}


@cache
def migrated_database() -> bytes:
    """The file of an SQLite database with the site's tables, made once for all tests."""
    with TemporaryDirectory() as folder:
        successful("migrate", "--verbosity", "0", **sqlite_settings(Path(folder)))
        return Path(folder, "lottery.sqlite3").read_bytes()


def collect_static_files(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, env=environment, cwd=settings.BASE_DIR, check=True)
