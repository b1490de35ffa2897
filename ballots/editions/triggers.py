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
BOX = "ballots_ballotbox"
# A submission adds to these: its page knows that by the counts of its box. Nothing of them ever
# changes or goes, but by somebody who tampers with it. (Entries are shown to their owner alone.)
APPENDED = ("ballots_submission", "ballots_ballot", "ballots_subtree")
# The counts and the log of an open box are part of the versions (versions.py), so a submission need
# not pay for more; what does not fit together is damaged, and pages say so.
IS_DAMAGED = "octet_length({row}.peaks) <> 32 * bit_count({row}.ballot_count::bit(32))"
IS_NO_SUBMISSION = " OR ".join(
    (
        "OLD.sealed_at IS NOT NULL",
        "NEW.sealed_at IS NOT NULL",
        "OLD.lottery_id <> NEW.lottery_id",
        IS_DAMAGED.format(row="OLD"),
        IS_DAMAGED.format(row="NEW"),
    )
)

# The editions of transactions that have not ended are left to those that come after.
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION ballots_change_edition() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
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
CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW BEGIN
  DELETE FROM ballots_edition;
  INSERT INTO ballots_edition VALUES (lower(hex(randomblob(16))));
END
"""
NAMES = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'edition_%'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'edition_%'",
}


def changes() -> Iterator[tuple[str, str]]:
    """What changes the edition: (the table, the event)."""
    for table in (*SHOWN, BOX):
        for event in ("INSERT", "UPDATE", "DELETE"):
            yield table, event
    for table in APPENDED:
        for event in ("UPDATE", "DELETE"):
            yield table, event


def list_triggers(vendor: str) -> dict[str, str]:
    """The statement for each, by name."""
    if vendor == "sqlite":
        return {name_of(*change): write_trigger(SQLITE, *change) for change in changes()}
    when = {(BOX, "UPDATE"): f"WHEN ({IS_NO_SUBMISSION})"}
    made = {
        name_of(*change): write_trigger(POSTGRESQL, *change, when=when.get(change, ""))
        for change in changes()
    }
    for table in (*SHOWN, BOX, *APPENDED):
        made[name_of(table, "TRUNCATE")] = write_trigger(POSTGRESQL_TRUNCATE, table, "TRUNCATE")
    return made


def name_of(table: str, event: str) -> str:
    return f"edition_{table}_{event}".lower()


def write_trigger(statement: str, table: str, event: str, when: str = "") -> str:
    return statement.format(name=name_of(table, event), table=table, event=event, when=when)


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
