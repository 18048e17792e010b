"""The rows of a case that follow it to another version, and how they were, so that an undo is exact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.core import Engine
from engine.errors import Conflict, say
from engine.model.definition import ClockStart, Step
from engine.model.job import JobKey, JobState
from engine.model.schedule import clock_start, due
from engine.model.task import Task, TaskKey, TaskState
from engine.storage import incidents, instances, jobs, moved, office, tasks
from engine.storage.instances import InstanceRow
from engine.storage.transaction import Connection
from engine.storage.versions import Version

# Of an open task, what may be another thing in the other version.
_CHANGING = (
    "version",
    "element",
    "round",
    "name",
    "role",
    "assignee",
    "claimed_at",
    "delegated_by",
    "prepared_by",
    "clock_started_at",
    "due_at",
    "paused_at",
    "pause_reason",
    "paused_minutes",
)
_ASKING = say("Another system is being asked just now. Please try again in a minute.")
_ANSWERED = say(
    "The move cannot be taken back: another system has answered since, and its answer would be lost."
)
_NO_PAUSE = {"paused_at": None, "pause_reason": None, "paused_minutes": 0}
_NOBODY = {"assignee": None, "claimed_at": None, "delegated_by": None, "prepared_by": None}


def task_changes(  # noqa: PLR0913, PLR0917 - a task, what it becomes, and what decides when it is due
    engine: Engine,
    connection: Connection,
    task: Task,
    key: TaskKey,
    old: Version,
    new: Version,
    variables: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """Give the columns of an open task that are others in the new version, and its version.

    Whoever has it keeps it where they may do the step there. A clock that runs runs on; that of a step
    which became another one begins anew.
    """
    step, before = new.definition.step(key.element), old.definition.step(task.element)
    changes: dict[str, Any] = {
        "version": new.id,
        "element": key.element,
        "round": key.round,
        "name": step.name,
        "role": step.role,
    }
    if step.role != task.role and not _may_keep(engine, connection, task, step, now):
        changes |= _NOBODY
    if step.element != task.element:  # its clock begins anew, and runs
        changes |= _NO_PAUSE
    changes |= _times(engine, task, step, before, variables, now)
    return {name: value for name, value in changes.items() if value != getattr(task, name)}


def _may_keep(engine: Engine, connection: Connection, task: Task, step: Step, now: datetime) -> bool:
    holder = task.delegated_by or task.assignee
    if holder is None:
        return False
    day = engine.calendar_of(task.office).local(now).date()
    people = office.colleagues(connection, task.office, day)
    return any(one.id == holder and step.role in one.roles for one in people)


def _times(
    engine: Engine, task: Task, step: Step, before: Step, variables: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    calendar = engine.calendar_of(task.office)
    started = task.clock_started_at
    another = step.element != task.element
    if another or (step.clock, step.clock_field) != (before.clock, before.clock_field):
        started = clock_start(
            step,
            opened_at=now if another else task.opened_at,
            claimed_at=now if another and task.claimed_at else task.claimed_at,
            variables=variables if step.clock is ClockStart.DATE else {},
            calendar=calendar,
        )
    due_at = None  # a clock that stands has none until it goes on
    if another or task.paused_at is None:
        paused = 0 if another else task.paused_minutes
        due_at = due(step, started_at=started, paused_minutes=paused, calendar=calendar)
    return {"clock_started_at": started, "due_at": due_at}


def kept_before(connection: Connection, case: InstanceRow, dead: list[dict[str, Any]]) -> dict[str, Any]:
    """Write down everything of a case that a move changes, as JSON; with its jobs that were given up."""
    found = tasks.of_instance(connection, case.id)
    versions: dict[str, list[str]] = {}
    for task in found:
        versions.setdefault(task.version.hex, []).append(task.id.hex)
    return {
        "state": case.state,
        "undo_task": _plain(case.undo_task),
        "undo_state": instances.undo_text_of(connection, case.id),
        "versions": versions,
        "open": {
            task.id.hex: {name: _plain(getattr(task, name)) for name in _CHANGING}
            for task in found
            if task.state is TaskState.OPEN
        },
        "wakers": {
            name: [{column: _plain(value) for column, value in row.items()} for row in rows]
            for name, rows in moved.wakers(connection, case.id).items()
        },
        "jobs": [{column: _plain(value) for column, value in row.items()} for row in dead],
        "incidents": [one.id.hex for one in incidents.open_of(connection, case.id)],
    }


def put_back(connection: Connection, case: UUID, before: Mapping[str, Any]) -> dict[str, Any]:
    """Put the rows of a case back as they were; gives the columns of the case itself."""
    moved.restore_tasks(
        connection,
        case,
        {UUID(hex=version): [UUID(hex=one) for one in ids] for version, ids in before["versions"].items()},
    )
    for task_id, columns in before["open"].items():
        changes = {name: _read(name, value) for name, value in columns.items()}
        moved.change_task(connection, UUID(hex=task_id), changes)
    rows = {
        name: [{column: _read(column, value) for column, value in row.items()} for row in found]
        for name, found in before["wakers"].items()
    }
    moved.restore_wakers(connection, case, rows)
    dead = [{column: _read(column, value) for column, value in row.items()} for row in before.get("jobs", ())]
    for row in dead:
        _put_back_job(connection, case, row)
    return {
        "state": before["state"],
        "undo_task": _read("undo_task", before["undo_task"]),
        "undo_state": before["undo_state"],
    }


def key_of(row: Mapping[str, Any]) -> JobKey:
    """Name the job of a row."""
    return JobKey(element=row["element"], round=row["round"], iteration=row["iteration"])


def _put_back_job(connection: Connection, case: UUID, row: Mapping[str, Any]) -> None:
    """Put a job in the place of the one that is waited for instead, where that has not been answered."""
    found = jobs.hold(connection, case, key_of(row))
    if found is not None:
        if found.state is JobState.RUNNING:
            raise Conflict(_ASKING)
        if found.result is not None and row["result"] is None:
            raise Conflict(_ANSWERED)
        jobs.drop(connection, found.id)
    jobs.put_back(connection, row)


_IDENTITIES = frozenset(
    {"id", "office", "instance", "version", "assignee", "delegated_by", "prepared_by", "undo_task"}
)


def _plain(value: Any) -> Any:  # noqa: ANN401 - of any column
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if isinstance(value, datetime) else value


def _read(column: str, value: Any) -> Any:  # noqa: ANN401 - of any column
    if value is None:
        return None
    if column in _IDENTITIES:
        return UUID(hex=value)
    return datetime.fromisoformat(value) if column.endswith("_at") else value
