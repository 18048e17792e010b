"""Undoing what was done, last first (BPMN 2.0, 10.7, 13.4.5, 13.5.5)."""

from __future__ import annotations

from typing import Any

from engine.bpmn.done import UNDOING
from engine.bpmn.flow import SPLIT
from engine.bpmn.live_task import LiveTask
from engine.bpmn.trail import Happening
from engine.bpmn.variables import deep_copy

_LEFT = "undo"  # entries that are still to be undone, the next one first
_SCOPE = "undo_in"  # number of the scope they are in; 0 is the instance

_Entry = dict[str, Any]


def compensate(task: LiveTask, activity: str, *, waits: bool = True) -> bool:
    """Undo one activity, or all of the scope; True where the task need not wait (any more).

    Who waits is told by ``instance_done`` each time a handler has ended, and calls ``undo_next``.
    """
    scope, entries = _find(task, activity)
    scope.done = [entry for entry in scope.done if entry not in entries]
    entries.reverse()
    if not waits:
        for entry in entries:
            _undo(scope, entry, None)
        return True
    task.internal_data[_LEFT] = entries
    task.internal_data[_SCOPE] = _number(scope)
    return undo_next(task)


def undo_next(task: LiveTask) -> bool:
    """Begin to undo the next entry that a task waits for; True where none is left."""
    top = task.workflow.top_workflow
    left: list[_Entry] = task.internal_data.get(_LEFT, [])
    scope = top.subprocesses.get(task.internal_data.get(_SCOPE, 0), top)
    while left:
        if _undo(scope, left.pop(0), task):
            return False
    task.internal_data.pop(_LEFT, None)
    task.internal_data.pop(_SCOPE, None)
    return True


def _find(task: LiveTask, activity: str) -> tuple[Any, list[_Entry]]:
    """Find the scope and its entries: an event subprocess undoes what was done in the scope it stands in."""
    scope = task.workflow
    while True:
        specs = scope.spec.task_specs
        found = [entry for entry in scope.done if not activity or specs[entry["spec"]].element == activity]
        parent = scope.parent_task
        if found or parent is None:
            return scope, found
        extensions = getattr(parent.task_spec, "extensions", None) or {}
        if not activity and not extensions.get("event_subprocess"):
            return scope, found
        scope = parent.workflow


def _number(scope: Any) -> int:  # noqa: ANN401 - an instance or subprocess
    for number, subprocess in scope.top_workflow.subprocesses.items():
        if subprocess is scope:
            return int(number)
    return 0


def _undo(scope: Any, entry: _Entry, owner: LiveTask | None) -> bool:  # noqa: ANN401 - an instance or subprocess
    """Begin to undo one entry; False where there is nothing to wait for."""
    spec = scope.spec.task_specs[entry["spec"]]
    if spec.compensation:
        return _run_handler(scope, spec.compensation, entry, owner)
    task = LiveTask(scope, spec)
    task.internal_data[UNDOING] = True
    task.owner = owner.id if owner is not None else 0
    task.data = deep_copy(entry.get("data", {}))  # its inputs, what one instance of several knew
    inside = spec.open_again(task, entry.get("inside", []), entry.get("values", {}))
    handler = inside.spec.compensated_by
    if handler is not None:
        own = LiveTask(inside, handler)
        scope.top_workflow.enter(own)
        handler.open_to_undo(own)
    else:
        task.internal_data |= {_LEFT: inside.done[::-1], _SCOPE: task.id}
        inside.done = []
        undo_next(task)
        if inside.is_over:
            scope.top_workflow.emptied.append(inside)
    return True


def _run_handler(scope: Any, compensation: dict[str, str], entry: _Entry, owner: LiveTask | None) -> bool:  # noqa: ANN401
    specs, top = scope.spec.task_specs, scope.top_workflow
    event = LiveTask(scope, specs[compensation["event"]])
    del scope.tasks[event.id]
    top.enter(event)
    top.record(Happening.COMPLETED, event)
    handler = compensation["handler"]
    task = scope.add(specs.get(f"{handler}{SPLIT}") or specs[handler])
    task.owner = owner.id if owner is not None else 0
    if "data" in entry:
        task.data = deep_copy(entry["data"])
    task.task_spec._update(task)
    return True
