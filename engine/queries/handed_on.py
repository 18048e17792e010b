"""What came of a completion: where the case is now, and which task comes next for who completed it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select

from engine.core import Engine
from engine.errors import NotFound, say
from engine.model.actor import Actor
from engine.model.instance import InstanceStatus
from engine.queries.inbox import InboxFilter, Place, next_task
from engine.storage.tables import instance, task

# Built once, and nothing beside what is said: this is part of every completion.
_DONE = (
    select(
        task.c.id,
        task.c.name,
        task.c.due_at,
        task.c.instance,
        task.c.version,
        instance.c.number,
        instance.c.status,
    )
    .join(instance, instance.c.id == task.c.instance)
    .where(
        task.c.id == bindparam("task_id"),
        task.c.office == bindparam("office_id"),
        task.c.completed_by == bindparam("who"),
    )
)
_OPEN_ROLES = (
    select(task.c.role).where(task.c.instance == bindparam("case"), task.c.state == "open").distinct()
)


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
    """Say what came of a task the actor completed, and what follows it in the list it was taken from."""
    asked = {"task_id": task_id, "office_id": actor.office, "who": actor.person}
    with engine.store.reading() as connection:
        done = connection.execute(_DONE, asked).one_or_none()
        if done is None:
            raise NotFound(say("This task does not exist, or it is not for your role."))
        roles = set(connection.scalars(_OPEN_ROLES, {"case": done.instance}))
        place = Place(task=done.id, due_at=done.due_at, number=done.number)
        following = next_task(engine, connection, actor, wanted, place)
    lanes = engine.versions.get(done.version).definition.lanes
    return HandedOn(
        name=done.name,
        case=done.instance,
        case_number=done.number,
        lanes=tuple(lane.name for lane in lanes if lane.role in roles),
        finished=done.status != InstanceStatus.RUNNING,
        following=following,
    )
