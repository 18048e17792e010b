"""Drafts of revisions: written by compare-and-set on their revision."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from engine.model.process_draft import DraftState, ProcessDraft
from engine.storage.events import to_json
from engine.storage.tables import draft_author, process, process_draft, process_version


def add(connection: Connection, **columns: Any) -> None:
    """Write a draft; ``forms`` and ``decisions`` as mappings."""
    connection.execute(insert(process_draft).values(_written(columns)))


def load(connection: Connection, office_id: UUID, draft_id: UUID) -> ProcessDraft | None:
    """Read a draft of an office."""
    row = connection.execute(
        select(process_draft, process.c.key, process.c.name)
        .join(process, process.c.id == process_draft.c.process)
        .where(process_draft.c.id == draft_id, process_draft.c.office == office_id)
    ).mappings()
    found = row.one_or_none()
    return None if found is None else _read(found)


def save(connection: Connection, draft_id: UUID, revision: int, **columns: Any) -> bool:
    """Change an open draft where it is still as it was read; tells whether it was."""
    changed = connection.execute(
        update(process_draft)
        .where(
            process_draft.c.id == draft_id,
            process_draft.c.revision == revision,
            process_draft.c.state == DraftState.OPEN,
        )
        .values(_written(columns) | {"revision": revision + 1})
    )
    return changed.rowcount == 1


def note_author(connection: Connection, draft_id: UUID, person_id: UUID | None) -> None:
    """Note that somebody changed a draft; once is enough."""
    values = {"draft": draft_id, "person": person_id}
    known = select(draft_author.c.draft).where(
        draft_author.c.draft == draft_id, draft_author.c.person == person_id
    )
    if connection.scalar(known) is None:
        connection.execute(insert(draft_author).values(**values))


def authors_of(connection: Connection, version: UUID) -> set[UUID]:
    """Find everybody who worked on what a version is: on its drafts, and on those it was made from.

    That goes back to the first version which somebody else approved already, or which an operator deployed.
    """
    return authors_of_each(connection, {version}).get(version, set())


def authors_of_each(connection: Connection, versions: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Find the same of several versions at once; one that nobody worked on is not among them."""
    columns = process_version.c
    line = (
        select(columns.id.label("version"), columns.id, columns.base, columns.author)
        .where(columns.id.in_(versions), columns.author.is_not(None))
        .cte(recursive=True)
    )
    line = line.union(
        select(line.c.version, columns.id, columns.base, columns.author)
        .join(line, line.c.base == columns.id)
        .where(columns.author.is_not(None), columns.approved_at.is_(None))
    )
    drafted = (
        select(line.c.version, draft_author.c.person)
        .join(process_draft, process_draft.c.version == line.c.id)
        .join(draft_author, draft_author.c.draft == process_draft.c.id)
    )
    found: dict[UUID, set[UUID]] = {}
    for version, author in connection.execute(select(line.c.version, line.c.author).union(drafted)):
        found.setdefault(version, set()).add(author)
    return found


def authors_of_draft(connection: Connection, draft: ProcessDraft) -> set[UUID]:
    """Find everybody who worked on what a draft would become."""
    changed = select(draft_author.c.person).where(draft_author.c.draft == draft.id)
    found = {draft.author, *connection.scalars(changed)}
    approved = select(process_version.c.approved_at).where(process_version.c.id == draft.base)
    if draft.base is not None and connection.scalar(approved) is None:
        found |= authors_of(connection, draft.base)
    return found


def count_open(connection: Connection, process_id: UUID) -> int:
    """Count the drafts of an SOP that can be changed."""
    return (
        connection.scalar(
            select(func.count())
            .select_from(process_draft)
            .where(process_draft.c.process == process_id, process_draft.c.state == DraftState.OPEN)
        )
        or 0
    )


def is_used(connection: Connection, process_id: UUID) -> bool:
    """Tell whether an SOP has a version, or a draft that was not discarded."""
    kept = select(process_draft.c.id).where(
        process_draft.c.process == process_id, process_draft.c.state != DraftState.DISCARDED
    )
    revised = select(process_version.c.id).where(process_version.c.process == process_id)
    return connection.execute(kept.union_all(revised).limit(1)).first() is not None


def _written(columns: dict[str, Any]) -> dict[str, Any]:
    packed = {name: to_json(dict(columns[name])) for name in ("forms", "decisions") if name in columns}
    return columns | packed


def _read(row: RowMapping) -> ProcessDraft:
    return ProcessDraft(
        id=row["id"],
        office=row["office"],
        process=row["process"],
        key=row["key"],
        name=row["name"],
        base=row["base"],
        author=row["author"],
        created_at=row["created_at"],
        revision=row["revision"],
        saved_by=row["saved_by"],
        saved_at=row["saved_at"],
        state=DraftState(row["state"]),
        bpmn=row["bpmn"],
        forms=json.loads(row["forms"]),
        decisions=json.loads(row["decisions"]),
        notes=row["notes"],
        version=row["version"],
    )
