"""Events: what is thrown, who catches it, and timers that count from the clock passed in."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import mixins
from SpiffWorkflow.bpmn.specs.event_definitions import (
    CancelEventDefinition,
    ErrorEventDefinition,
    EscalationEventDefinition,
    NoneEventDefinition,
    SignalEventDefinition,
    TerminateEventDefinition,
)
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.flow import Flow
from engine.bpmn.live_task import LiveTask
from engine.bpmn.timers import Timer
from engine.bpmn.trail import Happening
from engine.errors import ProcessFailed, say


class _Catching(Flow):
    event_definition: Any

    def _update_hook(self, my_task: LiveTask) -> bool:
        if isinstance(self.event_definition, NoneEventDefinition):
            return True
        my_task._set_state(TaskState.WAITING)
        if my_task.round == 0:
            my_task.workflow.top_workflow.count(my_task)
        if isinstance(self.event_definition, Timer):
            self.event_definition.arm(my_task)
        return False

    def _on_ready(self, my_task: LiveTask) -> None:
        my_task.workflow.top_workflow.urgent.append(my_task)


class StartEvent(_Catching, mixins.StartEventMixin, BpmnSpecMixin):
    """Where an instance (or subprocess) begins."""


class CatchEvent(_Catching, mixins.IntermediateCatchEventMixin, BpmnSpecMixin):
    """Waits in the flow for a timer or signal."""

    def is_entered(self, my_task: LiveTask) -> bool:
        """Tell that one of several behind an event gateway is entered only when it happens."""
        return not my_task.group


class BoundaryEvent(_Catching, mixins.BoundaryEventMixin, BpmnSpecMixin):
    """Waits beside an activity; entered only when it is caught."""

    enters_on_arrival = False


class _Throwing(Flow):
    event_definition: Any

    def _run_hook(self, my_task: LiveTask) -> bool:
        throw(my_task, self.event_definition)
        return True


class ThrowEvent(_Throwing, mixins.IntermediateThrowEventMixin, BpmnSpecMixin):
    """Throws a signal or escalation, or nothing, and goes on."""


class EndEvent(_Throwing, mixins.EndEventMixin, BpmnSpecMixin):
    """Where a token ends."""

    def _on_complete(self, my_task: LiveTask) -> None:
        my_task.workflow.tasks.pop(my_task.id, None)
        if isinstance(self.event_definition, TerminateEventDefinition):
            my_task.workflow.stop()


def trigger(task: LiveTask) -> None:
    """Let a waiting event happen. A non-interrupting boundary event keeps waiting beside."""
    spec, workflow = task.task_spec, task.workflow
    top = workflow.top_workflow
    fired = task
    definition = spec.event_definition
    again = getattr(spec, "cancel_activity", True) is False
    if isinstance(definition, Timer):
        again = again and definition.repeats(task)
        top.record(Happening.TIMER_FIRED, task)
        top.clear_timer(task)
    if again:
        fired = LiveTask(workflow, spec)
        fired.round, fired.came_from = task.round, task.came_from
        top.count(task)
        if isinstance(definition, Timer):
            definition.arm_again(task)
    if not spec.is_entered(task):
        top.record(Happening.ENTERED, fired)
    fired._ready()


def throw(task: LiveTask, definition: Any) -> None:  # noqa: ANN401 - untyped library
    """Throw an event from a task to whoever waits for it."""
    if isinstance(definition, SignalEventDefinition):
        for waiting in task.workflow.top_workflow.waiting():
            if getattr(waiting.task_spec, "event_definition", None) == definition and _unmoved(waiting):
                trigger(waiting)
    elif isinstance(definition, ErrorEventDefinition | EscalationEventDefinition | CancelEventDefinition):
        caught = _boundary_around(task, definition)
        if caught is not None:
            trigger(caught)
        elif isinstance(definition, ErrorEventDefinition):
            raise _uncaught(task, definition)


def throw_error(task: LiveTask, code: str) -> bool:
    """Throw an error at an activity, to the event beside or around it; False where nobody catches it."""
    definition = ErrorEventDefinition(code, code)
    caught = _boundary_beside(task, definition) or _boundary_around(task, definition)
    if caught is not None:
        trigger(caught)
    return caught is not None


def _unmoved(task: LiveTask) -> bool:
    # Of several events behind one gateway only the first may happen.
    return not task.group or not any(
        other.group == task.group and other.state == TaskState.READY and other is not task
        for other in task.workflow.tasks.values()
        if not other.task_spec.for_people and hasattr(other.task_spec, "event_definition")
    )


def _boundary_around(task: LiveTask, definition: Any) -> LiveTask | None:  # noqa: ANN401 - untyped library
    workflow = task.workflow
    while workflow is not workflow.top_workflow:
        parent: LiveTask = workflow.parent_task
        caught = _boundary_beside(parent, definition)
        if caught is not None:
            return caught
        workflow = parent.workflow
    return None


def _boundary_beside(activity: LiveTask, definition: Any) -> LiveTask | None:  # noqa: ANN401 - untyped library
    if activity.owner:  # one instance of several: the events stand beside all of them
        activity = activity.workflow.tasks[activity.owner]
    fitting: list[LiveTask] = [
        other
        for other in activity.workflow.tasks.values()
        if activity.group
        and other.group == activity.group
        and other.state == TaskState.WAITING
        and _fits(getattr(other.task_spec, "event_definition", None), definition)
    ]
    return max(
        fitting, key=lambda other: getattr(other.task_spec.event_definition, "code", "") or "", default=None
    )


def _fits(waiting: Any, thrown: Any) -> bool:  # noqa: ANN401 - untyped library
    if type(waiting) is not type(thrown):
        return False
    return getattr(waiting, "code", None) in (None, getattr(thrown, "code", None))


def _uncaught(task: LiveTask, definition: Any) -> ProcessFailed:  # noqa: ANN401 - untyped library
    spec = task.task_spec
    return ProcessFailed(
        spec.element,
        spec.title,
        say(
            "The error %(error)s thrown at %(name)s is caught nowhere.",
            error=definition.name or definition.code or "?",
            name=spec.title or spec.element,
        ),
    )
