"""The case that decides on a revision: where it stands, and whom it waits for until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.model.actor import Actor
from engine.model.task import Task, TaskState, can_work
from engine.storage import office, revision_cases, tasks


@dataclass(frozen=True, kw_only=True)
class DecidingCase:
    """The open case that decides on a version. ``task`` is what waits there for whoever looks."""

    id: UUID
    number: str
    task: UUID | None
    waits: str  # name of the step it stands at; empty: of none
    of: tuple[str, ...]  # whom it waits for
    due_at: datetime | None


def deciding_case(connection: Connection, actor: Actor, version: UUID) -> DecidingCase | None:
    """Find the open case that decides on a version."""
    found = revision_cases.open_case(connection, version)
    if found is None:
        return None
    opened = [one for one in tasks.of_instance(connection, found[0]) if one.state is TaskState.OPEN]
    mine = next((one.id for one in opened if can_work(one, actor)), None)
    first = next(iter(opened), None)
    return DecidingCase(
        id=found[0],
        number=found[1],
        task=mine,
        waits=first.name if first else "",
        of=_waited_for(connection, first) if first else (),
        due_at=first.due_at if first else None,
    )


def _waited_for(connection: Connection, one: Task) -> tuple[str, ...]:
    """Name who has the task, else the role whose it is."""
    if one.assignee is None:
        return (office.role_labels(connection, one.office).get(one.role, one.role),)
    name, post = office.names_of(connection, {one.assignee})[one.assignee]
    return (post or name,)
