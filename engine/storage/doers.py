"""Who did a step of a case: completed it, prepared it, or corrected what it entered."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from engine.model.event import EventKind
from engine.model.task import TaskState
from engine.storage.tables import event, task

_CORRECTED = (EventKind.TASK_AMENDED.value, EventKind.INCIDENT_CORRECTED.value)


def last_done_by(
    connection: Connection, instance_id: UUID, elements: Collection[str]
) -> dict[str, set[UUID]]:
    """Tell who did steps of a case in the last round of each, by element.

    Whoever corrected afterwards what a step had entered did it as well, in its form or as a value.
    """
    rows = connection.execute(
        select(task.c.element, task.c.round, task.c.completed_by, task.c.prepared_by, task.c.completed_at)
        .where(
            task.c.instance == instance_id,
            task.c.element.in_(elements),
            task.c.state == TaskState.COMPLETED,
            task.c.completed_by.is_not(None),
        )
        .order_by(task.c.element, task.c.round, task.c.completed_at)
    )
    found: dict[str, tuple[int, datetime, set[UUID]]] = {}
    for row in rows:
        last, since, people = found.get(row.element, (row.round, row.completed_at, set()))
        if last != row.round:
            since, people = row.completed_at, set()
        found[row.element] = (row.round, since, people | ({row.completed_by, row.prepared_by} - {None}))
    for element, at, person in _corrections(connection, instance_id) if found else ():
        if element in found and at >= found[element][1]:
            found[element][2].add(person)
    return {element: people for element, (_round, _since, people) in found.items()}


def _corrections(connection: Connection, instance_id: UUID) -> list[tuple[str, datetime, UUID]]:
    """List what people corrected in a case: (element whose values they are, when, who)."""
    rows = connection.execute(
        select(event.c.kind, event.c.element, event.c.at, event.c.actor, event.c.payload).where(
            event.c.stream == instance_id, event.c.kind.in_(_CORRECTED), event.c.actor.is_not(None)
        )
    )
    return [
        (row.element if row.kind == EventKind.TASK_AMENDED else _variable(row.payload), row.at, row.actor)
        for row in rows
    ]


def _variable(payload: str | None) -> str:
    """Name the variable that was corrected: what a step entered stands under its id."""
    path = json.loads(payload).get("path") if payload else None
    return str(path[0]) if path else ""
