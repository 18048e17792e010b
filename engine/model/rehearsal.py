"""A rehearsal (coba jalankan): a draft run by its owner alone, beside the tables of real cases.

It is a pile of stands: each step of it puts one on top, and going back takes the topmost away. Of a
stand that has sunk too deep only its lines are left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.model.data_store import Stored
from engine.model.job import Job
from engine.model.task import TaskKey
from engine.model.timer import TimerKey
from engine.model.wait import Wait

CLOCK_MOVED = "clock.moved"  # kinds of lines beside those of the record
STOOD_STILL = "stood-still"  # a step failed, and the rehearsal stands where it stood
THROWN = "thrown"  # a message or signal that would have gone out

_MOST_STANDS = 30
_MOST_TEXT = 3_000_000  # characters of all states
_MOST_LINES = 1_000  # of what sank


@dataclass(frozen=True, kw_only=True)
class RehearsalLine:
    """What happened, as the record of a case would tell it: ``kind`` is an EventKind, or one from above."""

    kind: str
    at: datetime  # by the rehearsal's clock
    element: str = ""
    round: int = 0
    iteration: int = 0
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RehearsedTask:
    """A task that is open in a rehearsal."""

    key: TaskKey
    name: str
    role: str
    opened_at: datetime
    clock_started_at: datetime
    due_at: datetime | None
    assignee: str = ""  # person (hex) whom a form named
    again: bool = False  # the rehearsal was sent back to it
    paused_at: None = None  # nobody stops the clock of a rehearsal's task
    pause_reason: None = None


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where a rehearsal stands after a step."""

    at: datetime  # the clock
    state: str  # empty where it is finished
    finished: bool
    tasks: tuple[RehearsedTask, ...] = ()
    timers: tuple[tuple[TimerKey, datetime], ...] = ()
    jobs: tuple[Job, ...] = ()
    waits: tuple[Wait, ...] = ()
    stored: tuple[Stored, ...] = ()  # left in data stores, for this rehearsal alone
    lines: tuple[RehearsalLine, ...] = ()  # what the step led to

    def task(self, key: TaskKey) -> RehearsedTask | None:
        """Find an open task."""
        return next((one for one in self.tasks if one.key == key), None)

    @property
    def next_due(self) -> datetime | None:
        """The earliest timer."""
        return min((due for _key, due in self.timers), default=None)


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """A rehearsal as it was read. ``revision`` tells whether it is still so."""

    id: UUID
    office: UUID
    draft: UUID
    person: UUID
    draft_revision: int
    digest: bytes  # of the draft's files when it began
    definition: str  # what was read of them, as text
    spec: str
    forms: Mapping[str, str]
    revision: int
    stands: tuple[Stand, ...]  # the last one is where it stands
    past: tuple[RehearsalLine, ...]  # of stands that nobody can go back to
    created_at: datetime
    changed_at: datetime

    @property
    def now(self) -> Stand:
        """Where it stands."""
        return self.stands[-1]

    @property
    def lines(self) -> tuple[RehearsalLine, ...]:
        """Everything that happened, the oldest first."""
        return (*self.past, *(line for stand in self.stands for line in stand.lines))

    def with_stand(self, stand: Stand) -> Rehearsal:
        """Put a stand on top; what there is no room for sinks."""
        stands, past = [*self.stands, stand], list(self.past)
        while len(stands) > 1 and _is_too_much(stands):
            past += stands.pop(0).lines
        return replace(self, stands=tuple(stands), past=tuple(past[-_MOST_LINES:]))

    def a_step_back(self) -> Rehearsal:
        """Take the topmost stand away; the last one stays."""
        return replace(self, stands=self.stands[:-1]) if len(self.stands) > 1 else self


def _is_too_much(stands: list[Stand]) -> bool:
    return len(stands) > _MOST_STANDS or sum(len(one.state) for one in stands) > _MOST_TEXT
