"""The database itself refuses to change a public note. Made after each migration."""

from typing import Any

from django.db import connections

# Not of DELETE: a lottery that is withdrawn goes with its notes.
POSTGRESQL = """
CREATE OR REPLACE FUNCTION lotteries_notes_are_kept() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'public notes are kept as they are'; END $$;
CREATE OR REPLACE TRIGGER lotteries_notes_are_kept BEFORE UPDATE ON lotteries_note
FOR EACH ROW EXECUTE FUNCTION lotteries_notes_are_kept();
"""
SQLITE = """
CREATE TRIGGER IF NOT EXISTS lotteries_notes_are_kept BEFORE UPDATE ON lotteries_note
BEGIN SELECT RAISE(ABORT, 'public notes are kept as they are'); END
"""


def guard_the_notes(using: str, **kwargs: Any) -> None:
    connection = connections[using]
    if "lotteries_note" not in connection.introspection.table_names():
        return  # migrated back to nothing
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL if connection.vendor == "postgresql" else SQLITE)
