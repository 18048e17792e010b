"""What becomes of the open tasks of a case that is replayed: who has them, their clocks, how they end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.model.replay import HeldTask, Moment, Pass, Told
from engine.model.task import TaskKey, TaskState

_IDENTITIES = frozenset({"assignee", "delegated_by", "prepared_by"})
_TIMES = frozenset({"claimed_at", "clock_started_at", "due_at", "paused_at"})
_COLUMNS = _IDENTITIES | _TIMES | {"role", "paused_minutes"}


def hold(moment: Moment, key: TaskKey, task: HeldTask) -> None:
    """Let an open task be as given."""
    moment.open[key] = task
    if task.due_at is not None and moment.next_due is not None and task.due_at < moment.next_due:
        moment.next_due = task.due_at


def close(moment: Moment, told: Told, how: TaskState) -> None:
    """Close the task of an event."""
    task = moment.open.pop(told.key, None)
    if task is None:
        return
    moment.passes.append(
        Pass(
            task=task,
            seq=told.seq,
            ended_at=told.at,
            how=how,
            by=told.actor,
            worked=told.said.get("worked"),
            waited=told.said.get("waited"),
        )
    )


def open_again(moment: Moment, told: Told) -> None:
    """Let a task whose completion is taken back stand open under another id, with its first one's clock."""
    for place in range(len(moment.passes) - 1, -1, -1):
        one = moment.passes[place]
        if one.task.key == told.key and one.how is TaskState.COMPLETED:
            moment.passes[place] = replace(one, taken_back=True)
            again = replace(one.task, id=str(told.said.get("task") or one.task.id), assignee=one.by)
            hold(moment, told.key, again)
            if one.task.id in moment.overdue:
                moment.overdue.add(again.id)
            return


def change_task(moment: Moment, told: Told) -> None:
    """Change what an event says of an open task."""
    task = moment.open.get(told.key)
    if task is not None:
        hold(moment, told.key, _changed(task, told.said.get("now") or {}))
        _clock_again(moment, moment.open[told.key], told.at)


def move(moment: Moment, told: Told) -> None:
    """Let the open tasks be what they are in another version."""
    moment.before_moves.append(dict(moment.open))
    moment.version = int((told.said.get("revisions") or (0, moment.version))[1])
    moment.versions.append((told.seq, moment.version))
    changes = {one["task"]: one["now"] for one in told.said.get("tasks") or ()}
    moved: dict[TaskKey, HeldTask] = {}
    for task in moment.open.values():
        now = changes.get(task.id, {})
        key = replace(
            task.key, element=now.get("element", task.key.element), round=now.get("round", task.key.round)
        )
        moved[key] = replace(_changed(task, now), key=key, version=moment.version)
        _clock_again(moment, moved[key], told.at)
    moment.open, moment.next_due = moved, None
    for element, round_, iteration in told.said.get("jobs") or ():
        moment.asked[TaskKey(element=element, round=round_, iteration=iteration)] = told.at


def undo_move(moment: Moment, told: Told) -> None:
    """Let the open tasks be as they were before the last move."""
    if moment.before_moves:
        moment.open, moment.next_due = moment.before_moves.pop(), None
    moment.version = int((told.said.get("revisions") or (0, moment.version))[1])
    moment.versions.append((told.seq, moment.version))


def _changed(task: HeldTask, now: Mapping[str, Any]) -> HeldTask:
    return replace(task, **{name: _read(name, value) for name, value in now.items() if name in _COLUMNS})


def _clock_again(moment: Moment, task: HeldTask, at: datetime) -> None:
    """Let a due time that was put off pass once more."""
    if task.due_at is not None and task.due_at > at:
        moment.overdue.discard(task.id)


def _read(name: str, value: Any) -> Any:  # noqa: ANN401 - of any column
    if name in _IDENTITIES:
        return identity_in(value)
    if name in _TIMES:
        return time_in(value)
    return value or 0 if name == "paused_minutes" else value


def identity_in(text: Any) -> UUID | None:  # noqa: ANN401 - of a payload
    """Read an identity of a payload."""
    return UUID(hex=text) if text else None


def time_in(text: Any) -> datetime | None:  # noqa: ANN401 - of a payload
    """Read an instant of a payload."""
    return datetime.fromisoformat(text) if text else None
