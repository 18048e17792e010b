"""What drafts were before their content was replaced: the last few of each."""

from __future__ import annotations

import json
from uuid import UUID

from sqlalchemy import Connection, RowMapping, delete, insert, select

from engine.model.process_draft import DraftBefore, KeptContent, ProcessDraft, Replacing
from engine.storage.events import to_json
from engine.storage.tables import draft_before

_KEPT = 20  # of a draft


def keep(
    connection: Connection,
    draft: ProcessDraft,
    why: Replacing,
    file: str = "",
    *,
    title: str = "",
    steps: int | None = None,
) -> None:
    """Keep what a draft is now, with what tells it in a list; the oldest of many is given up."""
    connection.execute(
        insert(draft_before).values(
            draft=draft.id,
            revision=draft.revision,
            saved_by=draft.saved_by,
            saved_at=draft.saved_at,
            why=why,
            file=file,
            title=title,
            steps=steps,
            bpmn=draft.bpmn,
            forms=to_json(dict(draft.forms)),
            decisions=to_json(dict(draft.decisions)),
            notes=draft.notes,
        )
    )
    mine = select(draft_before.c.revision).where(draft_before.c.draft == draft.id)
    last = list(connection.scalars(mine.order_by(draft_before.c.revision.desc()).limit(_KEPT)))
    old = draft_before.c.revision < last[-1]
    connection.execute(delete(draft_before).where(draft_before.c.draft == draft.id, old))


def kept(connection: Connection, draft_id: UUID) -> list[KeptContent]:
    """Tell what is kept of a draft, the newest first; not what is in it, which may be large."""
    columns = draft_before.c
    rows = connection.execute(
        select(
            columns.revision,
            columns.saved_by,
            columns.saved_at,
            columns.why,
            columns.file,
            columns.title,
            columns.steps,
        )
        .where(columns.draft == draft_id)
        .order_by(columns.revision.desc())
    )
    return [
        KeptContent(
            revision=row.revision,
            saved_by=row.saved_by,
            saved_at=row.saved_at,
            why=Replacing(row.why),
            file=row.file,
            title=row.title,
            steps=row.steps,
        )
        for row in rows
    ]


def newest(connection: Connection, draft_id: UUID, most: int) -> list[DraftBefore]:
    """Read the last few contents of a draft, the newest first."""
    rows = connection.execute(
        select(draft_before)
        .where(draft_before.c.draft == draft_id)
        .order_by(draft_before.c.revision.desc())
        .limit(most)
    ).mappings()
    return [_read(row) for row in rows]


def at_revision(connection: Connection, draft_id: UUID, revision: int) -> DraftBefore | None:
    """Read what a draft was at a revision; None where it is not kept."""
    found = select(draft_before).where(draft_before.c.draft == draft_id, draft_before.c.revision == revision)
    row = connection.execute(found).mappings().one_or_none()
    return None if row is None else _read(row)


def _read(row: RowMapping) -> DraftBefore:
    return DraftBefore(
        revision=row["revision"],
        saved_by=row["saved_by"],
        saved_at=row["saved_at"],
        why=Replacing(row["why"]),
        file=row["file"],
        title=row["title"],
        steps=row["steps"],
        bpmn=row["bpmn"],
        forms=json.loads(row["forms"]),
        decisions=json.loads(row["decisions"]),
        notes=row["notes"],
    )
