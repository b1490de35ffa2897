"""The database itself changes the edition when shown rows change. Made after each migration.

PostgreSQL does so when the transaction is about to end, SQLite at once: either way the change and
the new edition are seen together, or neither is.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connections

SHOWN = (
    "lotteries_lottery",
    "lotteries_note",
    "ballots_draw",
    "ballots_drawnballot",
    "ballots_holding",
)
# A submission adds to these: its page knows that by the counts of its box. Nothing of them ever
# changes or goes, but by somebody who tampers with it. (Entries are shown to their owner alone.)
APPENDED = ("ballots_submission", "ballots_ballot", "ballots_subtree")
# The counts and the log of an open box are part of the versions (versions.py).
IS_MORE_THAN_COUNTS = (
    "OLD.sealed_at IS NOT NULL OR NEW.sealed_at IS NOT NULL OR OLD.lottery_id <> NEW.lottery_id"
)

# The editions of transactions that have not ended are left to those that come after.
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION ballots_change_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('ballots.edition', true) IS DISTINCT FROM 'changed' THEN
    PERFORM set_config('ballots.edition', 'changed', true);  -- until this transaction ends
    DELETE FROM ballots_edition
      WHERE id IN (SELECT id FROM ballots_edition FOR UPDATE SKIP LOCKED);
    INSERT INTO ballots_edition VALUES (gen_random_uuid());
  END IF;
  RETURN NULL;
END $$
"""
POSTGRESQL = """
CREATE CONSTRAINT TRIGGER {name} AFTER {event} ON {table} DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW {when} EXECUTE FUNCTION ballots_change_edition()
"""
POSTGRESQL_TRUNCATE = """
CREATE TRIGGER {name} AFTER TRUNCATE ON {table} EXECUTE FUNCTION ballots_change_edition()
"""
SQLITE = """
CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when} BEGIN
  DELETE FROM ballots_edition;
  INSERT INTO ballots_edition VALUES (lower(hex(randomblob(16))));
END
"""
NAMES = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'edition_%'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'edition_%'",
}


def changes() -> Iterator[tuple[str, str, str]]:
    """What changes the edition: (the table, the event, the condition if there is one)."""
    for table in SHOWN:
        for event in ("INSERT", "UPDATE", "DELETE"):
            yield table, event, ""
    for table in APPENDED:
        for event in ("UPDATE", "DELETE"):
            yield table, event, ""
    yield "ballots_ballotbox", "INSERT", ""
    yield "ballots_ballotbox", "UPDATE", f"WHEN ({IS_MORE_THAN_COUNTS})"
    yield "ballots_ballotbox", "DELETE", ""


def list_triggers(vendor: str) -> dict[str, str]:
    """The statement for each, by name."""
    each = POSTGRESQL if vendor == "postgresql" else SQLITE
    asked = [(each, *change) for change in changes()]
    if vendor == "postgresql":  # SQLite has no TRUNCATE
        tables = (*SHOWN, *APPENDED, "ballots_ballotbox")
        asked += [(POSTGRESQL_TRUNCATE, table, "TRUNCATE", "") for table in tables]
    names = [f"edition_{table}_{event}".lower() for _, table, event, _ in asked]
    return {
        name: statement.format(name=name, event=event, table=table, when=when)
        for name, (statement, table, event, when) in zip(names, asked, strict=True)
    }


def set_triggers(using: str, **kwargs: Any) -> None:
    """Those that are there stay: to set one waits for all that writes to its table."""
    connection = connections[using]
    if "ballots_edition" not in connection.introspection.table_names():
        return  # migrated back to nothing
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        cursor.execute(NAMES[connection.vendor])
        present = {name for (name,) in cursor.fetchall()}
        for name, statement in list_triggers(connection.vendor).items():
            if name not in present:
                cursor.execute(statement)
