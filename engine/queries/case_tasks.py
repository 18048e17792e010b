"""The tasks of a case as its page shows them: who has them, since when, and the time they took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.definition import ClockStart, Definition, Step
from engine.model.lateness import allowed_until, late_by
from engine.model.schedule import due, times_spent
from engine.model.task import Task, TaskState, can_draft, can_work
from engine.storage.tables import person, task
from engine.storage.tasks import TASK_COLUMNS, read_task

MOST = 30
SHOWN = (TaskState.OPEN, TaskState.COMPLETED, TaskState.RETURNED)


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    """A task that is open, was completed, or the case was sent back from.

    Minutes are working minutes, up to now where it is open.
    """

    task: Task
    number: int | None  # of the step in the SOP's table
    role_label: str
    holder: str  # post, else name; empty in the role's pool
    preparer: str
    worked: int
    waited: int
    allowed: int | None  # standard time from the start of its clock; None: the SOP sets none
    late_by: int | None  # past its own due time; None: in time, 0: outside working hours
    waits_to_start: bool  # its clock runs from the moment somebody takes it
    may_work: bool
    may_prepare: bool
    taken_back: bool = False  # its completion was; another task stands in its place and holds its time

    @property
    def is_open(self) -> bool:
        """Tell whether it waits to be done."""
        return self.task.state is TaskState.OPEN


def task_lines(
    engine: Engine,
    connection: Connection,
    actor: Actor,
    case: UUID,
    definition: Definition,
    *,
    states: Sequence[TaskState] = SHOWN,
) -> list[TaskLine]:
    """Read every open task and the last of those that were closed, in the order they were opened."""
    holder, preparer = person.alias(), person.alias()
    rows = connection.execute(
        select(
            *TASK_COLUMNS,
            task.c.worked_minutes,
            task.c.waited_minutes,
            holder.c.name.label("holder_name"),
            holder.c.post.label("holder_post"),
            preparer.c.name.label("preparer_name"),
            preparer.c.post.label("preparer_post"),
        )
        .outerjoin(holder, holder.c.id == task.c.assignee)
        .outerjoin(preparer, preparer.c.id == task.c.prepared_by)
        .where(task.c.instance == case, task.c.state.in_([state.value for state in states]))
        .order_by((task.c.state == TaskState.OPEN.value).desc(), task.c.id.desc())
        .limit(MOST)
    ).mappings()
    lines = [_line(engine, actor, row, definition) for row in rows]
    return _taken_back(sorted(lines, key=lambda line: line.task.id))


def _taken_back(lines: list[TaskLine]) -> list[TaskLine]:
    """Mark the lines that a later task of the same step and round replaces."""
    last = {_key(line): line.task.id for line in lines}
    return [line if last[_key(line)] == line.task.id else replace(line, taken_back=True) for line in lines]


def _key(line: TaskLine) -> tuple[str, int, int]:
    return line.task.element, line.task.round, line.task.iteration


def _line(engine: Engine, actor: Actor, row: RowMapping, definition: Definition) -> TaskLine:
    one = read_task(row)
    step = next((step for step in definition.steps if step.element == one.element), None)
    worked, waited = row["worked_minutes"], row["waited_minutes"]
    if worked is None or waited is None:
        worked, waited = _until(engine, one, one.completed_at or engine.clock.now())
    roles = {lane.role: lane.name for lane in definition.lanes}
    return TaskLine(
        task=one,
        number=step.number if step else None,
        role_label=roles.get(one.role, one.role),
        holder=row["holder_post"] or row["holder_name"] or "",
        preparer=row["preparer_post"] or row["preparer_name"] or "",
        worked=worked,
        waited=waited,
        allowed=_allowed(engine, one, step),
        late_by=late_by(one.due_at, one.completed_at or engine.clock.now(), engine.calendar_of(one.office)),
        waits_to_start=waits_to_start(one.clock_started_at, step),
        may_work=can_work(one, actor),
        may_prepare=can_draft(one, actor),
    )


def waits_to_start(clock_started_at: datetime | None, step: Step | None) -> bool:
    """Tell whether an open task's clock runs only once somebody takes it."""
    if step is None or step.standard_time is None or clock_started_at is not None:
        return False
    return step.clock is ClockStart.STARTED


def _until(engine: Engine, one: Task, end: datetime) -> tuple[int, int]:
    return times_spent(
        opened_at=one.opened_at,
        started_at=one.clock_started_at or end,
        paused_minutes=one.paused_minutes,
        paused_at=one.paused_at,
        ended_at=end,
        calendar=engine.calendar_of(one.office),
    )


def _allowed(engine: Engine, one: Task, step: Step | None) -> int | None:
    """Count the standard time as it runs from this task's start: "4 hari" depends on the hour it began."""
    if step is None or step.standard_time is None:
        return None
    calendar = engine.calendar_of(one.office)
    started = one.clock_started_at or one.opened_at
    if one.due_at is not None:
        paused = one.paused_minutes
        return allowed_until(one.due_at, started_at=started, paused_minutes=paused, calendar=calendar)
    until = due(step, started_at=started, paused_minutes=0, calendar=calendar)
    return calendar.minutes_between(started, until) if until is not None else None
