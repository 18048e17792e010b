"""Gateways: how tokens part and meet (BPMN 2.0, 13.4)."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import mixins
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.failing import failed_at
from engine.bpmn.flow import SPLIT, Flow
from engine.bpmn.live_task import LiveTask
from engine.errors import ProcessFailed, say
from engine.model.incident import IncidentKind


class ExclusiveGateway(Flow, mixins.ExclusiveGatewayMixin, BpmnSpecMixin):
    """One flow out: the first whose condition is true, in the order of the file."""

    def _run_hook(self, my_task: LiveTask) -> bool:
        for condition, target in self.cond_task_specs:
            if condition is not None and _true(my_task, condition):
                my_task.chosen = [self._wf_spec.task_specs[target]]
                return True
        if self.default_task_spec is None:
            raise _no_way(my_task)
        my_task.chosen = [self._wf_spec.task_specs[self.default_task_spec]]
        return True


class _Join(Flow):
    """Tokens wait here for each other; the one that goes on is the element's entry."""

    enters_on_arrival = False

    def _arrived(self, my_task: LiveTask) -> dict[str, list[LiveTask]]:
        tokens: dict[str, list[LiveTask]] = {}
        for task in my_task.workflow.tasks.values():
            if task.task_spec is self and (task is my_task or task.state == TaskState.WAITING):
                tokens.setdefault(task.came_from, []).append(task)
        return tokens

    def _merge(self, my_task: LiveTask, tokens: dict[str, list[LiveTask]]) -> None:
        # One token of each flow is consumed; what is left over waits for its next partners.
        for arrived in tokens.values():
            if my_task not in arrived:
                del my_task.workflow.tasks[arrived[0].id]
        top = my_task.workflow.top_workflow
        top.enter(my_task)


class ParallelGateway(_Join, mixins.ParallelGatewayMixin, BpmnSpecMixin):
    """Waits for a token on every flow in, then goes on by every flow out."""

    def _update_hook(self, my_task: LiveTask) -> bool:
        tokens = self._arrived(my_task)
        if any(name not in tokens for name in self._inputs):
            my_task._set_state(TaskState.WAITING)
            return False
        self._merge(my_task, tokens)
        return True


class InclusiveGateway(_Join, mixins.InclusiveGatewayMixin, BpmnSpecMixin):
    """Waits while a token that is on its way could still come; goes on by every true condition."""

    asked_again = True

    def _update_hook(self, my_task: LiveTask) -> bool:
        if len(self._inputs) > 1:
            # Whether somebody is still on the way is known when nothing else moves.
            my_task._set_state(TaskState.WAITING)
            return False
        self._merge(my_task, {my_task.came_from: [my_task]})
        return True

    def may_now_pass(self, my_task: LiveTask) -> bool:
        """Apply the rule of BPMN 2.0, 13.4.3: nobody can reach an empty flow in, but by a marked one."""
        tokens = self._arrived(my_task)
        others = [task for task in my_task.workflow.tasks.values() if task.task_spec is not self]
        # A token in an activity is not led on by the events beside it, which may throw another one.
        marked = [_sources(self, name, by_events=False) for name in tokens]
        empty = [_sources(self, name) for name in self._inputs if name not in tokens]
        for task in others:
            name = task.task_spec.name
            if any(name in sources for sources in empty) and not any(name in sources for sources in marked):
                return False
        self._merge(my_task, tokens)
        return True

    def _run_hook(self, my_task: LiveTask) -> bool:
        specs = self._wf_spec.task_specs
        conditional = [(condition, specs[name]) for condition, name in self.cond_task_specs if condition]
        defaults = [specs[name] for condition, name in self.cond_task_specs if not condition]
        my_task.chosen = [spec for condition, spec in conditional if _true(my_task, condition)] or defaults
        if not my_task.chosen:
            raise _no_way(my_task)
        return True


class EventGateway(Flow, mixins.EventBasedGatewayMixin, BpmnSpecMixin):
    """Waits for the first of the events behind it.

    The library moves the events into the gateway, where two timers share one due time; here each
    event waits for itself and the first one cancels the others.
    """

    def connect(self, child: Any) -> None:  # noqa: ANN401 - untyped library
        """Connect the event and leave its definition with it."""
        self._outputs.append(child.name)
        child._connect_notify(self)

    def _on_complete(self, my_task: LiveTask) -> None:
        workflow = my_task.workflow
        workflow.tasks.pop(my_task.id, None)
        if my_task.group:
            return
        for spec in self.ahead:
            task = LiveTask(workflow, spec)
            task.came_from = self.name
            task.group = my_task.id
            spec._update(task)


def _true(task: LiveTask, condition: Any) -> bool:  # noqa: ANN401 - untyped library
    return bool(task.workflow.top_workflow.script_engine.decide(task, condition.args[0]))


def _sources(gateway: Any, flow_from: str, *, by_events: bool = True) -> frozenset[str]:  # noqa: ANN401 - untyped library
    """Give the names of all specs from which the gateway's flow in can be reached without the gateway.

    By sequence flows alone, or also by the events beside an activity.
    """
    known: dict[tuple[str, bool], frozenset[str]] = gateway.__dict__.setdefault("_known_sources", {})
    if (flow_from, by_events) not in known:
        specs = gateway._wf_spec.task_specs
        found, queue = {flow_from}, [flow_from]
        while queue:
            spec = specs[queue.pop()]
            if isinstance(spec, mixins.BoundaryEventMixin) and not by_events:
                continue
            for name in spec._inputs:
                if name not in found and name != gateway.name:
                    found.add(name)
                    queue.append(name)
        # A token stands at the activity, the boundary event's flow starts at the split before it.
        found |= {name.removesuffix(SPLIT) for name in found if name.endswith(SPLIT)}
        known[flow_from, by_events] = frozenset(found)
    return known[flow_from, by_events]


def _no_way(task: LiveTask) -> ProcessFailed:
    spec = task.task_spec
    sentence = say(
        "No condition behind the gateway %(name)s is true, and it has no default flow.",
        name=spec.title or spec.element,
    )
    asked = "\n".join(condition.args[0] for condition, _name in spec.cond_task_specs if condition)
    return failed_at(task, sentence, IncidentKind.CONDITION, asked)
