"""Reads the settings from the environment, and says what is wrong with a bad one."""

import os
import re
import secrets
import tempfile
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from lotteries.protocol import drand

T = TypeVar("T")


class Environment:
    """The process's own variables first, then those of ENV_FILE, then those of the site's file."""

    def __init__(self, site_file: Path) -> None:
        self.names: list[str] = []
        if "ENV_FILE" in os.environ:
            read_file(self.read("ENV_FILE", "", readable_file, "a file that can be read"))
        self._given = dict(os.environ)
        if site_file.exists():
            read_file(site_file)

    def read(self, name: str, default: str, parse: Callable[[str], T], expected: str) -> T:
        """The setting called name; raises ImproperlyConfigured with what it should look like."""
        self.names.append(name)
        try:
            return parse(os.environ.get(name, "") or default)
        except (ValueError, LookupError, OSError, ValidationError, ImproperlyConfigured):
            # Without its cause, which may quote a password.
            raise ImproperlyConfigured(f"{name} must be {expected}.") from None

    def given(self) -> dict[str, str]:
        """Settings given to this very process, which a job started by cron would not have."""
        names = set(self.names) - {"ENV_FILE"}
        return {name: self._given[name] for name in sorted(names) if name in self._given}


def read_file(file: Path) -> None:
    """Adds the variables in the file to the environment. What is there already stays."""
    try:
        with file.open(encoding="utf-8") as lines:
            environ.Env.read_env(lines)
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{file} cannot be read.") from error


def readable_file(text: str) -> Path:
    with open(text, "rb"):
        return Path(text)


def folder(root: Path) -> Callable[[str], Path]:
    """Parser of a folder's path, which counts from root; makes the folder where there is none."""

    def parse(text: str) -> Path:
        path = root / text
        path.mkdir(mode=0o700, parents=True, exist_ok=True)  # the database in it has the seeds
        if not os.access(path, os.W_OK):
            raise PermissionError(path)
        return path

    return parse


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


def ip_address(text: str) -> str:
    return str(IPv4Address(text))


def site_url(text: str) -> str:
    url = text.lower().removesuffix("/")
    if not re.fullmatch(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]+)?", url):
        raise ValueError(text)
    urlsplit(url).port  # noqa: B018  raises ValueError beyond 65535
    return url


def site_urls(text: str) -> list[str]:
    return [site_url(part.strip()) for part in text.split(",")]


def rate(text: str) -> tuple[int, int]:
    """Parser of a rate: (requests, seconds)."""
    count, _, period = text.partition("/")
    number = whole_number(1, 1_000_000)(count)
    return number, {"s": 1, "m": 60, "h": 3600}[period]


def draw_beacon(text: str) -> str:
    """Parser of the beacon's name; refuses one whose signatures could not be checked here."""
    if text not in {"none", "drand"} or (text == "drand" and not drand.is_checkable()):
        raise ValueError(text)
    return text


def email_address(text: str) -> str:
    validate_email(text)
    return text


def short_text(least: int, most: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not least <= len(text.strip()) <= most or not text.isprintable():
            raise ValueError(text)
        return text.strip()

    return parse


def secret_key(file: Path) -> Callable[[str], str]:
    """Parser of the secret key; where none is given, it is the one kept in the file."""

    def parse(text: str) -> str:
        key = text or kept_secret(file)
        if len(key) < 32:
            raise ValueError("too short")
        return key

    return parse


def database(root: Path) -> Callable[[str], dict[str, Any]]:
    """Parser of a DATABASE_URL; the path of an SQLite file counts from root, whoever starts us."""

    def parse(text: str) -> dict[str, Any]:
        if not re.match(r"(sqlite:///|postgres(ql)?://).*[^/]", text):
            raise ValueError("neither SQLite nor PostgreSQL, or without a name")
        config: dict[str, Any] = environ.Env.db_url_config(text)
        if config["NAME"] in {"", ":memory:"}:
            raise ValueError("processes cannot share memory")
        if text.startswith("sqlite"):
            file = root / config["NAME"]
            file.parent.mkdir(parents=True, exist_ok=True)
            config["NAME"] = str(file)
        return config

    return parse


def mail(text: str) -> dict[str, Any]:
    config: dict[str, Any] = environ.Env.email_url_config(text)
    if text.startswith("smtp") and not config["EMAIL_HOST"]:
        raise ValueError("no host")
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
