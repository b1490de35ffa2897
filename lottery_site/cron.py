"""The crontab of django-crontab, without the gaps that would let a draw fail unseen."""

import logging
import subprocess
import sys
from pathlib import Path
from shlex import quote

from django.conf import settings
from django.core.management.base import CommandError
from django_crontab.crontab import Crontab, logger

from lottery_site.env_file import write_line
from lottery_site.secret_files import write_private


def cron_word(text: object) -> str:
    """Quoted for the shell, and for cron, which takes a bare % for the end of the line."""
    return quote(str(text)).replace("%", r"\%")


def write_environment(file: Path, variables: dict[str, str]) -> None:
    """Replaces the file, at once and readable by its owner alone.

    Raises CommandError for a value that no line can have.
    """
    try:
        lines = [write_line(name, value) for name, value in variables.items()]
    except ValueError as error:
        raise CommandError(f"{error}: cron cannot have it.") from None
    write_private(file.parent, "".join(lines)).replace(file)


class Failures(logging.Handler):
    """Remembers whether an error was logged: django-crontab logs a job's and swallows it."""

    seen = False

    def emit(self, record: logging.LogRecord) -> None:
        self.seen = True


class SiteCrontab(Crontab):  # type: ignore[misc]  # the package has no types
    """Raises CommandError wherever the package would be silent."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.settings.DJANGO_MANAGE_PATH = cron_word(settings.CRONTAB_DJANGO_MANAGE_PATH)
        self.settings.PYTHON_EXECUTABLE = cron_word(sys.executable)
        self.settings.COMMAND_PREFIX = f"ENV_FILE={cron_word(settings.CRON_ENVIRONMENT_FILE)}"
        self.settings.COMMAND_SUFFIX = f">> {cron_word(settings.CRON_LOG_FILE)} 2>&1"

    def read(self) -> None:
        answer = self._crontab("-l")
        if answer.returncode and "no crontab for" not in answer.stderr:
            raise CommandError(f"The crontab cannot be read. {answer.stderr.strip()}")
        self.crontab_lines = answer.stdout.splitlines(keepends=True)

    def write(self) -> None:
        answer = self._crontab("-", text="".join(self.crontab_lines))
        if answer.returncode:
            raise CommandError(f"The crontab cannot be installed. {answer.stderr.strip()}")

    def jobs(self) -> list[str]:
        """The lines of this site, also those of jobs that the settings no longer have."""
        return [line for line in self.crontab_lines if line.endswith(f"# {self.comment}\n")]

    @property
    def comment(self) -> str:
        return str(self.settings.CRONTAB_COMMENT)

    def remove_jobs(self) -> None:
        for line in self.jobs():
            self.crontab_lines.remove(line)

    def show_jobs(self) -> None:
        print("".join(self.jobs()), end="")

    def run_job(self, job_hash: str) -> None:
        failures = Failures(logging.ERROR)
        logger.addHandler(failures)
        try:
            super().run_job(job_hash)
        except RuntimeError as error:
            raise CommandError(str(error)) from error
        finally:
            logger.removeHandler(failures)
        if failures.seen:
            raise CommandError("The job has failed. What went wrong stands above.")

    def _crontab(self, argument: str, text: str = "") -> subprocess.CompletedProcess[str]:
        program = self.settings.CRONTAB_EXECUTABLE
        try:
            return subprocess.run(  # noqa: S603  the program is the operator's own setting
                [program, argument],
                input=text,
                capture_output=True,
                encoding="utf-8",
                errors="surrogateescape",
            )
        except OSError as error:
            raise CommandError(f"{program} cannot be run. Is cron installed?") from error
