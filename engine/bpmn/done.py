"""What was done and can be undone: completed activities with a compensation (BPMN 2.0, 13.4.5).

A scope (process or subprocess) remembers them in the order they were completed; when a subprocess
ends, what it remembers becomes part of its own entry in the scope around it.
"""

from __future__ import annotations

from typing import Any

from engine.bpmn.live_task import LiveTask

# Of a task that runs a finished subprocess once more to undo what was done in it.
UNDOING = "undoing"


def remember(task: LiveTask) -> None:
    """Note a completed activity, where something would undo it."""
    spec = task.task_spec
    inside, values = task.internal_data.pop("done", None), task.internal_data.pop("values", None)
    if UNDOING in task.internal_data or not (spec.undoable or inside):
        return
    if not task.owner and getattr(spec, "task_spec", None):
        return  # it stands for all instances of a repetition; each was noted by itself
    entry: dict[str, Any] = {"spec": spec.name, "round": task.round}
    if task.iteration:
        entry |= {"iteration": task.iteration, "data": _own_values(task)}
    elif task.data and not spec.compensation:
        entry["data"] = dict(task.data)  # its inputs: what undoes it inside sees them
    if inside:
        entry["inside"] = inside
    if values:
        entry["values"] = values
    task.workflow.done.append(entry)


def _own_values(task: LiveTask) -> dict[str, Any]:
    """Give what one instance of a repetition knew: the handler that undoes it sees the same."""
    owner = task.workflow.tasks.get(task.owner)
    if owner is None:
        return dict(task.data)
    frame = owner.task_spec.frame_of(owner, task)
    return {**frame.counted, **frame.values}


def keep_inside(task: LiveTask, done: list[dict[str, Any]], values: dict[str, Any]) -> None:
    """Hand what a subprocess remembers to the task that stands for it, when it ends.

    ``values`` are those that end with it: what undoes it later sees them as they were (13.5.5).
    """
    if done:
        task.internal_data["done"] = done
    if values and (done or task.task_spec.undoable):
        task.internal_data["values"] = values
