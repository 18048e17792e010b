"""The state of an instance as one text: variables, rounds, and the open tasks. Nothing finished is in it.

It is JSON with short arrays, written and read by this module only; a state that came from outside
must never be loaded.
"""

from __future__ import annotations

import json
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.live import LiveInstance, LiveSubprocess
from engine.bpmn.live_task import LiveTask
from engine.bpmn.variables import Variables

FORMAT = 1
SERIALIZER = "1.5"  # of SpiffWorkflow 3.2.0, whose specs the tasks name

_dumps = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def state_text(instance: LiveInstance) -> str:
    """Write the state; ``variables`` stand last, so that the rest is a small head."""
    head = {
        "format": FORMAT,
        "serializer": SERIALIZER,
        "serial": instance.serial,
        "rounds": instance.rounds,
        "tasks": [_task(task) for task in instance.tasks.values()],
    }
    if instance.subprocesses:
        head["subprocesses"] = [_subprocess(sub) for sub in instance.subprocesses.values()]
    return f'{_dumps(head)[:-1]},"variables":{instance.variables.json_text()}}}'


def _task(task: LiveTask) -> list[Any]:
    row: list[Any] = [
        task.id,
        task.task_spec.name,
        task.state,
        task.came_from,
        task.round,
        task.iteration,
        task.group,
        task.owner,
        task.internal_data,
        task.data,
    ]
    while not row[-1]:
        row.pop()
    return row


def _subprocess(subprocess: LiveSubprocess) -> dict[str, Any]:
    return {
        "parent": subprocess.parent_task.id,
        "variables": subprocess.variables,
        "tasks": [_task(task) for task in subprocess.tasks.values()],
    }


def variables_of(state: str) -> dict[str, Any]:
    """Give the variables kept in a state."""
    variables: dict[str, Any] = json.loads(state)["variables"] if state else {}
    return variables


def load_state(instance: LiveInstance, state: str) -> None:
    """Fill an empty instance."""
    kept = json.loads(state)
    if kept["format"] != FORMAT or kept["serializer"] != SERIALIZER:
        raise ValueError(kept["format"], kept["serializer"])
    instance.variables = Variables(kept["variables"])
    instance.rounds = kept["rounds"]
    for row in kept["tasks"]:
        _load_task(instance, row)
    # Written in the order they were opened: the parent of an inner one is there before it.
    for inner in kept.get("subprocesses", ()):
        _load_subprocess(instance, inner)
    instance.serial = kept["serial"]


def _load_task(workflow: Any, row: list[Any]) -> None:  # noqa: ANN401 - an instance or subprocess
    row = row + [0] * (10 - len(row))
    id_, name, state, came_from, round_, iteration, group, owner, internal, own = row
    task = LiveTask(workflow, workflow.spec.task_specs[name], id_=id_)
    task._state = state
    task.came_from = came_from or ""
    task.round, task.iteration, task.group, task.owner = round_, iteration, group, owner
    task.internal_data = internal or {}
    task.data = own or {}
    if state == TaskState.READY and not task.task_spec.for_people:
        workflow.top_workflow.ready.append(task)


def _load_subprocess(instance: LiveInstance, kept: dict[str, Any]) -> None:
    parent = next(
        workflow.tasks[kept["parent"]]
        for workflow in instance.workflows()
        if kept["parent"] in workflow.tasks
    )
    variables = None if kept["variables"] is None else Variables(kept["variables"])
    subprocess = LiveSubprocess(instance.subprocess_specs[parent.task_spec.spec], parent, variables)
    instance.subprocesses[parent.id] = subprocess
    for row in kept["tasks"]:
        _load_task(subprocess, row)
