"""What happens when an event is thrown, and who catches it (BPMN 2.0, 10.5.6, 10.5.7)."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import (
    CancelEventDefinition,
    ErrorEventDefinition,
    EscalationEventDefinition,
    SignalEventDefinition,
)

from engine.bpmn.catching import happen, is_unmoved, waits_for
from engine.bpmn.data import carried
from engine.bpmn.definitions import Message
from engine.bpmn.live_task import LiveTask
from engine.bpmn.messages import send
from engine.bpmn.trail import Happening
from engine.errors import Sentence, say
from engine.model.wait import Channel, Thrown


def throw(task: LiveTask, part: Any, *, beside: bool = False) -> None:  # noqa: ANN401 - untyped library
    """Throw one event definition from a task to whoever waits for it; ``beside`` as in ``catch``."""
    if isinstance(part, SignalEventDefinition):
        _broadcast(task, part)
    elif isinstance(part, Message):
        send(task, part, carried(task))
    elif isinstance(part, ErrorEventDefinition):
        if not catch(task, part, beside=beside):
            _end_process(task, part)
    elif isinstance(part, EscalationEventDefinition):
        catch(task, part, beside=beside)
    elif isinstance(part, CancelEventDefinition) and not catch(task, part):
        _cancel_transaction(task)


def catch(task: LiveTask, part: Any, *, beside: bool = False) -> bool:  # noqa: ANN401 - untyped library
    """Let the innermost event around a task catch an error, escalation or cancel; False where none does.

    With ``beside`` the boundary events of the task itself come first: it failed, it threw nothing.
    """
    workflow, payload = task.workflow, carried(task)
    if beside and _first_fitting(_beside(task), part, payload):
        return True
    while True:
        handlers = [other for other in workflow.tasks.values() if getattr(other.task_spec, "runs", None)]
        if _first_fitting(handlers, part, payload):
            return True
        parent = workflow.parent_task
        if parent is None:
            return False
        if _first_fitting(_beside(parent), part, payload):
            return True
        workflow = parent.workflow


def _broadcast(task: LiveTask, part: SignalEventDefinition) -> None:
    top = task.workflow.top_workflow
    payload = carried(task)
    top.record(Happening.THROWN, task, {"signal": part.name} | ({"payload": payload} if payload else {}))
    top.thrown.append(
        Thrown(
            channel=Channel.SIGNAL,
            name=part.name,
            element=task.task_spec.element,
            round=task.round,
            payload=payload or {},
        )
    )
    # All that wait now catch it: one that interrupts takes away none that stands beside it (10.5.7).
    for waiting in sorted(top.waiting(), key=_interrupts):
        for place, other in waits_for(waiting, SignalEventDefinition):
            if other.name == part.name and is_unmoved(waiting):
                happen(waiting, place, payload)


def _interrupts(task: LiveTask) -> bool:
    return getattr(task.task_spec, "cancel_activity", True) is not False


def _beside(task: LiveTask) -> list[LiveTask]:
    """Give what waits beside an activity; beside one instance of several stands what waits beside all."""
    activity = task
    if task.owner and task.iteration:
        activity = task.workflow.top_workflow.by_id(task.owner) or task
    return [
        other
        for other in activity.workflow.tasks.values()
        if activity.group and other.group == activity.group and other is not activity
    ]


def _first_fitting(
    waiting: list[LiveTask],
    part: Any,  # noqa: ANN401 - untyped library
    payload: dict[str, Any] | None = None,
) -> bool:
    fitting = [
        (other, place, one)
        for other in waiting
        for place, one in waits_for(other, type(part))
        if getattr(one, "code", None) in (None, getattr(part, "code", None))
    ]
    if not fitting:
        return False
    # One that names the code before one that catches any.
    task, place, _ = max(fitting, key=lambda one: getattr(one[2], "code", None) is not None)
    happen(task, place, payload)
    return True


def _cancel_transaction(task: LiveTask) -> None:
    """End the token of a cancelled transaction that no event leads on from: it was not completed (10.3.6)."""
    parent = task.workflow.parent_task
    activity = parent.workflow.tasks.get(parent.owner, parent)
    beside = _beside(parent)
    for other in (activity, *beside):
        other.cancel()


def _end_process(task: LiveTask, part: ErrorEventDefinition) -> None:
    """End the process, and those that call it: BPMN leaves open what an uncaught error does (10.5.3)."""
    top = task.workflow.top_workflow
    outermost = task.workflow
    while outermost.parent_task is not None:
        outermost = outermost.parent_task.workflow
    sentence = uncaught(task, part)
    top.record(Happening.FAILED, task, part.name or part.code or "")
    top.failures.append((task.task_spec.element, sentence))
    outermost.stop()


def uncaught(task: LiveTask, part: ErrorEventDefinition) -> Sentence:
    """Say that an error was caught nowhere."""
    spec = task.task_spec
    return say(
        "The error %(error)s thrown at %(name)s is caught nowhere.",
        error=part.name or part.code or "?",
        name=spec.title or spec.element,
    )
