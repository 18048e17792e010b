"""How a token arrives at an element and leaves it: the base of all our task specs."""

from __future__ import annotations

from typing import Any

from engine.bpmn import data
from engine.bpmn.done import UNDOING, remember
from engine.bpmn.live_task import LiveTask

SPLIT = ".BoundaryEventSplit"
CHILD = " [child]"


class Flow:
    """Overrides SpiffWorkflow's life cycle of a task: no prediction, no copies of data, no tree.

    The attributes below are set by ``prepare`` once a spec was loaded; specs are shared between
    threads and never changed afterwards.
    """

    element: str  # id in the diagram
    title: str  # name on the shape
    kind: str  # BPMN local name
    process: str  # id of the process (or subprocess) it stands in
    flows: dict[str, str]  # element it leads to -> id of the sequence flow
    ahead: list[Any]  # specs its flows lead to
    names: dict[str, str] = {}  # noqa: RUF012 - what it declares: every name a value is known by -> its variable
    plan: dict[str, Any] = {}  # noqa: RUF012 - what data it moves: see ``data_plan``
    takes = False  # whether data moves in when it begins
    leaves = False  # whether data moves out when it ends
    hidden = False  # added by normalising: never shown
    enters_on_arrival = True
    for_people = False
    leaves_result = False  # in the variable ``result``
    result: str  # its id, where it names none
    decision: str = ""  # id of the one a business rule task takes
    service: dict[str, Any] | None  # of a service task: its connector, and inputs by name
    hears_outside = False  # whether a message or signal can let it happen
    asks_condition = False  # whether a waiting token waits for a condition to become true
    correlates = False  # whether a waiting token waits for a message that carries a key
    asked_again = False  # whether a waiting token may go on because others moved: ``may_now_pass``
    counts = False  # whether it has values that are worked out: ``own_counts``

    def own_counts(self, _my_task: LiveTask) -> dict[str, Any]:
        """Give what is worked out of a token here, such as how many instances are done."""
        return {}

    def _predict(self, *_args: Any, **_kwargs: Any) -> None:
        """Create nothing ahead."""

    def _update(self, my_task: LiveTask) -> None:
        if self.takes:
            data.begin(my_task)
        if self._update_hook(my_task):
            my_task._ready()

    def _update_hook(self, _my_task: LiveTask) -> bool:
        return True

    def _on_ready(self, my_task: LiveTask) -> None:
        my_task.workflow.top_workflow.ready.append(my_task)

    def _run_hook(self, _my_task: LiveTask) -> bool | None:
        return True

    def _on_complete(self, my_task: LiveTask) -> None:
        """Leave the element: the token goes, what was waiting beside it goes, its successors come."""
        workflow = my_task.workflow
        if self.leaves and UNDOING not in my_task.internal_data:
            data.end(my_task)
        workflow.tasks.pop(my_task.id, None)
        if my_task.group:
            leave_group(my_task)
        remember(my_task)
        if my_task.owner:
            owner = workflow.tasks.get(my_task.owner) or workflow.top_workflow.by_id(my_task.owner)
            if owner is not None:
                owner.task_spec.instance_done(owner, my_task)
            return
        ahead = self.ahead if my_task.chosen is None else my_task.chosen
        for child in [workflow.add(spec, self) for spec in ahead]:
            child.task_spec._update(child)

    def _on_cancel(self, my_task: LiveTask) -> None:
        my_task.workflow.tasks.pop(my_task.id, None)

    def instance_done(self, my_task: LiveTask, instance: LiveTask) -> None:
        """Go on after one of the tokens that this task waits for (repetitions, compensation)."""
        raise NotImplementedError

    def is_entered(self, my_task: LiveTask) -> bool:
        """Tell whether people saw it entered when the token arrived."""
        return self.enters_on_arrival or bool(my_task.iteration)

    def may_now_pass(self, _my_task: LiveTask) -> bool:
        """Tell whether a waiting task may go on because others moved; only where ``asked_again``."""
        return False


def leave_group(task: LiveTask) -> None:
    """Cancel what waited beside a task: boundary events when it ends, and it when they interrupt."""
    if not getattr(task.task_spec, "cancel_activity", True):
        return
    for other in list(task.workflow.tasks.values()):
        if other.group == task.group and other.id in task.workflow.tasks:
            other.cancel()


class Split(Flow):
    """Stands before an activity with boundary events: opens the activity and arms the events."""

    hidden = True
    enters_on_arrival = False

    def _update_hook(self, my_task: LiveTask) -> bool:
        workflow = my_task.workflow
        workflow.tasks.pop(my_task.id)
        tasks = [workflow.add(spec) for spec in self.ahead]
        for task in tasks:
            task.group = my_task.id
            task.came_from = my_task.came_from
            if not hasattr(task.task_spec, "cancel_activity"):  # the activity, not an event beside it
                task.owner, task.data = my_task.owner, my_task.data
        for task in tasks:
            if task.id in workflow.tasks:
                task.task_spec._update(task)
        return False
