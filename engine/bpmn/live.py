"""A running instance in memory: SpiffWorkflow's workflow with a flat list of open tasks.

SpiffWorkflow keeps every finished task in a tree, predicts branches ahead, and walks the tree for
every question. Here a task exists from the moment a flow reaches it until it is finished, so that
the thousandth round costs what the first did. Variables belong to the instance (or to the called
process), not to tasks; only the instances of a multi-instance activity have values of their own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.live_task import LiveTask
from engine.bpmn.recorder import Recorder
from engine.bpmn.variables import Variables
from engine.errors import ProcessFailed, say

MAX_STEPS = 10_000  # automatic steps of one action


class _Flat:
    """What the instance and its subprocesses share."""

    tasks: dict[int, LiveTask]
    spec: Any
    text = ""  # of a subprocess, as the state was last written; empty when a token moved since

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

    def begin(self) -> None:
        """Put the first token at the start event."""
        for spec in self.spec.start.ahead:
            task = self.add(spec)
            spec._update(task)

    def get_tasks_iterator(self, first_task: Any = None, **filters: Any) -> Any:  # noqa: ANN401, ARG002
        """Give the open tasks of a state, without walking a tree."""
        state = filters.get("state", TaskState.ANY_MASK)
        return iter([task for task in self.tasks.values() if task.has_state(state)])

    def stop(self, but: LiveTask | None = None) -> None:
        """Cancel every open task."""
        for task in list(self.tasks.values()):
            if task is not but and task.id in self.tasks:
                task.cancel()


class LiveSubprocess(_Flat, BpmnSubWorkflow):
    """An embedded subprocess (sharing the variables around it) or a called process (with its own)."""

    def __init__(self, spec: Any, parent_task: LiveTask, variables: Variables | None) -> None:  # noqa: ANN401
        """Open it for the task that waits for its end."""
        self.parent_task = parent_task
        self.variables = variables
        self.own: dict[str, Any] = {}  # values of the data objects declared in it
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

    def __init__(self, subprocess: LiveSubprocess) -> None:
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
        if not self:
            self._subprocess.top_workflow.emptied.append(self._subprocess)


class LiveInstance(Recorder, _Flat, BpmnWorkflow):
    """One instance, between being loaded and being saved."""

    def __init__(self, spec: Any, subprocess_specs: dict[str, Any], script_engine: Any) -> None:  # noqa: ANN401
        """Make an instance without tasks."""
        self.serial = 0
        self.completed_count = 0  # elements completed while in memory
        self.variables = Variables()
        self.ready: deque[LiveTask] = deque()
        self.urgent: deque[LiveTask] = deque()  # events: they take effect before anything else
        self.joins: dict[int, LiveTask] = {}  # inclusive joins that wait until nobody can come any more
        self.emptied: deque[LiveSubprocess] = deque()  # subprocesses whose last token may be gone
        self._found: dict[tuple[str, int, int], LiveTask] = {}  # open tasks and timers, by their key
        Recorder.__init__(self)
        BpmnWorkflow.__init__(self, spec, subprocess_specs, script_engine, deserializing=True)

    def next_id(self) -> int:
        """Give the next number for a task: never used twice in an instance."""
        self.serial += 1
        return self.serial

    def advance(self) -> None:
        """Take every automatic step, until only people, timers and joins are waited for."""
        for number, task in enumerate(self.steps()):
            if number > MAX_STEPS:
                raise _circles(task)

    def steps(self) -> Iterator[LiveTask]:
        """Take the automatic steps one at a time: give each task, and run it when asked for the next."""
        while True:
            while self.urgent or self.ready:
                task = self.urgent.popleft() if self.urgent else self.ready.popleft()
                if task.state == TaskState.READY and task.id in task.workflow.tasks:
                    yield task
                    task.run()
            if not self._settle():
                return

    def _settle(self) -> bool:
        while self.emptied:
            subprocess = self.emptied.popleft()
            parent = subprocess.parent_task
            if not subprocess.tasks and self.subprocesses.get(parent.id) is subprocess:
                parent.task_spec.ended(parent, subprocess)
                return True
        for task in list(self.joins.values()):
            if task.state != TaskState.WAITING or task.id not in task.workflow.tasks:
                del self.joins[task.id]
            elif task.task_spec.may_now_pass(task):
                task._ready()
                return True
        return False

    def workflows(self) -> Iterable[Any]:
        """Give the instance and its open subprocesses."""
        return (self, *self.subprocesses.values())

    def waiting(self) -> Iterable[LiveTask]:
        """Give every task that waits for something."""
        return [
            task
            for workflow in self.workflows()
            for task in workflow.tasks.values()
            if task.state == TaskState.WAITING
        ]

    def find(self, element: str, round_: int, iteration: int) -> LiveTask | None:
        """Find an open task by what people know of it."""
        key = (element, round_, iteration)
        found = self._found.get(key)
        if found is None or not _is_open(found, key):
            # A thousand instances are open at once: they are looked through once, not for each of them.
            tasks = [task for workflow in self.workflows() for task in workflow.tasks.values()]
            self._found = {
                (task.task_spec.element, task.round, task.iteration): task
                for task in tasks
                if _may_be_found(task)
            }
            found = self._found.get(key)
        return found

    @property
    def finished(self) -> bool:
        """Tell whether no token is left."""
        return not self.tasks


def _may_be_found(task: LiveTask) -> bool:
    return task.state in (TaskState.READY, TaskState.WAITING)


def _is_open(task: LiveTask, key: tuple[str, int, int]) -> bool:
    return (
        task.id in task.workflow.tasks
        and _may_be_found(task)
        and (task.task_spec.element, task.round, task.iteration) == key
    )


def _circles(task: LiveTask) -> ProcessFailed:
    return ProcessFailed(
        task.task_spec.element,
        task.task_spec.title,
        say(
            "The process runs in circles at %(name)s: stopped after %(steps)s steps.",
            name=task.task_spec.title or task.task_spec.element,
            steps=MAX_STEPS,
        ),
    )
