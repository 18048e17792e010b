"""Which steps were completed in a period and stayed so: a completion that was taken back is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, or_, select

from engine.model.event import EventKind
from engine.model.task import TaskState
from engine.queries.figures_asked import Scope, during, of_cases, of_steps
from engine.queries.figures_events import IS_DEVIATION
from engine.storage.tables import event, instance, task

_CHUNK = 500  # cases named in one statement


def completed(scope: Scope, taken_back: Iterable[UUID]) -> list[ColumnElement[bool]]:
    """Give conditions of tasks that were completed in the period and stayed so."""
    wanted = [
        task.c.state == TaskState.COMPLETED.value,
        during(scope, task.c.completed_at),
        *of_steps(scope),
    ]
    ids = list(taken_back)
    return [*wanted, task.c.id.not_in(ids)] if ids else wanted


def replaced(connection: Connection, scope: Scope) -> list[UUID]:
    """Find the completed tasks in whose place another one stands: their completion was taken back.

    Where something was taken back is asked first, of the index of deviations: few cases of all.
    """
    streams = connection.scalars(
        select(event.c.stream)
        .distinct()
        .where(IS_DEVIATION, event.c.kind == EventKind.COMPLETION_WITHDRAWN.value)
    ).all()
    return [
        one
        for start in range(0, len(streams), _CHUNK)
        for one in _replaced(connection, scope, streams[start : start + _CHUNK])
    ]


def _replaced(connection: Connection, scope: Scope, streams: Sequence[UUID]) -> Iterator[UUID]:
    rows = connection.execute(
        select(task.c.id, task.c.instance, task.c.element, task.c.round, task.c.iteration, task.c.state)
        .join(instance, instance.c.id == task.c.instance)
        .where(
            instance.c.id.in_(streams),
            *of_cases(scope),
            or_(task.c.state == TaskState.COMPLETED.value, task.c.state == TaskState.OPEN.value),
        )
        .order_by(task.c.id)
    ).all()
    last = {(row.instance, row.element, row.round, row.iteration): row.id for row in rows}
    for row in rows:
        if last[row.instance, row.element, row.round, row.iteration] != row.id:
            yield row.id
