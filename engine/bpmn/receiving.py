"""Where the content of a received message goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.data import write_outputs
from engine.bpmn.live_task import LiveTask
from engine.bpmn.scope import scope_of
from engine.bpmn.trail import Happening
from engine.bpmn.variables import deep_copy

RECEIVED = "received"  # of an event that happened: what its message brought
KEYS = "keys"  # of a listener: the correlation keys of the message that begins a process


def receive(task: LiveTask, payload: Mapping[str, Any] | None, *, begins: bool = False) -> None:
    """Put what a message brought under the name of the element that received it.

    A process that the message begins has it as its variables. What is drawn from the element's
    outputs goes there too.
    """
    if payload:
        _keep(task, payload, begins=begins)
    if task.task_spec.plan:
        write_outputs(task, payload)


def _keep(task: LiveTask, payload: Mapping[str, Any], *, begins: bool) -> None:
    workflow = task.workflow
    values = deep_copy(dict(payload))
    workflow.top_workflow.record(Happening.CAUGHT, task, values)
    if begins and workflow.variables is not None:
        for name, value in values.items():
            workflow.variables[name] = value
    else:
        scope_of(task)[task.task_spec.element] = values
