"""A site of a measurement's own, whatever the environment and .env say."""

import os
import re
import sys
from argparse import ArgumentTypeError
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent.parent / ".env.example"  # which lists all settings


def set_up_site(folder: str) -> None:
    """Django, with the default of each setting but the database's address, and this folder."""
    if "POSTGRESQL_LOG" not in os.environ:
        sys.exit("It needs a PostgreSQL of its own: make starts one.")
    address = os.environ["DATABASE_URL"]
    os.environ |= defaults() | {"DATABASE_URL": address, "DATA_DIR": folder, "WEB_CONCURRENCY": "2"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "lottery_site.settings"
    import django

    django.setup()


def defaults() -> dict[str, str]:
    """The variables with which each setting has its default, whatever .env says."""
    return dict.fromkeys(re.findall(r"^#?([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE), "")


def at_least_one(text: str) -> int:
    """The number in an argument. Raises ArgumentTypeError where it is none, or less."""
    if not (text.isdecimal() and int(text)):
        raise ArgumentTypeError(f"{text} is no whole number from 1 on.")
    return int(text)
