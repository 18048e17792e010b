"""Cases that were moved to another version, as rows, with what an undo puts back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from engine.errors import Sentence
from engine.model.incident import sentence_from
from engine.model.instance import InstanceStatus
from engine.model.task import TaskState
from engine.storage.events import to_json
from engine.storage.packing import Bulky
from engine.storage.tables import NO_DUE, incident, instance, message_wait, moved, task, timer


@dataclass(frozen=True, kw_only=True)
class MovedRow:
    """A case that was moved, or was to be."""

    batch: UUID
    instance: UUID
    from_version: UUID
    to_version: UUID
    verdict: str
    seq: int | None
    guard: int | None
    at: datetime
    undone_at: datetime | None


_COLUMNS = tuple(moved.c[name] for name in MovedRow.__dataclass_fields__)


def add(connection: Connection, *, before: Mapping[str, Any] | None = None, **columns: Any) -> None:
    """Write that a case was moved, or could not be; a case that was tried before is written anew."""
    connection.execute(
        delete(moved).where(moved.c.batch == columns["batch"], moved.c.instance == columns["instance"])
    )
    packed = None if before is None else Bulky(to_json(before))
    connection.execute(insert(moved).values(columns | {"before": packed}))


def last_of(connection: Connection, instance_id: UUID) -> MovedRow | None:
    """Read the last move of a case that was not undone; None where there is none."""
    row = connection.execute(
        select(*_COLUMNS)
        .where(moved.c.instance == instance_id, moved.c.seq.is_not(None), moved.c.undone_at.is_(None))
        .order_by(moved.c.seq.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else MovedRow(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def before(connection: Connection, row: MovedRow) -> dict[str, Any]:
    """Read what an undo puts back."""
    text = connection.scalar(
        select(moved.c.before).where(moved.c.batch == row.batch, moved.c.instance == row.instance)
    )
    found: dict[str, Any] = json.loads(text or "{}")
    return found


def undo(connection: Connection, row: MovedRow, at: datetime) -> None:
    """Note that a move was undone; what it kept for that is not needed any more."""
    connection.execute(
        update(moved)
        .where(moved.c.batch == row.batch, moved.c.instance == row.instance)
        .values(undone_at=at, before=None)
    )


def forget_before(connection: Connection) -> None:
    """Let go of what an undo would put back where there can be none: the case has gone on or ended."""
    went_on = (
        exists()
        .where(instance.c.id == moved.c.instance)
        .where((instance.c.guard != moved.c.guard) | (instance.c.status != InstanceStatus.RUNNING.value))
    )
    connection.execute(update(moved).where(moved.c.before.is_not(None), went_on).values(before=None))


def next_of(connection: Connection, batch_id: UUID, after: UUID | None, limit: int) -> list[UUID]:
    """Read the next cases that a batch moved and nobody has taken back."""
    where = [moved.c.batch == batch_id, moved.c.seq.is_not(None), moved.c.undone_at.is_(None)]
    if after is not None:
        where.append(moved.c.instance > after)
    return list(
        connection.scalars(select(moved.c.instance).where(*where).order_by(moved.c.instance).limit(limit))
    )


def counts(connection: Connection, batch_id: UUID) -> dict[str, int]:
    """Count the cases of a batch: moved, undone, and blocked at the last moment."""
    state = select(moved.c.seq.is_not(None), moved.c.undone_at.is_not(None), func.count())
    rows = connection.execute(
        state.where(moved.c.batch == batch_id).group_by(
            moved.c.seq.is_not(None), moved.c.undone_at.is_not(None)
        )
    )
    found = {"moved": 0, "undone": 0, "blocked": 0}
    for was_moved, was_undone, count in rows:
        found["blocked" if not was_moved else "undone" if was_undone else "moved"] += count
    return found


def listed(connection: Connection, batch_id: UUID, most: int, *, undone: bool) -> list[tuple[UUID, str]]:
    """Read the first cases that a batch moved, or of these the ones that were taken back, with numbers."""
    back = moved.c.undone_at.is_not(None) if undone else moved.c.undone_at.is_(None)
    rows = connection.execute(
        select(instance.c.id, instance.c.number)
        .join(moved, moved.c.instance == instance.c.id)
        .where(moved.c.batch == batch_id, moved.c.seq.is_not(None), back)
        .order_by(instance.c.number)
        .limit(most)
    )
    return [(row.id, row.number) for row in rows]


def hindered(connection: Connection, batch_id: UUID, most: int) -> dict[UUID, Sentence]:
    """Read which chosen cases could not be moved, and why."""
    rows = connection.execute(
        select(moved.c.instance, moved.c.reason)
        .where(moved.c.batch == batch_id, moved.c.seq.is_(None))
        .order_by(moved.c.instance)
        .limit(most)
    )
    return {row.instance: sentence_from(json.loads(row.reason)) for row in rows}


def take_over_tasks(connection: Connection, instance_id: UUID, to: UUID, elements: Iterable[str]) -> None:
    """Let the tasks of a case that are over belong to another version, where it has their steps."""
    connection.execute(
        update(task)
        .where(
            task.c.instance == instance_id, task.c.state != TaskState.OPEN, task.c.element.in_(list(elements))
        )
        .values(version=to)
    )


def change_task(connection: Connection, task_id: UUID, changes: Mapping[str, Any]) -> None:
    """Write the columns of an open task."""
    due = {"due_key": changes["due_at"] or NO_DUE} if "due_at" in changes else {}
    connection.execute(update(task).where(task.c.id == task_id).values({**changes, **due}))


def take_over_incidents(connection: Connection, instance_id: UUID, to: UUID) -> None:
    """Let what is still open of a case be told of the version it runs on."""
    connection.execute(
        update(incident)
        .where(incident.c.instance == instance_id, incident.c.state == "open")
        .values(version=to)
    )


def wakers(connection: Connection, instance_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Read every timer and wait of a case, whole."""
    return {
        name: [
            dict(row)
            for row in connection.execute(select(table).where(table.c.instance == instance_id)).mappings()
        ]
        for name, table in (("timers", timer), ("waits", message_wait))
    }


def restore_wakers(
    connection: Connection, instance_id: UUID, rows: Mapping[str, list[dict[str, Any]]]
) -> None:
    """Put exactly those timers and waits in the place of all that a case has."""
    for name, table in (("timers", timer), ("waits", message_wait)):
        connection.execute(delete(table).where(table.c.instance == instance_id))
        if rows[name]:
            connection.execute(insert(table), rows[name])


def restore_tasks(connection: Connection, instance_id: UUID, versions: Mapping[UUID, list[UUID]]) -> None:
    """Give tasks back to the versions they belonged to."""
    for version, ids in versions.items():
        connection.execute(
            update(task).where(task.c.instance == instance_id, task.c.id.in_(ids)).values(version=version)
        )
