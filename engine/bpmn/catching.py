"""How events wait and happen (BPMN 2.0, 13.5): timers, messages, signals, conditions, one or several."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import SignalEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.correlation import expected
from engine.bpmn.definitions import Conditional, Message, Multiple, parts_of
from engine.bpmn.listeners import FIRST, Listener
from engine.bpmn.live_task import LiveTask
from engine.bpmn.receiving import KEYS, RECEIVED, receive
from engine.bpmn.timers import Timer
from engine.bpmn.trail import Happening
from engine.model.wait import Channel

SEEN = "seen"  # places of the definitions that have happened already, where all must
WAS_TRUE = "was_true"  # of a condition: it must become false before it can become true again


def arm(task: LiveTask) -> None:
    """Let an event wait for everything that it is defined by."""
    top = task.workflow.top_workflow
    task._set_state(TaskState.WAITING)
    if task.round == 0:
        top.count(task)
    for place, part in enumerate(parts_of(task.task_spec.event_definition)):
        if isinstance(part, Timer):
            part.arm(task)
        elif isinstance(part, Message):
            top.set_wait(task, place, Channel.MESSAGE, part.name, expected(task, part))
        elif isinstance(part, SignalEventDefinition):
            top.set_wait(task, place, Channel.SIGNAL, part.name, {})


def happen(task: LiveTask, place: int = 0, payload: Any = None) -> bool:  # noqa: ANN401 - JSON value
    """Let one definition of a waiting event happen; False where others of it are still to come."""
    definition = task.task_spec.event_definition
    top = task.workflow.top_workflow
    task.text = task.workflow.text = ""  # what was seen so far may be all that changes
    if isinstance(definition.definitions[place] if isinstance(definition, Multiple) else definition, Timer):
        top.record(Happening.TIMER_FIRED, task)
    if payload is not None:
        received = task.internal_data.get(RECEIVED)
        task.internal_data[RECEIVED] = {**received, **payload} if received else payload
    if isinstance(definition, Multiple) and definition.parallel:
        seen = task.internal_data.setdefault(SEEN, [])
        if place not in seen:
            seen.append(place)
            top.clear_wait(task, place)
            if isinstance(definition.definitions[place], Timer):
                top.clear_timer(task)
        if len(seen) < len(definition.definitions):
            return False
        del task.internal_data[SEEN]
    _trigger(task, place)
    return True


def _trigger(task: LiveTask, place: int) -> None:
    """Go on from a waiting event. One that does not interrupt keeps waiting beside."""
    spec, workflow = task.task_spec, task.workflow
    top = workflow.top_workflow
    again = getattr(spec, "cancel_activity", True) is False and _repeats(task)
    due = _still_due(task, place)
    if "due" in task.internal_data:
        top.clear_timer(task)
    top.clear_waits(task)
    fired = task
    if again:
        fired = LiveTask(workflow, spec)
        fired.round, fired.came_from = task.round, task.came_from
        for name in (RECEIVED, KEYS, FIRST):
            if name in task.internal_data:
                fired.internal_data[name] = task.internal_data.pop(name)
        _arm_again(task, due)
    if not isinstance(spec, Listener):
        if not spec.is_entered(task):
            top.record(Happening.ENTERED, fired)
        receive(fired, fired.internal_data.pop(RECEIVED, None))
    fired._ready()


def _repeats(task: LiveTask) -> bool:
    """Tell whether it can happen once more: not after the last time of a timer."""
    parts = parts_of(task.task_spec.event_definition)
    timers = [part for part in parts if isinstance(part, Timer)]
    return not timers or len(parts) > 1 or timers[0].repeats(task)


def _still_due(task: LiveTask, place: int) -> datetime | None:
    """Give when the timer of several definitions is due, where another one of them happened."""
    definition = task.task_spec.event_definition
    if not isinstance(definition, Multiple) or definition.parallel or "due" not in task.internal_data:
        return None
    happened = isinstance(definition.definitions[place], Timer)
    return None if happened else datetime.fromisoformat(task.internal_data["due"])


def _arm_again(task: LiveTask, due: datetime | None) -> None:
    top = task.workflow.top_workflow
    top.count(task)
    for place, part in enumerate(parts_of(task.task_spec.event_definition)):
        if isinstance(part, Timer):
            if due is not None:
                part.set(task, due)
            elif "cycle" in task.internal_data and part.repeats(task):
                part.arm_again(task)
        elif isinstance(part, Message):
            top.set_wait(task, place, Channel.MESSAGE, part.name, expected(task, part))
        elif isinstance(part, SignalEventDefinition):
            top.set_wait(task, place, Channel.SIGNAL, part.name, {})
        elif isinstance(part, Conditional):
            task.internal_data[WAS_TRUE] = True


def waits_for(task: LiveTask, kind: type) -> list[tuple[int, Any]]:
    """Give the definitions of a kind that a waiting task still waits for, with their places."""
    if task.state != TaskState.WAITING:
        return []
    seen = task.internal_data.get(SEEN, ())
    return [
        (place, part)
        for place, part in enumerate(parts_of(getattr(task.task_spec, "event_definition", None)))
        if isinstance(part, kind) and place not in seen
    ]


def is_unmoved(task: LiveTask) -> bool:
    """Tell whether an event may still happen: of several behind one gateway only the first may."""
    return not task.group or not any(
        other.group == task.group and other.state == TaskState.READY and other is not task
        for other in task.workflow.tasks.values()
        if not other.task_spec.for_people and hasattr(other.task_spec, "event_definition")
    )
