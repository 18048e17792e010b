"""What the record alone says of a case, beside its rows: the last moment of a replay."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from engine.model.event import Event
from engine.model.instance import InstanceStatus
from engine.model.replay import Moment, Told
from engine.model.replaying import go_on
from engine.model.task import Task, TaskState

_HELD = ("role", "opened_at", "clock_started_at", "due_at", "assignee", "delegated_by", "prepared_by")
_PAUSED = ("claimed_at", "paused_at", "paused_minutes")


def last_moment(events: Iterable[Event]) -> Moment:
    """Replay a case to its end."""
    return go_on(Moment(), map(_told, events))


def _told(one: Event) -> Told:
    return Told(
        seq=one.seq,
        kind=one.kind,
        at=one.at,
        actor=one.actor,
        element=one.element or "",
        round=one.round or 1,
        iteration=one.iteration or 0,
        said=json.loads(one.payload or "{}"),
    )


def compare_moment(
    events: Iterable[Event],
    status: InstanceStatus,
    tasks: Collection[Task],
    jobs: Collection[tuple[str, int, int]],
    incidents: Collection[str],
) -> None:
    """Compare the last moment with open tasks, jobs and incidents (hexadecimal), and every closed task."""
    moment = last_moment(events)
    assert moment.status is status
    rows = {one.id.hex: one for one in tasks if one.state is TaskState.OPEN}
    assert {task.id for task in moment.open.values()} == set(rows)
    for key, held in moment.open.items():
        row = rows[held.id]
        assert key == row.key
        for name in (*_HELD, *_PAUSED):
            assert getattr(held, name) == getattr(row, name), name
    assert {(key.element, key.round, key.iteration) for key in moment.asked} == set(jobs)
    assert set(moment.stops) == set(incidents)
    told = sorted((one.task.key.element, one.task.key.round, one.how.value) for one in moment.passes)
    closed = [one for one in tasks if one.state not in (TaskState.OPEN, TaskState.WITHDRAWN)]
    assert told == sorted((one.element, one.round, one.state.value) for one in closed)
