"""Other processes that work on the database of the tests."""

import os
from urllib.parse import quote

from django.db import connection


def database_url() -> str:
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(config['NAME'])}"
    user, password = quote(config["USER"]), quote(config["PASSWORD"])
    return f"postgres://{user}:{password}@{config['HOST']}:{config['PORT']}/{config['NAME']}"


def process_environment() -> dict[str, str]:
    """The variables for a process that uses the same database as the test that starts it."""
    return os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "lottery_site.settings",
    }
