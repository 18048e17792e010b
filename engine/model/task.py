"""A user task and the rules of who may do what with it, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class TaskState(StrEnum):
    """Where a task is in its life. A closed task never reopens."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"  # by the process (a boundary event, an end) or with its case
    WITHDRAWN = "withdrawn"  # the completion that opened it was withdrawn


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
