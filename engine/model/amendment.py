"""Who may correct what a finished step entered, and when that is still possible."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import Conflict, Forbidden, say
from engine.model.actor import Actor
from engine.model.instance import InstanceStatus
from engine.model.permission import Permission
from engine.model.task import Task, TaskState


def can_amend(task: Task, actor: Actor) -> bool:
    """Tell whether somebody may correct a completed task: who did it, or who keeps the SOP."""
    if task.state is not TaskState.COMPLETED or task.office != actor.office or actor.person is None:
        return False
    if actor.may(Permission.AMEND_STEPS):
        return True
    works = actor.holds(task.role) or (task.on_behalf_of is not None and bool(actor.role_keys))
    return task.completed_by == actor.person and works


def must_amend(task: Task, actor: Actor) -> None:
    """Refuse whoever may see a finished step but not correct it."""
    if task.state is TaskState.COMPLETED and not can_amend(task, actor):
        raise Forbidden(
            say("Only who completed a step, the process owner or an administrator can correct it.")
        )


def must_be_amendable(task: Task, of_case: Sequence[Task], status: InstanceStatus) -> None:
    """Say why a step can no longer be corrected; ``of_case`` are all tasks in the order they were opened."""
    if status is not InstanceStatus.RUNNING:
        raise Conflict(say("This case has ended. What was entered stays as it is."))
    if task.state is not TaskState.COMPLETED:
        raise Conflict(say("Only a step that is done can be corrected."))
    if task.iteration:
        raise Conflict(
            say("This step is done several times over; what one of them entered has been gathered.")
        )
    later = [one for one in of_case if one.element == task.element and one.id.int > task.id.int]
    if any(one.state is TaskState.OPEN for one in later):
        raise Conflict(say("This step is being done again. Change it there."))
    if any(one.state is TaskState.COMPLETED for one in later):
        raise Conflict(say("This step has been done again since. Correct the last time instead."))
