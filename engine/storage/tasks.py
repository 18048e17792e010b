"""Tasks as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, insert, select, update

from engine.model.instance import InstanceStatus
from engine.model.task import Task, TaskState
from engine.storage.tables import NO_DUE, instance, participant, task

_TASK_FIELDS = tuple(field.name for field in fields(Task))
_TASK_COLUMNS = tuple(task.c[name] for name in _TASK_FIELDS)


@dataclass(frozen=True, kw_only=True)
class TaskInCase:
    """A task with what an action must know of its case."""

    task: Task
    process: UUID
    guard: int
    state: str | None  # of the instance
    status: InstanceStatus
    undo_task: UUID | None
    takes_part: bool  # the asking person took part in the case


def load(connection: Connection, task_id: UUID, office: UUID, person: UUID | None) -> TaskInCase | None:
    """Read a task of an office with its case, in one statement."""
    row = connection.execute(
        select(
            *_TASK_COLUMNS,
            task.c.process,
            instance.c.guard,
            instance.c.state.label("instance_state"),
            instance.c.status,
            instance.c.undo_task,
            exists()
            .where(participant.c.person == person, participant.c.instance == task.c.instance)
            .label("takes_part"),
        )
        .join(instance, instance.c.id == task.c.instance)
        .where(task.c.id == task_id, task.c.office == office)
    ).one_or_none()
    if row is None:
        return None
    return TaskInCase(
        task=read_task(row._mapping),  # noqa: SLF001 - SQLAlchemy's public name for it
        process=row.process,
        guard=row.guard,
        state=row.instance_state,
        status=InstanceStatus(row.status),
        undo_task=row.undo_task,
        takes_part=bool(row.takes_part),
    )


def read_task(row: Mapping[str, Any]) -> Task:
    """Map a row to a task."""
    values = {name: row[name] for name in _TASK_FIELDS}
    values["state"] = TaskState(values["state"])
    return Task(**values)


def of_instance(connection: Connection, instance_id: UUID) -> list[Task]:
    """Read every task of a case in the order they were opened."""
    rows = connection.execute(
        select(*_TASK_COLUMNS).where(task.c.instance == instance_id).order_by(task.c.id)
    )
    return [read_task(row) for row in rows.mappings()]


_ADD = insert(task).values(
    number=select(instance.c.number).where(instance.c.id == bindparam("case")).scalar_subquery()
)


def add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write opened tasks of cases that are written; what the inbox sorts by is derived here."""
    if rows:
        keys = [{"due_key": row.get("due_at") or NO_DUE, "case": row["instance"]} for row in rows]
        connection.execute(_ADD, [row | key for row, key in zip(rows, keys, strict=True)])


def change(connection: Connection, seen: Task, changes: Mapping[str, Any]) -> bool:
    """Write changes to an open task that is still as it was seen; False when somebody was first.

    Who holds it, who lent it and whether its clock stands are what people race about.
    """
    values = dict(changes)
    if "due_at" in values:
        values["due_key"] = values["due_at"] or NO_DUE
    done = connection.execute(
        update(task)
        .where(
            task.c.id == seen.id,
            task.c.state == TaskState.OPEN,
            task.c.assignee.is_not_distinct_from(seen.assignee),
            task.c.delegated_by.is_not_distinct_from(seen.delegated_by),
            task.c.prepared_by.is_not_distinct_from(seen.prepared_by),
            task.c.paused_at.is_not_distinct_from(seen.paused_at),
        )
        .values(**values)
    )
    return done.rowcount == 1


def close(connection: Connection, task_id: UUID, changes: Mapping[str, Any]) -> bool:
    """Close an open task; False when it was closed already."""
    done = connection.execute(
        update(task).where(task.c.id == task_id, task.c.state == TaskState.OPEN).values(**changes)
    )
    return done.rowcount == 1


def close_all(connection: Connection, instance_id: UUID, state: TaskState) -> None:
    """Close every open task of a case."""
    connection.execute(
        update(task)
        .where(task.c.instance == instance_id, task.c.state == TaskState.OPEN)
        .values(state=state)
    )


def see(connection: Connection, task_id: UUID, at: Any) -> bool:  # noqa: ANN401 - a datetime
    """Note the first opening by somebody who may work on it; False when it was seen before."""
    done = connection.execute(
        update(task).where(task.c.id == task_id, task.c.seen_at.is_(None)).values(seen_at=at)
    )
    return done.rowcount == 1
