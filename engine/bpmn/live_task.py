"""One token of a running instance: SpiffWorkflow's task without its tree, its clock and its identity."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.trail import Happening


class LiveTask(Task):
    """One token of the diagram, at one element."""

    def __init__(self, workflow: Any, spec: Any, *, id_: int = 0) -> None:  # noqa: ANN401 - untyped library
        """Take the place in the workflow.

        The base's own start is left out: it draws a random identity and the clock's time for each
        task, and hangs it into a tree.
        """
        self.id = id_ or workflow.top_workflow.next_id()
        self.workflow = workflow
        self.task_spec = spec
        self._parent = None
        self._children: list[Any] = []
        self._state = TaskState.FUTURE
        self.triggered = False
        self.thread_id = 0
        self.last_state_change = 0.0
        self.data: dict[str, Any] = {}  # values of one instance of a multi-instance activity
        self.internal_data: dict[str, Any] = {}
        self.came_from = ""  # name of the spec whose flow led here
        self.round = 0
        self.iteration = 0
        self.group = 0  # an activity with its boundary events, or the events of a gateway
        self.owner = 0  # id of the multi-instance task this is an instance of
        self.instances: Any = None  # of a multi-instance task: see ``instances.Instances``
        self.chosen: list[Any] | None = None
        self.text = ""  # as the state was last written; empty where it may have changed since
        workflow.tasks[self.id] = self

    def _sync_children(self, task_specs: list[Any], state: int = TaskState.MAYBE) -> None:  # noqa: ARG002
        """Remember what a gateway chose; the children are made when the task is left."""
        self.chosen = list(task_specs)

    def _inherit_data(self) -> None:
        """Leave the data alone: variables belong to the instance."""

    def _set_state(self, value: int) -> None:
        """Set the state and record what people can see of it."""
        if value == self._state:
            return
        self._state = value
        self.text = self.workflow.text = ""
        if value == TaskState.WAITING:
            self.waits()
        elif value == TaskState.COMPLETED:
            self.workflow.top_workflow.completed_count += 1
            self.workflow.top_workflow.record(Happening.COMPLETED, self)
        elif value == TaskState.CANCELLED:
            self.workflow.top_workflow.cancelled(self)

    def cancel(self) -> None:
        """Take the token away; of an event that has thrown only the way on is taken."""
        if self._state == TaskState.COMPLETED:
            self.workflow.tasks.pop(self.id, None)
        else:
            super().cancel()

    def waits(self) -> None:
        """Be asked again when others moved, where the element is one that may then go on."""
        if self.task_spec.asked_again:
            self.workflow.top_workflow.joins[self.id] = self
        if self.task_spec.asks_condition:
            self.workflow.top_workflow.conditional[self.id] = self
        if self.task_spec.correlates:
            self.workflow.top_workflow.correlated[self.id] = self

    def _ready(self) -> None:
        if not self.has_state(TaskState.FINISHED_MASK):
            self._set_state(TaskState.READY)
            self.task_spec._on_ready(self)
