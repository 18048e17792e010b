"""Triggers that keep the record append-only in the database itself.

An event may never be deleted; of an event only the payload with its salt may be erased, and the
sealed index set once.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_FIXED = (
    "stream",
    "seq",
    "scope",
    "kind",
    "at",
    "actor",
    "on_behalf_of",
    "attempt",
    "element",
    "round",
    "iteration",
    "digest",
    "chain",
)


def protect_record(connection: Connection) -> None:
    """Make the triggers of the database's own kind."""
    statements = _POSTGRES if connection.dialect.name == "postgresql" else _SQLITE
    for statement in statements:
        connection.execute(text(statement))


def _changed(distinct: str) -> str:
    fixed = " OR ".join(f"NEW.{name} {distinct} OLD.{name}" for name in _FIXED)
    rewritten = f"(NEW.payload IS NOT NULL AND NEW.payload {distinct} OLD.payload)"
    salted = f"(NEW.salt IS NOT NULL AND NEW.salt {distinct} OLD.salt)"
    resealed = f"(OLD.sealed IS NOT NULL AND NEW.sealed {distinct} OLD.sealed)"
    return f"{fixed} OR {rewritten} OR {salted} OR {resealed}"


_REASON = "the record is append-only"

_SQLITE = (
    f"CREATE TRIGGER event_kept BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, '{_REASON}'); END",
    (
        f"CREATE TRIGGER event_fixed BEFORE UPDATE ON event WHEN {_changed('IS NOT')} "
        f"BEGIN SELECT RAISE(ABORT, '{_REASON}'); END"
    ),
)

_POSTGRES = (
    (
        "CREATE FUNCTION event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REASON}'; END $$"
    ),
    "CREATE TRIGGER event_kept BEFORE DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_refuse()",
    (
        "CREATE TRIGGER event_fixed BEFORE UPDATE ON event FOR EACH ROW "
        f"WHEN ({_changed('IS DISTINCT FROM')}) EXECUTE FUNCTION event_refuse()"
    ),
    "CREATE TRIGGER event_whole BEFORE TRUNCATE ON event EXECUTE FUNCTION event_refuse()",
)
