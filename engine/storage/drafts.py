"""Drafts: one per task and person, and one put aside; they outlive the task for a time.

So nothing typed is lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, delete, exists, false, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.model.task import Task, TaskState
from engine.storage.events import to_json
from engine.storage.prepared import Prepared
from engine.storage.tables import draft, task

RawFields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody typed so far. ``staged`` maps a field or output slot to blob ids (hex).

    ``attempt`` is the opened form it was last saved from, or the mark of what that saved by itself;
    ``prepared_for`` whose task it was typed for, when that was somebody else's.
    """

    task: UUID
    person: UUID
    aside: bool  # what stood against the person's draft and was kept beside it
    revision: int
    fields: RawFields
    staged: Mapping[str, Sequence[str]]
    saved_at: datetime
    attempt: UUID | None
    prepared_for: UUID | None


def by_itself(attempt: UUID) -> UUID:
    """Give the mark of what an opened form saves by itself while it is typed in, before it is sent."""
    return uuid5(attempt, "by itself")


_OF_TASK = Prepared(
    select(draft).where(draft.c.task == bindparam("task_id")).order_by(draft.c.saved_at.desc())
)


def of_task(connection: Connection, task_id: UUID) -> list[Draft]:
    """Read every draft of a task, the newest first."""
    return [_read(row._asdict()) for row in _OF_TASK.all(connection, {"task_id": task_id})]


def of_person(connection: Connection, task_id: UUID, person: UUID) -> Draft | None:
    """Read one person's draft of a task."""
    statement = select(draft).where(
        draft.c.task == task_id, draft.c.person == person, draft.c.aside == false()
    )
    row = connection.execute(statement).one_or_none()
    return _read(row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it


def _read(row: Mapping[Any, Any]) -> Draft:
    return Draft(
        task=row["task"],
        person=row["person"],
        aside=row["aside"],
        revision=row["revision"],
        fields=json.loads(row["fields"]),
        staged=json.loads(row["staged"]),
        saved_at=row["saved_at"],
        attempt=row["attempt"],
        prepared_for=row["prepared_for"],
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
    aside: bool = False,
    first: int = 1,
    attempt: UUID | None = None,
    prepared_for: UUID | None = None,
) -> int:
    """Write a draft over the one before; gives the new revision, ``first`` where there was none."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {
        "form_digest": form_digest,
        "fields": to_json(dict(fields)),
        "staged": to_json(dict(staged)),
        "saved_at": at,
        "attempt": attempt,
        "prepared_for": prepared_for,
    }
    statement = dialect.insert(draft).values(
        task=task_id, person=person, aside=aside, revision=first, **values
    )
    revision: int = connection.execute(
        statement.on_conflict_do_update(
            index_elements=[draft.c.task, draft.c.person, draft.c.aside],
            set_={"revision": draft.c.revision + 1, "kept_until": None, **values},
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


_DROP_SENT = Prepared(
    delete(draft).where(
        draft.c.task == bindparam("of_task"),
        draft.c.person == bindparam("of_person"),
        draft.c.aside == false(),
        or_(draft.c.revision == bindparam("as_read"), draft.c.attempt == bindparam("of_attempt")),
    )
)


def drop_sent(
    connection: Connection, task_id: UUID, person: UUID | None, attempt: UUID, read: Sequence[Draft]
) -> None:
    """Take away the drafts that a completion was made of, where they still are as they were read.

    And what its form saved by itself meanwhile: that was on its way when the form was sent. What was typed
    since, on another page or on this one after going back to it, or by somebody else, stays.
    """
    mark = by_itself(attempt)
    revisions = {one.person: one.revision for one in read}
    if person is not None:
        revisions.setdefault(person, 0)  # there may be one by now
    _DROP_SENT.run_all(
        connection,
        [
            {"of_task": task_id, "of_person": one, "as_read": revision, "of_attempt": mark}
            for one, revision in revisions.items()
        ],
    )


def put_aside(connection: Connection, one: Draft) -> None:
    """Make a person's draft the one that was put aside, in the place of an earlier one."""
    of_person_ = (draft.c.task == one.task, draft.c.person == one.person)
    connection.execute(delete(draft).where(*of_person_, draft.c.aside == true()))
    connection.execute(update(draft).where(*of_person_, draft.c.aside == false()).values(aside=True))


def seen_by(found: Sequence[Draft], task: Task, person: UUID | None) -> list[Draft]:
    """Pick what somebody sees of a task's drafts, in the order they are offered: the newest first.

    One's own, what was prepared for one, and, for who prepares it, the holder's. ``found`` is what
    ``of_task`` gives. What was put aside comes last.
    """
    prepares = person is not None and person == task.prepared_by
    mine = [
        one
        for one in found
        if one.person == person
        or (person is not None and one.prepared_for == person)
        or one.person == task.prepared_by
        or (prepares and one.person == task.assignee)
    ]
    return [one for one in mine if not one.aside] + [
        one for one in mine if one.aside and one.person == person
    ]


def best_draft(seen: Sequence[Draft]) -> Draft | None:
    """Pick what a form begins with. A draft that only holds chosen files has no fields and does not count."""
    return next((one for one in seen if one.fields), None)


def staged_files(seen: Sequence[Draft]) -> dict[str, Sequence[str]]:
    """Give the files chosen for a task by field: each draft's, the newest last word."""
    staged: dict[str, Sequence[str]] = {}
    for one in reversed(seen):
        staged |= {} if one.aside else one.staged
    return staged


def typed_since(connection: Connection, instance_id: UUID, at: datetime) -> list[tuple[UUID, datetime]]:
    """Tell who typed in the open tasks of a case after a time, and when last."""
    rows = connection.execute(
        select(draft.c.person, draft.c.saved_at)
        .join(task, task.c.id == draft.c.task)
        .where(task.c.instance == instance_id, task.c.state == TaskState.OPEN, draft.c.saved_at > at)
    )
    return [(row.person, row.saved_at) for row in rows]
