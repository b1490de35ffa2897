"""The tables of the site: a lock on making them, and whether they are those of this version."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models

OWN_APPS = ("accounts", "lotteries", "ballots")
LOCK = 0x6C6F7474657279  # its number: "lottery"
LIMITS = "SET LOCAL lock_timeout = '5min'; SET LOCAL idle_in_transaction_session_timeout = 0"


@contextmanager
def lock_schema() -> Iterator[None]:
    """Held by one host at a time, of several that start at once and would each make the tables.

    Waits for five minutes, then raises OperationalError. The lock is that of a transaction on a
    connection of its own: migrations have transactions as they like, and a pooler may stand
    between. SQLite has no other hosts.
    """
    if connection.vendor == "sqlite":
        yield
        return
    holder = connection.copy()
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute(LIMITS)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
    finally:
        holder.close()


def find_mismatch() -> str:
    """What the database lacks or has too much, in a few words; empty where it matches.

    Each app has one set of migrations until the first release: a database of an older version
    counts as migrated although its tables are others.
    """
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for app in OWN_APPS:
            for model in apps.get_app_config(app).get_models():
                if model._meta.db_table not in tables:
                    return f"there is no table {model._meta.db_table}"
                if difference := compare_table(cursor, model):
                    return difference
    return ""


def compare_table(cursor: Any, model: type[models.Model]) -> str:
    """The first difference in columns, or a constraint or index that is not there."""
    options, introspection = model._meta, connection.introspection
    columns = introspection.get_table_description(cursor, options.db_table)
    found = {str(column.name) for column in columns}
    wanted = {str(field.column) for field in options.local_concrete_fields}
    for column in sorted(found ^ wanted):
        problem = "has a column too much" if column in found else "lacks a column"
        return f"{options.db_table} {problem}: {column}"
    names = introspection.get_constraints(cursor, options.db_table).keys()
    for rule in (*options.constraints, *options.indexes):
        if rule.name not in names:
            return f"{options.db_table} lacks {rule.name}"
    return ""
