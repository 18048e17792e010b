"""Sends a token back to an earlier task: what a return does to the tokens of a running instance."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.flow import SPLIT, leave_group
from engine.bpmn.gateways import InclusiveGateway, ParallelGateway
from engine.bpmn.going_back import GoingBack, Graph, Hindrance
from engine.bpmn.live_task import LiveTask
from engine.errors import Conflict, Sentence, say

_REPEATED = say("%(step)s is done several times over; a case cannot be sent back from one of them, or to it.")
_NO_STEP = say("%(step)s is no task for people beside this one; the case cannot be sent back to it.")
_HINDRANCES = {
    Hindrance.NOT_BEFORE: say(
        "%(step)s does not stand before this step; the case cannot be sent back to it."
    ),
    Hindrance.OTHER_BRANCH: say(
        "%(step)s stands in a branch that has been joined with others; they would not come again."
    ),
}
_OPEN = say("%(step)s is open already; wait until it is done.")
_UNCLEAR = say(
    "%(other)s is open, and the diagram leaves open whether it belongs to what would be done again."
    " Finish it first, then send the case back."
)


def send_back(task: LiveTask, to: str) -> None:
    """Take an open task's token away, with all that stems from the earlier step, and put one there.

    Nothing is changed where it is refused: Conflict says why.
    """
    specs = task.workflow.spec.task_specs
    target = specs.get(to)
    if task.owner or getattr(target, "task_spec", None) is not None:
        raise _refused(_REPEATED, task.task_spec if task.owner else target)
    if target is None or not target.for_people:
        raise Conflict(Sentence(_NO_STEP.template, {"step": to}))
    entry = specs.get(f"{to}{SPLIT}", target)
    way = GoingBack(_graph_of(specs), later=task.task_spec.name, earlier=entry.name)
    if way.hindrance is not None:
        raise _refused(_HINDRANCES[way.hindrance], target)
    along = _going_along(task, target, way)
    task.workflow.tasks.pop(task.id)
    if task.group:
        leave_group(task)
    for other in along:
        if other.id in task.workflow.tasks:
            other.cancel()
    first = task.workflow.add(entry)
    entry._update(first)


def _going_along(task: LiveTask, target: Any, way: GoingBack) -> list[LiveTask]:  # noqa: ANN401 - untyped library
    """Find the other tokens that stem from the same passing of the earlier step."""
    along = []
    for other in task.workflow.tasks.values():
        if other is task or other.owner or (other.group and other.group == task.group):
            continue
        if other.task_spec is target:
            raise _refused(_OPEN, target)
        waits_at_join = other.state == TaskState.WAITING and isinstance(
            other.task_spec, ParallelGateway | InclusiveGateway
        )
        goes = way.takes_along(other.came_from if waits_at_join else other.task_spec.name)
        if goes is None:
            title = other.task_spec.title or other.task_spec.element
            raise Conflict(Sentence(_UNCLEAR.template, {"other": title}))
        if goes:
            along.append(other)
    return along


def _graph_of(specs: dict[str, Any]) -> Graph:
    onwards = {name: [following.name for following in spec.ahead] for name, spec in specs.items()}
    joins = {
        name
        for name, spec in specs.items()
        if isinstance(spec, ParallelGateway | InclusiveGateway) and len(spec._inputs) > 1
    }
    return Graph(onwards, frozenset(joins))


def _refused(template: Sentence, spec: Any) -> Conflict:  # noqa: ANN401 - untyped library
    return Conflict(Sentence(template.template, {"step": spec.title or spec.element}))
