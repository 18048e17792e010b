"""What a case waits for beside people: the answers of other systems, messages, set times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, select

from engine.model.definition import Definition, Node, Shape
from engine.model.job import REVISION
from engine.model.task import Task, TaskState
from engine.storage.tables import job, message_wait, task, timer


class Awaited(StrEnum):
    """What is waited for."""

    ANSWER = "answer"  # of a connector; one that was given up is an incident as well
    MESSAGE = "message"
    TIME = "time"


# What waits beside a step (boundary events, event subprocesses) is not where the case stands.
_IN_THE_FLOW = frozenset({"intermediateCatchEvent", "receiveTask"})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One thing that a case waits for."""

    element: str
    what: Awaited
    at: datetime | None = None  # when an answer was asked for; when the time will have come
    name: str = ""  # of a message or signal
    by_alur: bool = False  # who answers is no other system


def asked_of(connection: Connection, instance_id: UUID, definition: Definition) -> tuple[Asked, ...]:
    """Read what a case waits for beside people: answers, the oldest first, then messages, then times."""
    known: tuple[Shape | Node, ...] = (*definition.diagram.shapes, *definition.undrawn)
    flow = {one.element for one in known if one.type in _IN_THE_FLOW}
    jobs = connection.execute(
        select(job.c.element, job.c.queued_at, job.c.connector)
        .where(job.c.instance == instance_id)
        .order_by(job.c.queued_at, job.c.id)
    )
    messages = connection.execute(
        select(message_wait.c.element, message_wait.c.name)
        .where(message_wait.c.instance == instance_id)
        .order_by(message_wait.c.id)
    )
    times = connection.execute(
        select(timer.c.element, timer.c.due_at)
        .where(timer.c.instance == instance_id)
        .order_by(timer.c.due_at)
    )
    found = [
        Asked(element=row.element, what=Awaited.ANSWER, at=row.queued_at, by_alur=row.connector == REVISION)
        for row in jobs
    ]
    found += [
        Asked(element=row.element, what=Awaited.MESSAGE, name=row.name)
        for row in messages
        if row.element in flow
    ]
    found += [
        Asked(element=row.element, what=Awaited.TIME, at=row.due_at) for row in times if row.element in flow
    ]
    return tuple(found)


def is_last(connection: Connection, one: Task, definition: Definition) -> bool:
    """Tell whether a task is all that is open of its case, so that the case can end with it."""
    others = select(task.c.id).where(
        task.c.instance == one.instance, task.c.state == TaskState.OPEN.value, task.c.id != one.id
    )
    if connection.scalar(others.limit(1)) is not None:
        return False
    return not asked_of(connection, one.instance, definition)
