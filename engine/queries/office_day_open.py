"""Which tasks were open at a past moment, as conditions of a statement.

Rows tell when a task was opened and when it was completed; when it was closed undone only the record tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, or_, select

from engine.model.actor import Actor
from engine.model.event import EventKind
from engine.model.task import TaskState
from engine.queries.case_access import visible
from engine.queries.figures_events import IS_DEVIATION
from engine.queries.late_rows import is_late
from engine.storage.tables import event, instance, process, task


@dataclass(frozen=True, kw_only=True)
class DayAsked:
    """A moment, and what of it: the cases of an SOP (key), or only what was late."""

    at: datetime
    sop: str = ""
    late: bool = False


def open_then(actor: Actor, asked: DayAsked) -> list[ColumnElement[bool]]:
    """Give conditions of tasks, joined with their cases, that were open at the moment.

    Auditors find what their letters of assignment cover, others all of their office. Cases are looked at
    first: of all that ever were, few are open at once.
    """
    at = asked.at
    wanted = [
        instance.c.office == actor.office,
        instance.c.started_at <= at,
        or_(instance.c.ended_at.is_(None), instance.c.ended_at > at),
        task.c.opened_at <= at,
        or_(task.c.completed_at.is_(None), task.c.completed_at > at),
        or_(
            task.c.state.in_([TaskState.OPEN.value, TaskState.COMPLETED.value]),
            and_(task.c.state == TaskState.WITHDRAWN.value, ~_withdrawn_by(at)),
            and_(task.c.state.in_([TaskState.CANCELLED.value, TaskState.RETURNED.value]), _closed_after(at)),
        ),
        ~and_(task.c.instance.in_(_taken_back_in(at)), _in_place_of_another(), _taken_back_after(at)),
    ]
    if actor.needs_assignment:
        wanted.append(visible(actor))
    if asked.sop:
        ours = select(process.c.id).where(process.c.office == actor.office, process.c.key == asked.sop)
        wanted.append(instance.c.process.in_(ours))
    return wanted


def late_then(at: datetime) -> ColumnElement[bool]:
    """Tell that an open task was late at the moment; one whose clock stood then was not."""
    paused, resumed = event.alias("paused"), event.alias("resumed")
    again = exists().where(
        _of_this_step(resumed),
        resumed.c.kind == EventKind.CLOCK_RESUMED.value,
        resumed.c.seq > paused.c.seq,
        resumed.c.at <= at,
    )
    stood = exists().where(
        _of_this_step(paused),
        paused.c.kind == EventKind.CLOCK_PAUSED.value,
        paused.c.at <= at,
        ~again.correlate(task, paused),
    )
    return and_(is_late(task.c.due_at, at), ~stood.correlate(task))


def _of_this_step(told: FromClause = event) -> ColumnElement[bool]:
    return and_(
        told.c.stream == task.c.instance,
        told.c.element == task.c.element,
        told.c.round == task.c.round,
        told.c.iteration == task.c.iteration,
    )


def _closed_after(at: datetime) -> ColumnElement[bool]:
    """Tell that a task was closed undone later than the moment."""
    kinds = [EventKind.TASK_CANCELLED.value, EventKind.TASK_RETURNED.value]
    return exists().where(_of_this_step(), event.c.kind.in_(kinds), event.c.at > at)


def _withdrawn_by(at: datetime) -> ColumnElement[bool]:
    """Tell that the completion which opened a task was taken back until the moment."""
    return exists().where(
        event.c.stream == task.c.instance,
        event.c.kind == EventKind.COMPLETION_WITHDRAWN.value,
        event.c.at >= task.c.opened_at,
        event.c.at <= at,
    )


def _in_place_of_another() -> ColumnElement[bool]:
    """Tell of a task that it was opened again because its completion was taken back."""
    first = task.alias("first")
    return exists().where(
        first.c.instance == task.c.instance,
        first.c.element == task.c.element,
        first.c.round == task.c.round,
        first.c.iteration == task.c.iteration,
        first.c.id < task.c.id,
        first.c.completed_at.is_not(None),
    )


def _taken_back_in(at: datetime) -> Any:  # noqa: ANN401 - a Select
    """Find the cases in which something was taken back after the moment: few, by an index of their own."""
    kind = event.c.kind == EventKind.COMPLETION_WITHDRAWN.value
    return select(event.c.stream).where(IS_DEVIATION, kind, event.c.at > at)


def _taken_back_after(at: datetime) -> ColumnElement[bool]:
    kind = event.c.kind == EventKind.COMPLETION_WITHDRAWN.value
    return exists().where(_of_this_step(), kind, event.c.at > at)
