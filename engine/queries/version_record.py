"""What only the record tells of versions that were approved: which were in force, and why one came again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection, select

from engine.model.event import EventKind
from engine.storage.tables import event

_KINDS = (EventKind.VERSION_PUT_IN_FORCE, EventKind.VERSION_REINSTATED)


@dataclass(frozen=True, kw_only=True)
class VersionRecord:
    """By number: ``in_force`` are those that came into force, ``again`` why one did so the last time."""

    in_force: frozenset[int] = frozenset()
    again: Mapping[int, str] = field(default_factory=dict)


def version_record(connection: Connection, process_id: UUID) -> VersionRecord:
    """Read it of an SOP. The row of a withdrawn version says why it was withdrawn, and no more."""
    rows = connection.execute(
        select(event.c.kind, event.c.payload)
        .where(event.c.stream == process_id, event.c.kind.in_([kind.value for kind in _KINDS]))
        .order_by(event.c.seq)
    )
    in_force, again = set(), {}
    for row in rows:
        said = json.loads(row.payload) if row.payload else {}
        if "number" not in said:
            continue  # it was erased
        in_force.add(said["number"])
        if row.kind == EventKind.VERSION_REINSTATED:
            again[said["number"]] = str(said.get("reason", ""))
    return VersionRecord(in_force=frozenset(in_force), again=again)
