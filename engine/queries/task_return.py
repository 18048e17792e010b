"""A case that was sent back: why, by whom, and where it can be sent back to from a task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from engine.model.definition import Definition, Step
from engine.model.event import EventKind
from engine.model.naming import post_and_name
from engine.model.task import Task, TaskState
from engine.storage.tables import event, person, task


@dataclass(frozen=True, kw_only=True)
class SentBack:
    """One return. ``by`` is post and name; empty reason where it was erased."""

    reason: str
    by: str
    at: datetime
    source: str  # names of the two steps
    source_round: int
    target: str


def sent_back(connection: Connection, definition: Definition, one: Task) -> SentBack | None:
    """Find the return that opened a task, or that closed it; None where it was no return."""
    returned = one.state is TaskState.RETURNED
    if one.round == 1 and not returned:
        return None
    found = (
        select(event.c.at, event.c.element, event.c.round, event.c.payload, person.c.name, person.c.post)
        .outerjoin(person, person.c.id == event.c.actor)
        .where(event.c.stream == one.instance, event.c.kind == EventKind.TASK_RETURNED.value)
        .order_by(event.c.seq.desc())
    )
    if returned:
        found = found.where(event.c.element == one.element, event.c.round == one.round)
    else:
        # A task that stands in the place of a withdrawn completion arrived when the first one did.
        found = found.where(event.c.at == one.opened_at)
    for row in connection.execute(found).mappings():
        said: Mapping[str, Any] = json.loads(row["payload"] or "{}")
        target, target_round = said.get("back_to") or ("", 0)
        if returned or (target, target_round) == (one.element, one.round):
            return SentBack(
                reason=str(said.get("reason") or ""),
                by=post_and_name(row["name"] or "", row["post"] or ""),
                at=row["at"],
                source=_name(definition, row["element"]),
                source_round=row["round"],
                target=_name(definition, target),
            )
    return None


def steps_back(connection: Connection, definition: Definition, step: Step, one: Task) -> tuple[Step, ...]:
    """Give the steps that a case can be sent back to from a task: those that were done in it."""
    if not step.return_to:
        return ()
    done = set(
        connection.scalars(
            select(task.c.element).where(
                task.c.instance == one.instance,
                task.c.element.in_(step.return_to),
                task.c.state == TaskState.COMPLETED.value,
            )
        )
    )
    return tuple(definition.step(element) for element in step.return_to if element in done)


def _name(definition: Definition, element: str) -> str:
    return next((step.name for step in definition.steps if step.element == element), element)
