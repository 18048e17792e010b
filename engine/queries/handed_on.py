"""What came of a completion: where the case is now, and which task comes next for who completed it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.instance import InstanceStatus
from engine.model.task import TaskState
from engine.queries.inbox import InboxFilter, next_task
from engine.queries.tasks_seen import see_task
from engine.storage.tables import task


@dataclass(frozen=True, kw_only=True)
class HandedOn:
    """``lanes`` are the names of the lanes that have the case now; ``following`` is (id, name) of a task."""

    name: str
    case: UUID
    case_number: str
    lanes: tuple[str, ...]
    finished: bool
    following: tuple[UUID, str] | None


def handed_on(engine: Engine, actor: Actor, task_id: UUID, wanted: InboxFilter) -> HandedOn:
    """Say what came of a completed task, and what follows it in the list it was taken from."""
    with engine.store.reading() as connection:
        seen = see_task(connection, actor, task_id)
        roles = connection.scalars(
            select(task.c.role)
            .where(task.c.instance == seen.task.instance, task.c.state == TaskState.OPEN.value)
            .distinct()
        ).all()
    lanes = engine.versions.get(seen.task.version).definition.lanes
    return HandedOn(
        name=seen.task.name,
        case=seen.task.instance,
        case_number=seen.case_number,
        lanes=tuple(lane.name for lane in lanes if lane.role in roles),
        finished=seen.status is not InstanceStatus.RUNNING,
        following=next_task(engine, actor, wanted, seen.task, seen.case_number),
    )
