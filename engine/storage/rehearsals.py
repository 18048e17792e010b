"""Rehearsals of drafts: one per draft and person, written by compare-and-set on their revision.

What another release of the program wrote is as if it was not there: nothing of a rehearsal has to last.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from engine.bpmn.definition_json import build, plain
from engine.model.rehearsal import Rehearsal, RehearsalLine, Stand
from engine.software import SOFTWARE
from engine.storage.events import to_json
from engine.storage.packing import Bulky
from engine.storage.tables import rehearsal


def put(connection: Connection, one: Rehearsal) -> None:
    """Write a rehearsal in the place of whatever its person had of the draft."""
    drop(connection, one.draft, one.person)
    connection.execute(
        insert(rehearsal).values(
            id=one.id,
            office=one.office,
            draft=one.draft,
            person=one.person,
            draft_revision=one.draft_revision,
            digest=one.digest,
            definition=Bulky(one.definition),
            spec=Bulky(one.spec),
            forms=Bulky(to_json(dict(one.forms))),
            revision=one.revision,
            created_at=one.created_at,
            changed_at=one.changed_at,
            **_stands(one),
        )
    )


def load(connection: Connection, draft: UUID, person: UUID) -> Rehearsal | None:
    """Read what a person has of a draft."""
    row = (
        connection.execute(select(rehearsal).where(rehearsal.c.draft == draft, rehearsal.c.person == person))
        .mappings()
        .one_or_none()
    )
    return None if row is None else _read(row)


def save(connection: Connection, one: Rehearsal, now: datetime) -> bool:
    """Write where a rehearsal stands, where it is still as it was read; tells whether it was."""
    changed = connection.execute(
        update(rehearsal)
        .where(rehearsal.c.id == one.id, rehearsal.c.revision == one.revision)
        .values(revision=one.revision + 1, changed_at=now, **_stands(one))
    )
    return changed.rowcount == 1


def drop(connection: Connection, draft: UUID, person: UUID) -> None:
    """Take away what a person has of a draft."""
    connection.execute(delete(rehearsal).where(rehearsal.c.draft == draft, rehearsal.c.person == person))


def forget(connection: Connection, before: datetime) -> int:
    """Take away what nobody went on with since; gives how many."""
    return connection.execute(delete(rehearsal).where(rehearsal.c.changed_at < before)).rowcount


def _stands(one: Rehearsal) -> dict[str, Any]:
    kept = {"software": SOFTWARE, "stands": plain(one.stands)}
    return {"stands": Bulky(to_json(kept)), "past": Bulky(to_json(plain(one.past)))}


def _read(row: RowMapping) -> Rehearsal | None:
    stands = json.loads(row["stands"])
    if stands["software"] != SOFTWARE:
        return None
    kept = {
        name: row[name]
        for name in (
            "id",
            "office",
            "draft",
            "person",
            "draft_revision",
            "digest",
            "definition",
            "spec",
            "revision",
            "created_at",
            "changed_at",
        )
    }
    return Rehearsal(
        **kept,
        forms=json.loads(row["forms"]),
        stands=build(tuple[Stand, ...], stands["stands"]),
        past=build(tuple[RehearsalLine, ...], json.loads(row["past"])),
    )
