"""Reads the settings from the environment, and says what is wrong with a bad one."""

import os
import re
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

T = TypeVar("T")


class Environment:
    """The process's own variables first, then those of a file; it remembers which were its own."""

    def __init__(self, *files: Path) -> None:
        self._own = dict(os.environ)
        self._names: list[str] = []
        for file in files:
            if file.is_file():
                environ.Env.read_env(file)

    def read(self, name: str, default: str, parse: Callable[[str], T], expected: str) -> T:
        """The setting called name; raises ImproperlyConfigured with what it should look like."""
        self._names.append(name)
        try:
            return parse(os.environ.get(name, "") or default)
        except (ValueError, LookupError, ValidationError, ImproperlyConfigured) as error:
            raise ImproperlyConfigured(f"{name} must be {expected}.") from error

    def own(self) -> dict[str, str]:
        """Settings given to this very process, which a job started by cron would not have."""
        return {name: self._own[name] for name in self._names if name in self._own}


BOOLEANS = {"true": True, "yes": True, "on": True, "1": True} | {
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


def boolean(text: str) -> bool:
    return BOOLEANS[text.lower()]


def whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError(text)
        return number

    return parse


def time_zone(text: str) -> str:
    return ZoneInfo(text).key


def site_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError(text)
    parts.port  # noqa: B018  raises ValueError where it is no number
    return f"{parts.scheme}://{parts.netloc}"


def email_address(text: str) -> str:
    validate_email(text)
    return text


def short_text(text: str) -> str:
    if len(text) > 100 or not text.isprintable():
        raise ValueError(text)
    return text


def secret_key(text: str) -> str:
    if len(text) < 32:
        raise ValueError("too short")
    return text


def database(root: Path) -> Callable[[str], dict[str, Any]]:
    """Parser of a DATABASE_URL; the path of an SQLite file counts from root, whoever starts us."""

    def parse(text: str) -> dict[str, Any]:
        if not re.match(r"(sqlite|postgres|postgresql)://", text):
            raise ValueError("scheme")
        config: dict[str, Any] = environ.Env.db_url_config(text)
        if not config.get("NAME"):
            raise ValueError("name")
        if text.startswith("sqlite"):
            config["NAME"] = str(root / config["NAME"])
        return config

    return parse


def mail(text: str) -> dict[str, Any]:
    config: dict[str, Any] = environ.Env.email_url_config(text)
    return config


def kept_secret(file: Path) -> str:
    """The secret in the file, which only its owner can read; made by whoever comes first."""
    if not file.exists():
        handle, name = tempfile.mkstemp(dir=file.parent)  # mkstemp: readable by its owner alone
        with os.fdopen(handle, "w") as made:
            made.write(secrets.token_urlsafe(64))
        try:
            os.link(name, file)  # fails where another process was first, so both use the same key
        except FileExistsError:
            pass
        finally:
            os.unlink(name)
    return file.read_text().strip()
