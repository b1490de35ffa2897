"""What the text of a setting stands for. Each raises an error for a text of another kind."""

import os
import re
from collections.abc import Callable
from email.policy import SMTPUTF8
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.validators import validate_email

from accounts.shared.addresses import ascii_domain, canonical_email
from accounts.shared.numbers import read_whole_number
from accounts.shared.texts import canonical_line, canonical_text, validate_line, validate_text
from lotteries.protocol import drand
from lottery_site.secret_files import keep_secret

BOOLEANS = {"true": True, "yes": True, "on": True, "1": True} | {
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}
SITE_URL = re.compile(
    r"(https?)://(?:\[([0-9a-f:.]+)\]|([^][\s/?#@\\:]+))(?::([0-9]{1,5}))?/?"  # host and port
)
DEFAULT_PORTS = {"http": 80, "https": 443}
SQLITE, POSTGRESQL = "lottery_site.sqlite", "lottery_site.postgresql"
# Of a DATABASE_URL: what libpq needs to find the server and trust it, and what our pooler can do.
OF_LIBPQ = (
    "host",
    "port",
    "hostaddr",
    "passfile",
    "application_name",
    "target_session_attrs",
    "load_balance_hosts",
    "channel_binding",
    "require_auth",
    "gssencmode",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslcrl",
    "sslnegotiation",
)
OF_POOLERS = ("pooler", "prepare")


def boolean(text: str) -> bool:
    return BOOLEANS[text.lower()]


def whole_number(least: int, most: int) -> Callable[[str], int]:
    return lambda text: read_whole_number(text, least, most)


def rate(text: str) -> tuple[int, int]:
    """Parser of a rate: (requests, seconds)."""
    count, _, period = text.partition("/")
    return read_whole_number(count, 1, 1_000_000), {"s": 1, "m": 60, "h": 3600}[period]


def short_text(
    least: int, most: int, canonical: Callable[[str], str] = canonical_line
) -> Callable[[str], str]:
    def parse(text: str) -> str:
        line = canonical(text)
        validate_line(line)
        if not least <= len(line) <= most:
            raise ValueError(text)
        return line

    return parse


def lines(most: int) -> Callable[[str], str]:
    """Parser of a public text of several lines, in the form in which it is stored."""

    def parse(text: str) -> str:
        kept = canonical_text(text)
        validate_text(kept)
        if len(kept) > most:
            raise ValueError(text)
        return kept

    return parse


def folder(root: Path) -> Callable[[str], Path]:
    """Parser of a folder's path, which counts from root; makes the folder where there is none."""

    def parse(text: str) -> Path:
        path = root / text
        path.mkdir(mode=0o700, parents=True, exist_ok=True)  # the database in it has the seeds
        if not os.access(path, os.W_OK):
            raise PermissionError(path)
        return path

    return parse


def time_zone(text: str) -> str:
    if text in {"localtime", "posixrules", "Factory"}:  # each host has its own
        raise ValueError(text)
    return ZoneInfo(text).key


def ip_address(text: str) -> str:
    return str(IPv4Address(text))


def site_url(text: str) -> str:
    """An address as browsers write it: lower case, ASCII, without the port of its scheme."""
    found = SITE_URL.fullmatch(text.lower())
    if not found:
        raise ValueError(text)
    scheme, bracketed, name, digits = found.groups()
    host = f"[{IPv6Address(bracketed)}]" if bracketed else host_name(name)
    default = DEFAULT_PORTS[scheme]
    port = read_whole_number(digits, 1, 65535) if digits else default
    return f"{scheme}://{host}" if port == default else f"{scheme}://{host}:{port}"


def host_name(text: str) -> str:
    """The name in ASCII. Raises ValueError or ValidationError for none."""
    name = ascii_domain(text)
    if len(name) > 253 or not re.fullmatch(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.|$))+", name):
        raise ValueError(text)
    return name.removesuffix(".")


def site_urls(text: str) -> list[str]:
    return [site_url(part.strip()) for part in text.split(",")]


def draw_beacon(text: str) -> str:
    """Parser of the beacon's name; refuses one whose signatures could not be checked here."""
    if text not in {"none", "drand"} or (text == "drand" and not drand.is_checkable()):
        raise ValueError(text)
    return text


def email_address(text: str) -> str:
    """Parser of an account's address, in the form in which accounts have it."""
    address = canonical_email(text)
    validate_email(address)
    return address


def sender(text: str) -> str:
    """An e-mail address, alone or behind a name: Lottery <lottery@example.org>"""
    header: Any = SMTPUTF8.header_factory("From", text)
    if not text.isprintable() or header.defects or len(header.addresses) != 1:
        raise ValueError(text)
    if header.groups[0].display_name is not None:  # a group of addresses
        raise ValueError(text)
    validate_email(header.addresses[0].addr_spec)
    return text


def secret_key(file: Path) -> Callable[[str], str]:
    """Parser of the secret key; where none is given, it is the one kept in the file."""

    def parse(text: str) -> str:
        key = text or keep_secret(file)
        if len(key) < 32 or len(set(key)) < 8:
            raise ValueError("too short, or too much of the same")
        return key

    return parse


def database(root: Path) -> Callable[[str], dict[str, Any]]:
    """Parser of a DATABASE_URL; the path of an SQLite file counts from root, whoever starts us."""

    def parse(text: str) -> dict[str, Any]:
        # A password with / ? # or @ in it would end somewhere else than it was meant to.
        if not re.fullmatch(
            r"sqlite:///[^?#]*[^?#/]|postgres(ql)?://[^/?#]*/[^/?#@]+(\?[^#]+)?", text
        ):
            raise ValueError("neither SQLite nor PostgreSQL, or without a name")
        config: dict[str, Any] = environ.Env.db_url_config(keep_plus(text))
        if config["NAME"] in {"", ":memory:"}:
            raise ValueError("processes cannot share memory")
        if text.startswith("sqlite"):
            file = root / config["NAME"]
            file.parent.mkdir(parents=True, exist_ok=True)
            return config | {"ENGINE": SQLITE, "NAME": str(file)}
        query = parse_qs(urlsplit(text).query, keep_blank_values=True, strict_parsing=True)
        return config | {"ENGINE": POSTGRESQL} | postgresql_options(query)

    return parse


def standby(primary: str) -> Callable[[str], dict[str, Any]]:
    """Parser of a DATABASE_STANDBY_URL, {} for none; primary is the engine of its primary."""

    def parse(text: str) -> dict[str, Any]:
        if text and not (primary == POSTGRESQL and text.startswith("postgres")):
            raise ValueError("SQLite has no standby")
        return database(Path())(text) if text else {}

    return parse


def postgresql_options(query: dict[str, list[str]]) -> dict[str, Any]:
    """What stands behind the ? of a DATABASE_URL, as Django's settings of a database have it.

    A pooler gives the session to others between two transactions: a cursor that is read outside of
    one is none of the server's then.
    """
    given = {name: value for name, (value,) in query.items()}
    if unknown := given.keys() - {*OF_LIBPQ, *OF_POOLERS}:
        raise ValueError(f"unknown: {unknown}")
    has_pooler = boolean(given.pop("pooler", "no"))
    prepares = boolean(given.pop("prepare", "yes"))
    options: dict[str, Any] = {
        "server_side_binding": True,
        "prepare_threshold": 1 if prepares else None,
        "has_pooler": has_pooler,
    }
    return {"OPTIONS": given | options, "DISABLE_SERVER_SIDE_CURSORS": has_pooler}


def mail(text: str) -> dict[str, Any]:
    if not re.fullmatch(r"consolemail://|smtp(\+tls|\+ssl)?://[^/?#]+", text):
        raise ValueError("another scheme, or a path behind the host")
    config: dict[str, Any] = environ.Env.email_url_config(keep_plus(text))
    if text.startswith("smtp") and not config["EMAIL_HOST"]:
        raise ValueError("no host")
    if text.startswith("smtp"):
        config["EMAIL_BACKEND"] = "accounts.mail.smtp.EmailBackend"
    return config


def keep_plus(url: str) -> str:
    """The address with each + escaped, which django-environ would take for a space."""
    scheme, separator, rest = url.partition("://")
    return scheme + separator + rest.replace("+", "%2B")
