"""Triggers that keep what was sealed: tiles and checkpoints stay as they were written, the tree only grows.

Of a checkpoint only how it is brought out of the database changes.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_REASON = "seals are append-only"
# Table -> what no update may do to a row. {0} is how the database says "is distinct from".
_FIXED = {
    "tile": "NEW.no {0} OLD.no OR NEW.root {0} OLD.root",
    "checkpoint": "NEW.size {0} OLD.size OR NEW.text {0} OLD.text OR NEW.at {0} OLD.at",
    "tree": "NEW.origin {0} OLD.origin OR NEW.size < OLD.size",
}


def protect_seals(connection: Connection) -> None:
    """Make the triggers of the database's own kind."""
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        connection.execute(
            text(
                "CREATE FUNCTION seal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{_REASON}'; END $$"
            )
        )
    for table, changed in _FIXED.items():
        for statement in _postgres(table, changed) if postgres else _sqlite(table, changed):
            connection.execute(text(statement))


def _sqlite(table: str, changed: str) -> tuple[str, ...]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_REASON}'); END"
    return (
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} WHEN {changed.format('IS NOT')} {refuse}",
    )


def _postgres(table: str, changed: str) -> tuple[str, ...]:
    refuse = "EXECUTE FUNCTION seal_refuse()"
    when = changed.format("IS DISTINCT FROM")
    return (
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({when}) {refuse}",
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} {refuse}",
    )
