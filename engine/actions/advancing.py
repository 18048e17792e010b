"""Save what a step of the process led to: opened and closed tasks, timers, and their events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.actions.waits_saved import hold_messages, save_waits
from engine.bpmn.trail import Happening, TrailItem
from engine.bpmn.workflow import Outcome
from engine.core import Engine
from engine.ids import new_id
from engine.model.definition import ClockStart, Step
from engine.model.event import EventKind
from engine.model.instance import InstanceStatus
from engine.model.job import JobKey, JobState
from engine.model.schedule import clock_start, due
from engine.model.task import TaskKey, TaskState
from engine.storage import data_stores, instances, jobs, office, tasks, timers
from engine.storage.events import Line
from engine.storage.transaction import Connection
from engine.storage.versions import Version

# The variable that remembers whom a form named for a later task: element id -> people (hex).
ASSIGNED = "alur_assigned"


@dataclass(frozen=True, kw_only=True)
class Case:
    """The case that moves, as the transaction needs it."""

    id: UUID
    version: Version
    office_seq: int | None = None  # last event of the office, where it was read with the case


Rows = Mapping[TaskKey, Mapping[str, Any]]


def opened_rows(
    engine: Engine, connection: Connection, case: Case, outcome: Outcome, now: datetime
) -> dict[TaskKey, dict[str, Any]]:
    """Make the rows of the tasks that were opened, with their due times and whom a form named for them."""
    named = outcome.variable(ASSIGNED) or {}
    rows: dict[TaskKey, dict[str, Any]] = {}
    for key in outcome.opened:
        step = case.version.definition.step(key.element)
        variables = outcome.variables if step.clock is ClockStart.DATE else {}
        rows[key] = _task_row(engine, case, key, step, variables, now)
        if named.get(step.element):
            rows[key]["assignee"] = _holder(engine, connection, case, step, named[step.element], now)
    return rows


def save_moved(connection: Connection, case: Case, outcome: Outcome, rows: Rows) -> None:
    """Write what a step of the process opened, set and took away; who was named takes part from now on."""
    save_all_moved(connection, [(case, outcome, rows)])


def save_all_moved(connection: Connection, moved: Sequence[tuple[Case, Outcome, Rows]]) -> None:
    """Write what steps of several cases led to, with as many statements as for one."""
    for case, outcome, _rows in moved:
        close_cancelled(connection, case, outcome)
    opened = [row for _case, _outcome, rows in moved for row in rows.values()]
    tasks.add(connection, opened)
    for row in opened:
        if row["assignee"]:
            instances.join_in(connection, row["instance"], row["assignee"])
    timers.clear(
        connection, [(case.id, key) for case, outcome, _rows in moved for key in outcome.timers_cleared]
    )
    timers.add(connection, [row for case, outcome, _rows in moved for row in _timer_rows(case, outcome)])
    for case, outcome, _rows in moved:
        jobs.drop_keys(connection, case.id, outcome.jobs_cleared)
    for case, outcome, _rows in moved:
        data_stores.write(connection, case.version.office, outcome.stored, outcome.at)
    jobs.add(connection, [row for case, outcome, _rows in moved for row in _job_rows(case, outcome)])
    if len(moved) > 1:
        hold_messages(connection, [(case.id, case.version.office, outcome) for case, outcome, _rows in moved])
    for case, outcome, _rows in moved:
        save_waits(connection, case.id, case.version.office, outcome)


def _task_row(
    engine: Engine, case: Case, key: TaskKey, step: Step, variables: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    calendar = engine.calendar_of(case.version.office)
    started = clock_start(step, opened_at=now, claimed_at=None, variables=variables, calendar=calendar)
    return {
        "id": new_id(),
        "office": case.version.office,
        "instance": case.id,
        "process": case.version.process,
        "version": case.version.id,
        "element": key.element,
        "round": key.round,
        "iteration": key.iteration,
        "name": step.name,
        "role": step.role,
        "state": TaskState.OPEN,
        "opened_at": now,
        "clock_started_at": started,
        "due_at": due(step, started_at=started, paused_minutes=0, calendar=calendar),
        "assignee": None,
    }


def _holder(
    engine: Engine, connection: Connection, case: Case, step: Step, named: Sequence[str], now: datetime
) -> UUID | None:
    """Give the one named person who may do the step that day; else the role's pool has it."""
    where, seq = case.version.office, case.office_seq
    day = engine.calendar_of(where).local(now).date()
    people = (
        office.colleagues(connection, where, day)
        if seq is None
        else office.colleagues_at(connection, where, day, seq)
    )
    holders = [one.id for one in people if one.id.hex in named and step.role in one.roles]
    return holders[0] if len(holders) == 1 else None


def _timer_rows(case: Case, outcome: Outcome) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "office": case.version.office,
            "instance": case.id,
            "element": key.element,
            "round": key.round,
            "iteration": key.iteration,
            "due_at": due_at,
        }
        for key, due_at in outcome.timers_set
    ]


def _job_rows(case: Case, outcome: Outcome) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "office": case.version.office,
            "instance": case.id,
            "element": one.key.element,
            "round": one.key.round,
            "iteration": one.key.iteration,
            "connector": one.connector,
            "inputs": one.inputs,
            "state": JobState.WAITING,
            "tries": 0,
            "run_at": outcome.at,
            "queued_at": outcome.at,
        }
        for one in outcome.jobs_set
    ]


def close_cancelled(connection: Connection, case: Case, outcome: Outcome) -> None:
    """Close the tasks that the process itself took away."""
    if not outcome.closed:
        return
    open_now = {
        task.key: task for task in tasks.of_instance(connection, case.id) if task.state is TaskState.OPEN
    }
    for key in outcome.closed:
        tasks.close(connection, open_now[key].id, {"state": TaskState.CANCELLED})


# Entering and leaving a node follow from the flows taken and from the tasks' own events.
_NOT_TOLD = {Happening.ENTERED, Happening.COMPLETED, Happening.OPENED, Happening.CLOSED, Happening.LET_GO}
_TOLD = frozenset(Happening) - _NOT_TOLD


def _key(item: TrailItem) -> TaskKey:
    return TaskKey(element=item.element, round=item.round, iteration=item.iteration)


def _told(item: TrailItem) -> list[Any]:
    """Write an item of the way: what, element, then round, iteration and value where there are any."""
    if item.what is Happening.FLOW:
        return [item.what.value, item.element]
    return [item.what.value, item.element, item.round, item.iteration, item.value]


def _has_values(way: Sequence[Sequence[Any]]) -> bool:
    """Tell whether a way holds results, which may have been worked out from what people entered."""
    return any(item[-1] is not None for item in way if item[0] != Happening.FLOW)


def lines_of(outcome: Outcome, rows: Rows) -> list[Line]:
    """Turn the trail into events, in its order.

    What happened on the way to a task (flows taken, sandbox results, timers) stands in that task's
    event as its ``trail``; what led to no task stands in the closing ``case.finished`` or
    ``case.advanced``, after the messages that were lost. A task or job that was taken back within the
    same step is not told.
    """
    lines: list[Line] = []
    way: list[list[Any]] = []
    queued = {one.key for one in outcome.jobs_set}
    for item in outcome.trail:
        if item.what is Happening.CLOSED or (item.what is Happening.OPENED and _key(item) in rows):
            opened = item.what is Happening.OPENED
            key = _key(item)
            payload = _opening(rows[key]) if opened else {}
            lines.append(
                Line(
                    kind=EventKind.TASK_OPENED if opened else EventKind.TASK_CANCELLED,
                    element=key.element,
                    round=key.round,
                    iteration=key.iteration,
                    payload=payload | ({"trail": way} if way else {}),
                    entered=_has_values(way),
                )
            )
            way = []
        elif item.what is Happening.JOB_SET:
            if JobKey(element=item.element, round=item.round, iteration=item.iteration) in queued:
                lines.append(_queued(item))
        elif item.what in _TOLD:
            way.append(_told(item))
    lines += _let_go(outcome)
    if outcome.finished:
        lines.append(Line(kind=EventKind.CASE_FINISHED, payload={"trail": way}, entered=_has_values(way)))
    elif way:
        lines.append(Line(kind=EventKind.CASE_ADVANCED, payload={"trail": way}, entered=_has_values(way)))
    return lines


def _let_go(outcome: Outcome) -> list[Line]:
    """Tell which messages within the case are lost: one line per name, there may be thousands."""
    lost = [item for item in outcome.trail if item.what is Happening.LET_GO]
    counts = Counter((item.element, item.value["name"]) for item in lost)
    return [
        Line(
            kind=EventKind.MESSAGE_UNDELIVERED,
            element=element,
            payload={"name": name, "why": "full", "count": count},
        )
        for (element, name), count in counts.items()
    ]


def _opening(row: Mapping[str, Any]) -> dict[str, Any]:
    facts = {
        "task": row["id"].hex,
        "role": row["role"],
        "due": _text(row["due_at"]),
        "clock": _text(row["clock_started_at"]) if row["clock_started_at"] != row["opened_at"] else "arrival",
        "assignee": row["assignee"].hex if row["assignee"] else None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _queued(item: TrailItem) -> Line:
    return Line(
        kind=EventKind.JOB_QUEUED,
        element=item.element,
        round=item.round,
        iteration=item.iteration,
        payload=item.value,
    )


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


# What the last completion could be taken back to no longer is what the case goes on from.
NOT_UNDONE: dict[str, Any] = {"undo_task": None, "undo_state": None}


def changes_after(outcome: Outcome, guard: int, now: datetime) -> dict[str, Any]:
    """Columns of the case after a step; the state is dropped when it is finished."""
    if outcome.finished:
        return {
            "guard": guard + 1,
            "status": InstanceStatus.FINISHED,
            "ended_at": now,
            "state": None,
            **NOT_UNDONE,
        }
    return {"guard": guard + 1, "state": outcome.state}
