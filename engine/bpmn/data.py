"""Moves data into an activity when it begins and out of it when it ends (BPMN 2.0, 10.3.2, 13.3.2).

BPMN lets an activity wait until its inputs are there. Here it begins at once: a value that is not
there is None in an expression, and a plain move of it moves nothing; a case never stands still
because of a shape that somebody only drew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.failing import failed_at
from engine.bpmn.live_task import LiveTask
from engine.bpmn.scope import frames_of, scope_of
from engine.bpmn.stores import MISSING
from engine.bpmn.trail import Happening
from engine.bpmn.variables import deep_copy
from engine.errors import ProcessFailed, say
from engine.model.incident import IncidentKind

_THROWING = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})


def begin(task: LiveTask) -> None:
    """Move data into an activity."""
    for move in task.task_spec.plan.get("inputs", ()):
        _run(task, move)


def end(task: LiveTask) -> None:
    """Move data out of an activity that is done; what was answered counts as its outputs."""
    plan = task.task_spec.plan
    if plan.get("gives") and task.task_spec.leaves_result:
        _take_answers(task, plan["gives"])
    for move in plan.get("outputs", ()):
        _run(task, move)


def carried(task: LiveTask) -> dict[str, Any] | None:
    """Give what an event (or send task) carries: its inputs by name; None where none are drawn."""
    spec = task.task_spec
    if spec.kind not in _THROWING or not spec.plan.get("inputs"):
        return None
    if not spec.takes:  # a send task took them when it began
        begin(task)
    variables = set(spec.names.values())
    return {name: deep_copy(value) for name, value in task.data.items() if name in variables}


def write_outputs(task: LiveTask, values: Mapping[str, Any] | None) -> None:
    """Take what came with an event as its outputs and move them on; a receive task does so at its end."""
    plan = task.task_spec.plan
    outputs = plan.get("gives", {})
    if values and len(values) == len(outputs) == 1:
        # One value is sent, one is received: their names need not be the same.
        _give(task, outputs, next(iter(values.values())))
    elif values:
        _give(task, outputs, values)
    for move in () if task.task_spec.leaves else plan.get("outputs", ()):
        _run(task, move)


def read(task: LiveTask, reference: list[Any]) -> Any:  # noqa: ANN401 - JSON value
    """Give what a reference means at a task; MISSING where it has no value."""
    owner, variable = reference
    if owner == "":
        _look(task, variable)
        return task.workflow.top_workflow.stores.read(variable)
    if owner is None:
        return scope_of(task).get(variable, MISSING)
    for frame in frames_of(task):
        if frame.owner == owner and frame.names.get(variable) == variable:
            return frame.values.get(variable, frame.counted.get(variable, MISSING))
    return MISSING


def write(task: LiveTask, reference: list[Any], value: Any) -> None:  # noqa: ANN401 - JSON value
    """Set what a reference means at a task, or a key inside it."""
    owner, variable, *keys = reference
    if keys:
        value = _with(task, read(task, [owner, variable]), keys, value)
    if owner == "":
        _look(task, variable)
        task.workflow.top_workflow.stores.write(variable, value)
        task.workflow.top_workflow.record(Happening.VALUE, task, {variable: value})
        return
    if owner is not None:
        for frame in frames_of(task):
            if frame.owner == owner and frame.names.get(variable) == variable:
                frame.values[variable] = value
                return
    scope_of(task)[variable] = value


def _look(task: LiveTask, store: str) -> None:
    """Put on record what a step finds in a data store."""
    top = task.workflow.top_workflow
    found = top.stores.looked(store)
    if found is not None:
        top.looked(task, store, *found)


def first_of(task: LiveTask, references: list[list[Any]]) -> Any:  # noqa: ANN401 - JSON value
    """Give the value of the first reference that has one, else MISSING."""
    for reference in references:
        value = read(task, reference)
        if value is not MISSING and value is not None:
            return value
    return MISSING


def _run(task: LiveTask, move: Mapping[str, Any]) -> None:
    engine = task.workflow.top_workflow.script_engine
    target = move["to"]
    if "compute" in move:
        write(task, target, engine.evaluate(task, move["compute"]))
    for source, to in move.get("assign", ()):
        write(task, to, engine.evaluate(task, source))
    if "compute" not in move and "assign" not in move:
        value = read(task, move["from"][0])
        if value is not MISSING:
            write(task, target, deep_copy(value))


def _take_answers(task: LiveTask, gives: Mapping[str, list[str]]) -> None:
    scope = scope_of(task)
    result = task.task_spec.result
    if result in scope:
        _give(task, gives, scope[result])


def _give(task: LiveTask, gives: Mapping[str, list[str]], values: Any) -> None:  # noqa: ANN401 - JSON value
    """Part a payload among the outputs: by name, or whole where there is but one."""
    for variable, names in gives.items():
        known = [name for name in names if isinstance(values, dict) and name in values]
        if variable in task.data:
            continue
        if known:
            task.data[variable] = deep_copy(values[known[0]])
        elif len(gives) == 1 and values is not None and not task.task_spec.for_people:
            # A form gives fields: all of them are not the one value that was drawn.
            task.data[variable] = deep_copy(values)


def _with(task: LiveTask, whole: Any, keys: list[str], value: Any) -> Any:  # noqa: ANN401 - JSON value
    copied = {} if whole is MISSING or whole is None else deep_copy(whole)
    inner = copied
    for key in keys[:-1]:
        inner = inner.setdefault(key, {}) if isinstance(inner, dict) else None
    if not isinstance(inner, dict):
        raise _no_place(task, ".".join(keys))
    inner[keys[-1]] = value
    return copied


def _no_place(task: LiveTask, path: str) -> ProcessFailed:
    spec = task.task_spec
    sentence = say(
        "%(name)s cannot set %(path)s: what it would be set in is no group of values.",
        name=spec.title or spec.element,
        path=path,
    )
    return failed_at(task, sentence, IncidentKind.CONDITION, path)
