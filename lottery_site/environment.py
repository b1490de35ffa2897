"""Reads the settings from the environment and its files, and says what is wrong with a bad one."""

import os
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured, ValidationError

from lottery_site.env_file import Unreadable, read_settings
from lottery_site.secret_files import read_secret

T = TypeVar("T")


class Environment:
    """The process's own variables first, then those of ENV_FILE, then those of the site's file."""

    def __init__(self, site_file: Path) -> None:
        self.root = site_file.parent
        self.names: list[str] = []
        self.variables = dict(os.environ)
        self.places: dict[str, str] = {}  # "FILE, line 3: " for a variable that a file gave
        self.lines: list[tuple[str, str]] = []  # (name, place) of all lines in files
        if file := self.read("ENV_FILE", "", str, "a file"):
            self.add_file(Path(file))
        if os.path.lexists(site_file):
            self.add_file(site_file)

    def add_file(self, file: Path) -> None:
        """Adds the variables in the file. What is there already stays."""
        try:
            found = read_settings(file)
        except Unreadable as error:
            raise ImproperlyConfigured(f"{error}.") from None
        for name, (number, value) in found.items():
            place = f"{file}, line {number}: "
            self.lines.append((name, place))
            if name not in self.variables:
                self.variables[name], self.places[name] = value, place

    def read(self, name: str, default: str, parse: Callable[[str], T], expected: str) -> T:
        """The setting called name; raises ImproperlyConfigured with what it should look like."""
        self.names.append(name)
        try:
            return parse(self.variables.get(name, "") or default)
        except Unreadable as error:
            raise ImproperlyConfigured(f"{error}.") from None
        except (ValueError, LookupError, OSError, ValidationError, ImproperlyConfigured):
            # Without its cause, which may quote a password.
            place = self.places.get(name, "")
            raise ImproperlyConfigured(f"{place}{name} must be {expected}.") from None

    def read_secret(self, name: str, default: str, parse: Callable[[str], T], expected: str) -> T:
        """The same, for a setting that may also stand in a file, whose path NAME_FILE has."""
        kept = self.read(f"{name}_FILE", "", self.secret, "a file that has the secret")
        if kept and self.variables.get(name):
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: keep one of them.")
        if kept:
            self.variables[name] = kept
            self.places[name] = f"{self.variables[f'{name}_FILE']}: "
        return self.read(name, default, parse, expected)

    def read_text(self, name: str, parse: Callable[[str], str], expected: str) -> str:
        """A text in which \\n begins a new line; or that of a file, whose path NAME_FILE has."""
        path = self.read(f"{name}_FILE", "", str, "a file that has the text")
        if not path:
            lines = f"{expected}, with \\n where a new line begins"
            return self.read(name, "", lambda text: parse(text.replace("\\n", "\n")), lines)
        if self.variables.get(name):
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: keep one of them.")
        self.names.append(name)
        file = self.root / path
        try:
            text = parse(file.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise ImproperlyConfigured(f"{file} cannot be read: {error.strerror}.") from None
        except (ValueError, ValidationError):
            raise ImproperlyConfigured(f"{file} must have {expected}, in UTF-8.") from None
        if not text:
            raise ImproperlyConfigured(f"{file} is empty: write the text, or unset {name}_FILE.")
        return text

    def secret(self, path: str) -> str:
        return read_secret(self.root / path) if path else ""

    def list_given(self) -> dict[str, str]:
        """Settings given to this very process, which a job started by cron would not have."""
        names = sorted(set(self.names) - {"ENV_FILE"})
        return {name: os.environ[name] for name in names if name in os.environ}

    def refuse_unknown_names(self) -> None:
        """Raises ImproperlyConfigured for a line in a file that no setting was read from."""
        known = set(self.names) - {"ENV_FILE"}
        for name, place in self.lines:
            if name not in known and not name.startswith("COMPOSE_"):  # Docker Compose's own
                near = get_close_matches(name.upper(), known, n=1)
                advice = f"did you mean {near[0]}?" if near else "docs/settings.md lists them all."
                raise ImproperlyConfigured(f"{place}{name} is no setting; {advice}")
