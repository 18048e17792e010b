"""A user task and the rules of who may do what with it, when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from engine.errors import Forbidden, say
from engine.model.actor import Actor


class TaskState(StrEnum):
    """Where a task is in its life. A closed task never reopens."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"  # by the process (a boundary event, an end) or with its case
    WITHDRAWN = "withdrawn"  # the completion that opened it was withdrawn
    RETURNED = "returned"  # the case was sent back from it to an earlier step


@dataclass(frozen=True, kw_only=True)
class TaskKey:
    """Identity of a task within its instance; iteration is 0 outside a multi-instance."""

    element: str
    round: int
    iteration: int = 0


@dataclass(frozen=True, kw_only=True)
class Task:
    """One row of the task table. Times are aware UTC; minutes are working minutes."""

    id: UUID
    office: UUID
    instance: UUID
    version: UUID
    element: str
    round: int
    iteration: int
    name: str
    role: str
    state: TaskState
    opened_at: datetime
    due_at: datetime | None
    assignee: UUID | None = None
    claimed_at: datetime | None = None
    delegated_by: UUID | None = None
    prepared_by: UUID | None = None
    seen_at: datetime | None = None  # first opened by somebody who may work on it
    clock_started_at: datetime | None = None
    paused_at: datetime | None = None
    pause_reason: str | None = None
    paused_minutes: int = 0
    completed_at: datetime | None = None
    completed_by: UUID | None = None
    on_behalf_of: UUID | None = None
    done_on: datetime | None = None
    attempt: UUID | None = None

    @property
    def key(self) -> TaskKey:
        """Identity within the instance."""
        return TaskKey(element=self.element, round=self.round, iteration=self.iteration)


def can_see(task: Task, actor: Actor, *, takes_part: bool, supervised: bool) -> bool:
    """Tell whether a task of the actor's office exists for the actor at all.

    ``supervised``: they supervise its case (``queries.case_access.supervises``).
    """
    if task.office != actor.office:
        return False
    if takes_part or has_part(task, actor) or supervised:
        return True
    return task.state is TaskState.OPEN and task.prepared_by is not None and task.prepared_by == actor.person


def has_part(task: Task, actor: Actor) -> bool:
    """Tell whether a task is the actor's business by itself: acting on it is taking part in the case.

    Whoever only supervises, or was asked to prepare, sees it as long as that lasts.
    """
    if actor.person is None:
        return False
    return actor.holds(task.role) or actor.person in {task.assignee, task.delegated_by, task.completed_by}


def can_hold(task: Task, roles: Collection[str]) -> bool:
    """Tell whether the holder of a task can do it with the performer roles held that day.

    A delegate needs a role of his own, whichever: who left the office does nothing in it.
    """
    return task.role in roles or (task.delegated_by is not None and bool(roles))


def can_work(task: Task, actor: Actor) -> bool:
    """Tell whether the actor may complete an open task now: the role decides, or a delegation."""
    if task.state is not TaskState.OPEN or task.office != actor.office:
        return False
    if task.assignee is None:
        return actor.holds(task.role)
    return task.assignee == actor.person and can_hold(task, actor.role_keys)


def acting_for(actor: Actor, task: Task) -> Actor:
    """Give the actor as the record names who acts on a task: a delegate, on behalf of who lent it."""
    if task.delegated_by is None or actor.person is None or task.assignee != actor.person:
        return actor
    return replace(actor, on_behalf_of=task.delegated_by)


def can_draft(task: Task, actor: Actor) -> bool:
    """Tell whether the actor may fill a draft: who may complete it, and who was asked to prepare it."""
    if task.state is not TaskState.OPEN:
        return False
    return can_work(task, actor) or (task.prepared_by is not None and task.prepared_by == actor.person)


def must_work(task: Task, actor: Actor) -> None:
    """Refuse whoever may see an open task but not do it."""
    if can_work(task, actor):
        return
    if task.assignee is not None and task.assignee != actor.person and actor.holds(task.role):
        raise Forbidden(say("Somebody else is working on this task."))
    raise Forbidden(say("This task is for another role. You can read it, but not do it."))


def must_hold(task: Task, actor: Actor) -> None:
    """Refuse whoever does not hold the task himself (a delegate may not lend it on)."""
    if not (can_work(task, actor) and actor.holds(task.role)):
        raise Forbidden(say("Only who holds this task by role can do that."))
