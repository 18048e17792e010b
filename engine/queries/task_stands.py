"""How the steps of the SOP stand in a case, for the position strip."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from engine.model.definition import Step
from engine.model.task import TaskState
from engine.storage.tables import task
from engine.storage.versions import Version


@dataclass(frozen=True, kw_only=True)
class StepStand:
    """How a step of the SOP stands in the case: ``state`` is done, open, returned or waiting."""

    element: str
    state: str


def step_stands(connection: Connection, case: UUID, version: Version) -> tuple[StepStand, ...]:
    """Say how each step stands; what will be done again after a return is not done."""
    rows = connection.execute(
        select(
            task.c.element,
            func.max(task.c.completed_at).label("completed_at"),
            func.max(task.c.opened_at).filter(task.c.state == TaskState.OPEN.value).label("opened_at"),
            func.max(task.c.opened_at).filter(task.c.state == TaskState.RETURNED.value).label("left_at"),
        )
        .where(task.c.instance == case)
        .group_by(task.c.element)
    ).all()
    done = {row.element: row.completed_at for row in rows if row.completed_at}
    opened = {row.element: row.opened_at for row in rows if row.opened_at}
    left = {
        row.element
        for row in rows
        if row.left_at and row.left_at >= (row.completed_at or row.left_at) and _again(version, row, opened)
    }
    return tuple(
        StepStand(element=step.element, state=_stand(version, step, done, opened, left))
        for step in version.definition.steps
    )


def _again(version: Version, row: Any, opened: Mapping[str, datetime]) -> bool:  # noqa: ANN401 - a row
    """Tell whether what a case was sent back to from a step is still to be done."""
    number = version.definition.step(row.element).number
    return any(
        at >= row.left_at and version.definition.step(element).number < number
        for element, at in opened.items()
    )


def _stand(
    version: Version,
    step: Step,
    done: Mapping[str, datetime],
    opened: Mapping[str, datetime],
    left: Collection[str],
) -> str:
    if step.element in opened:
        return "open"
    if step.element in left:
        return "returned"
    if step.element not in done:
        return "waiting"
    again = any(
        at >= done[step.element] and version.definition.step(element).number < step.number
        for element, at in opened.items()
    )
    if not again:
        return "done"
    form = version.form_of(step)
    # Where the case was sent back from a later step, the review did not return it.
    return "returned" if form is not None and form.decision is not None and not left else "waiting"
