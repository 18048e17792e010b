"""Triggers that keep the record append-only in the database itself.

An event may never be deleted; of an event only the payload with its salt may be erased, the payload replaced
by where an archive file has it once it is sealed, and the sealed index set once.
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


def archiving_allowed(connection: Connection) -> None:
    """Put the trigger that lets texts be archived in the place of the first one."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP TRIGGER event_fixed ON event"))
        connection.execute(text(_fixed_on_postgres(_ARCHIVED_ON_POSTGRES)))
        return
    connection.execute(text("DROP TRIGGER event_fixed"))
    connection.execute(text(_fixed_on_sqlite(_ARCHIVED_ON_SQLITE)))


# A reference as ``model.archive.reference`` writes it, in the place of a text that is sealed.
_ARCHIVED_ON_SQLITE = (
    "(OLD.sealed IS NOT NULL AND OLD.payload IS NOT NULL AND substr(OLD.payload, 1, 1) <> '@'"
    " AND typeof(NEW.payload) = 'text' AND NEW.payload GLOB '@[1-9]*:[1-9]*' AND length(NEW.payload) < 30"
    " AND NEW.payload NOT GLOB '*[^0-9@:]*' AND NEW.payload NOT GLOB '?*@*' AND NEW.payload NOT GLOB '*:*:*')"
)
_ARCHIVED_ON_POSTGRES = (
    "(OLD.sealed IS NOT NULL AND OLD.payload IS NOT NULL AND left(OLD.payload, 1) <> '@'"
    " AND NEW.payload ~ '^@[1-9][0-9]*:[1-9][0-9]*$' AND length(NEW.payload) < 30)"
)


def _changed(distinct: str, archived: str) -> str:
    fixed = " OR ".join(f"NEW.{name} {distinct} OLD.{name}" for name in _FIXED)
    rewritten = f"(NEW.payload IS NOT NULL AND NEW.payload {distinct} OLD.payload{archived})"
    salted = f"(NEW.salt IS NOT NULL AND NEW.salt {distinct} OLD.salt)"
    resealed = f"(OLD.sealed IS NOT NULL AND NEW.sealed {distinct} OLD.sealed)"
    return f"{fixed} OR {rewritten} OR {salted} OR {resealed}"


_REASON = "the record is append-only"


def _fixed_on_sqlite(archived: str = "") -> str:
    allowed = f" AND NOT {archived}" if archived else ""
    return (
        f"CREATE TRIGGER event_fixed BEFORE UPDATE ON event WHEN {_changed('IS NOT', allowed)} "
        f"BEGIN SELECT RAISE(ABORT, '{_REASON}'); END"
    )


def _fixed_on_postgres(archived: str = "") -> str:
    allowed = f" AND NOT {archived}" if archived else ""
    return (
        "CREATE TRIGGER event_fixed BEFORE UPDATE ON event FOR EACH ROW "
        f"WHEN ({_changed('IS DISTINCT FROM', allowed)}) EXECUTE FUNCTION event_refuse()"
    )


_SQLITE = (
    f"CREATE TRIGGER event_kept BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, '{_REASON}'); END",
    _fixed_on_sqlite(),
)

_POSTGRES = (
    (
        "CREATE FUNCTION event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REASON}'; END $$"
    ),
    "CREATE TRIGGER event_kept BEFORE DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_refuse()",
    _fixed_on_postgres(),
    "CREATE TRIGGER event_whole BEFORE TRUNCATE ON event EXECUTE FUNCTION event_refuse()",
)
