"""Which instance a message is meant for (BPMN 2.0, 8.3.2).

A process keeps the values of the correlation keys of its first message; the messages that follow
must carry the same. With a subscription the values are those of its own variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.definitions import Message
from engine.bpmn.live_task import LiveTask
from engine.errors import ProcessFailed
from engine.expressions.sandbox import ExpressionFailed


def keys_of(
    task: LiveTask, message: Message, payload: Mapping[str, Any], *, only: str = ""
) -> dict[str, dict[str, Any]]:
    """Give the values of a message's correlation keys (or of one), found in its payload."""
    keys = {only: message.keys[only]} if only else message.keys
    return _values(task, keys, payload)


def remember_keys(task: LiveTask, keys: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep the keys of a process's first message."""
    known = process_of(task).conversation
    for key, values in keys.items():
        known.setdefault(key, dict(values))


def expected(task: LiveTask, message: Message) -> dict[str, Any]:
    """Give what a message must carry to be meant for this process, by correlation property.

    One that begins a process is meant for an instance that is not there yet.
    """
    if getattr(task.task_spec, "opens", None) is not None:
        return {}
    known: Mapping[str, Mapping[str, Any]] = process_of(task).conversation
    found: dict[str, Any] = {}
    for key in message.keys:
        found |= known.get(key, {})
        if key in message.subscribed:
            found |= _subscribed(task, message, key)
    return found


def _subscribed(task: LiveTask, message: Message, key: str) -> dict[str, Any]:
    """Give the values a process subscribes with; a variable that is not set yet restricts nothing."""
    try:
        values = _values(task, {key: message.subscribed[key]}, None)[key]
    except ProcessFailed as failed:
        if isinstance(failed.__cause__, ExpressionFailed) and failed.__cause__.unknown_name:
            return {}
        raise
    return {name: value for name, value in values.items() if value is not None}


def fits(wanted: Mapping[str, Any], keys: Mapping[str, Mapping[str, Any]]) -> bool:
    """Tell whether what a message carries is what is wanted."""
    carried = {name: value for values in keys.values() for name, value in values.items()}
    return all(name in carried and carried[name] == value for name, value in wanted.items())


def process_of(task: LiveTask) -> Any:  # noqa: ANN401 - an instance, pool, or called process
    """Give the running process that a task belongs to, around all its subprocesses."""
    workflow = task.workflow
    while workflow.variables is None:
        workflow = workflow.parent_task.workflow
    return workflow


def _values(
    task: LiveTask, keys: Mapping[str, Mapping[str, str]], payload: Mapping[str, Any] | None
) -> dict[str, dict[str, Any]]:
    engine = task.workflow.top_workflow.script_engine
    return {
        key: {name: engine.evaluate_in(task, expression, payload) for name, expression in properties.items()}
        for key, properties in keys.items()
    }
