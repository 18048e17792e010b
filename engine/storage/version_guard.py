"""Triggers that keep versions of an SOP as they were written and approved, in the database itself.

What a version consists of never changes, and none is ever deleted. Once it is approved, so does nothing of
who approved what, when, under which number and by which signed paper.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_CONTENT = (
    "id",
    "process",
    "number",
    "digest",
    "bpmn",
    "forms",
    "notes",
    "decisions",
    "definition",
    "spec",
    "author",
    "deployed_at",
    "base",
)
_APPROVAL = (
    "approver",
    "approved_at",
    "approver_post",
    "approver_name",
    "approver_nip",
    "sop_number",
    "approval",
    "effective_from",
)
# What was approved is never under review again.
_BACK = "NEW.state IN ('trial', 'review', 'returned')"
_REASON = "a version of an SOP stays as it was written and approved"


def protect_versions(connection: Connection) -> None:
    """Make the triggers of the database's own kind."""
    statements = _POSTGRES if connection.dialect.name == "postgresql" else _SQLITE
    for statement in statements:
        connection.execute(text(statement))


def _changed(distinct: str) -> str:
    content = " OR ".join(f"NEW.{name} {distinct} OLD.{name}" for name in _CONTENT)
    approval = " OR ".join(f"NEW.{name} {distinct} OLD.{name}" for name in _APPROVAL)
    return f"{content} OR (OLD.approved_at IS NOT NULL AND ({approval} OR {_BACK}))"


_SQLITE = (
    (
        "CREATE TRIGGER version_kept BEFORE DELETE ON process_version "
        f"BEGIN SELECT RAISE(ABORT, '{_REASON}'); END"
    ),
    (
        f"CREATE TRIGGER version_fixed BEFORE UPDATE ON process_version WHEN {_changed('IS NOT')} "
        f"BEGIN SELECT RAISE(ABORT, '{_REASON}'); END"
    ),
)
_POSTGRES = (
    (
        "CREATE FUNCTION version_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REASON}'; END $$"
    ),
    (
        "CREATE TRIGGER version_kept BEFORE DELETE ON process_version "
        "FOR EACH ROW EXECUTE FUNCTION version_refuse()"
    ),
    (
        "CREATE TRIGGER version_fixed BEFORE UPDATE ON process_version FOR EACH ROW "
        f"WHEN ({_changed('IS DISTINCT FROM')}) EXECUTE FUNCTION version_refuse()"
    ),
    "CREATE TRIGGER version_whole BEFORE TRUNCATE ON process_version EXECUTE FUNCTION version_refuse()",
)
