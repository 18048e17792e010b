"""Events and the tasks that send and receive messages: the specs that wait and throw."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import mixins
from SpiffWorkflow.bpmn.specs.event_definitions import CancelEventDefinition, TerminateEventDefinition
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin

from engine.bpmn.catching import arm
from engine.bpmn.compensation import compensate, undo_next
from engine.bpmn.definitions import Compensation, parts_of
from engine.bpmn.flow import Flow
from engine.bpmn.live_task import LiveTask
from engine.bpmn.throwing import throw

_UNDONE = "undone"  # how many definitions of a throwing event need no more undoing


class _Catching(Flow):
    event_definition: Any
    catches_events = True

    def _update_hook(self, my_task: LiveTask) -> bool:
        if not parts_of(self.event_definition):
            return True
        arm(my_task)
        return False

    def _on_ready(self, my_task: LiveTask) -> None:
        my_task.workflow.top_workflow.urgent.append(my_task)


class StartEvent(_Catching, mixins.StartEventMixin, BpmnSpecMixin):
    """Where an instance (or subprocess) begins; what it waits for happens at its listener."""


class CatchEvent(_Catching, mixins.IntermediateCatchEventMixin, BpmnSpecMixin):
    """Waits in the flow for what its definitions say."""

    def is_entered(self, my_task: LiveTask) -> bool:
        """Tell that one of several behind an event gateway is entered only when it happens."""
        return not my_task.group


class ReceiveTask(_Catching, mixins.ReceiveTaskMixin, BpmnSpecMixin):
    """Waits in the flow for a message."""


class BoundaryEvent(_Catching, mixins.BoundaryEventMixin, BpmnSpecMixin):
    """Waits beside an activity; entered only when it is caught."""

    enters_on_arrival = False


class _Throwing(Flow):
    event_definition: Any

    def _run_hook(self, my_task: LiveTask) -> bool | None:
        for part in parts_of(self.event_definition):
            if not isinstance(part, Compensation | CancelEventDefinition):
                throw(my_task, part)
        return self._undo(my_task) or None

    def _undo(self, my_task: LiveTask) -> bool:
        """Undo what the definitions say, one after the other; False where one has to be waited for."""
        parts = parts_of(self.event_definition)
        for place in range(my_task.internal_data.get(_UNDONE, 0), len(parts)):
            my_task.internal_data[_UNDONE] = place + 1
            if not self._is_undone(my_task, parts[place]):
                return False
        my_task.internal_data.pop(_UNDONE, None)
        self._throw_last(my_task)
        return True

    def _is_undone(self, my_task: LiveTask, part: Any) -> bool:  # noqa: ANN401 - untyped library
        """Begin what is to be undone; False where it has to be waited for."""
        if isinstance(part, CancelEventDefinition):
            # The transaction ends, then what was done in it is undone, then its boundary event happens.
            my_task.workflow.stop()
            return compensate(my_task, "")
        return not isinstance(part, Compensation) or compensate(my_task, part.activity, waits=part.waits)

    def _throw_last(self, my_task: LiveTask) -> None:
        for part in parts_of(self.event_definition):
            if isinstance(part, CancelEventDefinition):
                throw(my_task, part)

    def _on_complete(self, my_task: LiveTask) -> None:
        """Go on after what was thrown has taken effect: it may end the scope (BPMN 2.0, 13.5.4)."""
        top = my_task.workflow.top_workflow
        if top.urgent:
            top.leaving.append(my_task)
        else:
            self.leave(my_task)

    def leave(self, my_task: LiveTask) -> None:
        """Go on."""
        super()._on_complete(my_task)

    def instance_done(self, my_task: LiveTask, instance: LiveTask) -> None:  # noqa: ARG002 - whichever it was
        """Undo the next; go on after the last."""
        my_task.internal_data.setdefault(_UNDONE, 1)  # 0.1 did not count: there was never more than one
        if undo_next(my_task) and self._undo(my_task):
            my_task.complete()

    def _on_cancel(self, my_task: LiveTask) -> None:
        super()._on_cancel(my_task)
        for workflow in my_task.workflow.top_workflow.workflows():
            for other in list(workflow.tasks.values()):
                if other.owner == my_task.id:
                    other.cancel()


class ThrowEvent(_Throwing, mixins.IntermediateThrowEventMixin, BpmnSpecMixin):
    """Throws what its definitions say, or nothing, and goes on."""


class SendTask(_Throwing, mixins.SendTaskMixin, BpmnSpecMixin):
    """Sends a message and goes on."""


class EndEvent(_Throwing, mixins.EndEventMixin, BpmnSpecMixin):
    """Where a token ends."""

    def _on_complete(self, my_task: LiveTask) -> None:
        my_task.workflow.tasks.pop(my_task.id, None)
        if any(isinstance(part, TerminateEventDefinition) for part in parts_of(self.event_definition)):
            my_task.workflow.stop()
