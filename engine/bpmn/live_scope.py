"""What runs in memory beside the instance itself: its subprocesses, and the other processes of its file."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.catching import arm
from engine.bpmn.correlation import remember_keys
from engine.bpmn.listeners import is_listener
from engine.bpmn.live_task import LiveTask
from engine.bpmn.receiving import KEYS, RECEIVED, receive
from engine.bpmn.trail import Happening
from engine.bpmn.variables import Variables


class Flat:
    """What the instance and its subprocesses share."""

    tasks: dict[int, LiveTask]
    spec: Any
    top_workflow: Any
    text = ""  # of a subprocess, as the state was last written; empty where it may have changed since
    done: list[dict[str, Any]]  # completed activities that can be compensated, in their order

    def add(self, spec: Any, came_from: Any = None) -> LiveTask:  # noqa: ANN401 - untyped library
        """Put a token at a spec; the flow that led here is recorded."""
        task = LiveTask(self, spec)
        top = task.workflow.top_workflow
        if came_from is not None:
            task.came_from = came_from.name
            flow = came_from.flows.get(spec.element)
            if flow:
                top.record_flow(flow, spec.process)
        if spec.enters_on_arrival:
            top.enter(task)
        return task

    def begin(self, start: str = "") -> None:
        """Put the first token at the start event; event subprocesses listen from now on.

        Of several that wait for nothing only one begins an instance (BPMN 2.0, 10.4.2): the one named.
        """
        self.listen()
        chosen = [spec for spec in self.spec.begins if spec.element == start] or self.spec.begins
        for spec in chosen[:1]:
            task = self.add(spec)
            spec._update(task)

    def begin_at(self, start: Any, event: LiveTask) -> None:  # noqa: ANN401 - untyped library
        """Put the first token at a start event whose event has happened at a listener."""
        self.listen()
        came_from = self._pass_gateway(start) if start.begins_by else None
        task = LiveTask(self, start)
        task.round = event.round
        task.workflow.top_workflow.record(Happening.ENTERED, task)
        remember_keys(task, event.internal_data.get(KEYS, {}))
        receive(task, event.internal_data.get(RECEIVED), begins=True)
        if came_from is not None:
            task.came_from = came_from
        task._ready()

    def _pass_gateway(self, start: Any) -> str:  # noqa: ANN401 - untyped library
        """Go through the event gateway that a process begins with; one for all events waits for the rest."""
        top = self.top_workflow
        gateway = self.spec.task_specs[start.begins_by["gateway"]]
        task = LiveTask(self, gateway)
        del self.tasks[task.id]
        top.enter(task)
        top.record(Happening.COMPLETED, task)
        for spec in gateway.ahead:
            if spec is start or start.begins_by["parallel"]:
                top.record_flow(gateway.flows[spec.element], gateway.process)
            if spec is not start and start.begins_by["parallel"]:
                other = LiveTask(self, spec)
                other.came_from = gateway.name
                top.enter(other)
                spec._update(other)
        return str(gateway.name)

    def listen(self) -> None:
        """Let the start events of event subprocesses wait."""
        for listener in self.spec.handlers:
            arm(LiveTask(self, listener))

    @property
    def is_over(self) -> bool:
        """Tell whether no token is left but those that only listen."""
        return all(is_listener(task) for task in self.tasks.values())

    def get_tasks_iterator(self, first_task: Any = None, **filters: Any) -> Any:  # noqa: ANN401, ARG002
        """Give the open tasks of a state, without walking a tree."""
        state = filters.get("state", TaskState.ANY_MASK)
        return iter([task for task in self.tasks.values() if task.has_state(state)])

    def stop(self) -> None:
        """Cancel every open task but the one that does it; what opens other processes goes on listening."""
        for task in list(self.tasks.values()):
            listens = getattr(task.task_spec, "opens", None) is not None
            if task.id in self.tasks and not listens and task is not self.top_workflow.running:
                task.cancel()


class LiveSubprocess(Flat, BpmnSubWorkflow):
    """An embedded subprocess (sharing the variables around it) or a called process (with its own)."""

    def __init__(self, spec: Any, parent_task: LiveTask, variables: Variables | None) -> None:  # noqa: ANN401
        """Open it for the task that waits for its end."""
        self.parent_task = parent_task
        self.variables = variables
        self.own: dict[str, Any] = {}  # values of the data objects declared in it
        self.done = []
        self.conversation: dict[str, dict[str, Any]] = {}
        super().__init__(spec, parent_task.id, parent_task.workflow.top_workflow, deserializing=True)
        self.tasks = _Tokens(self)

    def _calculate_depth(self) -> int:
        return 1 + int(self.parent_task.workflow.depth)

    @property
    def parent_workflow(self) -> Any:  # noqa: ANN401 - untyped library
        """Give the workflow of the waiting task."""
        return self.parent_task.workflow


class _Tokens(dict[int, LiveTask]):
    """The tokens of a subprocess; the instance learns when the last one is gone, without looking at all."""

    def __init__(self, subprocess: LiveSubprocess | LivePool) -> None:
        super().__init__()
        self._subprocess = subprocess

    def __setitem__(self, id_: int, token: LiveTask) -> None:
        super().__setitem__(id_, token)
        self._subprocess.text = ""

    def __delitem__(self, id_: int) -> None:
        super().__delitem__(id_)
        self._tell()

    def pop(self, id_: int, *default: Any) -> Any:  # noqa: ANN401 - as of a dict
        token = super().pop(id_, *default)
        self._tell()
        return token

    def _tell(self) -> None:
        self._subprocess.text = ""
        if self._subprocess.is_over:
            self._subprocess.top_workflow.emptied.append(self._subprocess)


class LivePool(Flat, BpmnSubWorkflow):
    """Another process of the file, which runs in the same case: it has variables of its own."""

    parent_task = None

    def __init__(self, id_: int, spec: Any, top: Any, variables: Variables) -> None:  # noqa: ANN401
        """Open it beside the others."""
        self.id = id_
        self.variables = variables
        self.own: dict[str, Any] = {}
        self.done = []
        self.conversation: dict[str, dict[str, Any]] = {}
        super().__init__(spec, id_, top, deserializing=True)
        self.tasks = _Tokens(self)

    def _calculate_depth(self) -> int:
        return 0
