"""Drafts: one per task and person; they outlive the task for a time, so that nothing typed is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, RowMapping, bindparam, delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.model.task import TaskState
from engine.storage.events import to_json
from engine.storage.tables import draft, task

RawFields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody typed so far. ``staged`` maps a field or output slot to blob ids (hex)."""

    task: UUID
    person: UUID
    revision: int
    fields: RawFields
    staged: Mapping[str, Sequence[str]]
    saved_at: datetime


_OF_TASK = select(draft).where(draft.c.task == bindparam("task_id")).order_by(draft.c.saved_at.desc())


def of_task(connection: Connection, task_id: UUID) -> list[Draft]:
    """Read every draft of a task, the newest first."""
    rows = connection.execute(_OF_TASK, {"task_id": task_id})
    return [_read(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def of_person(connection: Connection, task_id: UUID, person: UUID, *, held: bool = False) -> Draft | None:
    """Read one person's draft of a task; ``held`` keeps others from writing it meanwhile."""
    statement = select(draft).where(draft.c.task == task_id, draft.c.person == person)
    row = connection.execute(statement.with_for_update() if held else statement).one_or_none()
    return _read(row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it


def _read(row: RowMapping) -> Draft:
    return Draft(
        task=row["task"],
        person=row["person"],
        revision=row["revision"],
        fields=json.loads(row["fields"]),
        staged=json.loads(row["staged"]),
        saved_at=row["saved_at"],
    )


def save(  # noqa: PLR0913 - the columns of a draft
    connection: Connection,
    task_id: UUID,
    person: UUID,
    *,
    form_digest: bytes,
    fields: RawFields,
    staged: Mapping[str, Sequence[str]],
    at: datetime,
) -> int:
    """Write a draft over the one before; gives the new revision."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    texts = {"fields": to_json(dict(fields)), "staged": to_json(dict(staged))}
    statement = dialect.insert(draft).values(
        task=task_id, person=person, form_digest=form_digest, revision=1, saved_at=at, **texts
    )
    revision: int = connection.execute(
        statement.on_conflict_do_update(
            index_elements=[draft.c.task, draft.c.person],
            set_={
                "form_digest": form_digest,
                "revision": draft.c.revision + 1,
                "saved_at": at,
                "kept_until": None,
                **texts,
            },
        ).returning(draft.c.revision)
    ).scalar_one()
    return revision


def keep_closed(connection: Connection, until: datetime) -> None:
    """Set until when drafts are kept whose task is no longer open."""
    closed = exists().where(task.c.id == draft.c.task, task.c.state != TaskState.OPEN)
    connection.execute(update(draft).where(draft.c.kept_until.is_(None), closed).values(kept_until=until))


def drop_kept(connection: Connection, now: datetime) -> None:
    """Take the drafts away whose time is over."""
    connection.execute(delete(draft).where(draft.c.kept_until <= now))


_DROP = delete(draft).where(draft.c.task == bindparam("task_id"))


def drop(connection: Connection, task_id: UUID) -> None:
    """Take every draft of a task away."""
    connection.execute(_DROP, {"task_id": task_id})


def best_draft(found: Sequence[Draft], person: UUID | None, prepared_by: UUID | None) -> Draft | None:
    """Pick what a person's form shows: the newer of the own draft and the preparer's.

    ``found`` is what ``of_task`` gives, the newest first. A draft that only holds chosen files has
    no fields and does not count.
    """
    people = {person, prepared_by} - {None}
    return next((one for one in found if one.person in people and one.fields), None)


def staged_files(
    found: Sequence[Draft], person: UUID | None, prepared_by: UUID | None
) -> dict[str, Sequence[str]]:
    """Give the files chosen for a task by field: the preparer's, where the person has not changed them."""
    by = {one.person: one.staged for one in found}
    theirs = by.get(prepared_by, {}) if prepared_by else {}
    mine = by.get(person, {}) if person else {}
    return {**theirs, **mine}
