"""The database itself refuses to change the log. Made after each migration, like the group."""

from typing import Any

from django.db import connections

POSTGRESQL = """
CREATE OR REPLACE FUNCTION accounts_audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'acts of admins are kept'; END $$;
CREATE OR REPLACE TRIGGER accounts_audit_is_kept BEFORE UPDATE OR DELETE ON accounts_auditentry
FOR EACH ROW EXECUTE FUNCTION accounts_audit_is_kept();
"""
# Not of DELETE: it is how Django empties a database of SQLite. Whoever may write to its file could
# drop the trigger as well.
SQLITE = """
CREATE TRIGGER IF NOT EXISTS accounts_audit_is_kept BEFORE UPDATE ON accounts_auditentry
BEGIN SELECT RAISE(ABORT, 'acts of admins are kept'); END
"""


def guard_the_log(using: str, **kwargs: Any) -> None:
    connection = connections[using]
    if "accounts_auditentry" not in connection.introspection.table_names():
        return  # migrated back to nothing
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL if connection.vendor == "postgresql" else SQLITE)
