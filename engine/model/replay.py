"""A case at a moment of its past: what its record says up to an event, and nothing else.

What people entered is not held here, only the number of the event that says it: an erased value is gone
from every moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from engine.model.event import EventKind
from engine.model.instance import InstanceStatus
from engine.model.task import TaskKey, TaskState


class Told(NamedTuple):
    """One event as replaying needs it. ``said`` is its payload; empty where it is erased or not needed."""

    seq: int
    kind: EventKind
    at: datetime
    actor: UUID | None
    element: str
    round: int
    iteration: int
    said: Mapping[str, Any]

    @property
    def key(self) -> TaskKey:
        """Name the task it is about."""
        return TaskKey(element=self.element, round=self.round, iteration=self.iteration)


@dataclass(frozen=True, kw_only=True)
class HeldTask:
    """An open task: who has it, and how its clock runs. Times are aware UTC, minutes working minutes."""

    key: TaskKey
    id: str  # hexadecimal
    role: str
    version: int  # number of the version it was opened by, or moved to
    opened_at: datetime
    clock_started_at: datetime | None
    due_at: datetime | None
    assignee: UUID | None = None
    claimed_at: datetime | None = None
    delegated_by: UUID | None = None
    prepared_by: UUID | None = None
    paused_at: datetime | None = None
    paused_minutes: int = 0


@dataclass(frozen=True, kw_only=True)
class Pass:
    """A task that was closed: one pass through its step. Minutes are None where the record has none."""

    task: HeldTask
    seq: int  # of the event that closed it
    ended_at: datetime
    how: TaskState
    by: UUID | None
    worked: int | None = None
    waited: int | None = None
    taken_back: bool = False  # its completion was; another task holds its time


@dataclass(frozen=True, kw_only=True)
class Way:
    """Flows that were taken to an element (empty where the case went on or ended), and the task opened."""

    element: str
    flows: tuple[str, ...]
    round: int
    order: int
    task: str = ""


class Noted(StrEnum):
    """What makes an event worth finding again."""

    REFUSED = "refused"
    LATE = "late"  # a due time passed after it
    RETURNED = "returned"
    CORRECTED = "corrected"
    MOVED = "moved"
    STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something worth finding at an event. Of a passed due time: which task's, and when it was due."""

    seq: int
    what: Noted
    key: TaskKey | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A version of a document by its number in the case, as it stood."""

    no: int
    state: str  # DocumentState
    seq: int  # of the event that added it


@dataclass
class Moment:
    """Everything the record says of a case up to an event, ``seq``; made by ``engine.model.replaying``."""

    seq: int = 0
    at: datetime | None = None
    version: int = 0  # number
    status: InstanceStatus = InstanceStatus.RUNNING
    open: dict[TaskKey, HeldTask] = field(default_factory=dict)
    passes: list[Pass] = field(default_factory=list)
    handed_in: dict[tuple[str, int], list[int]] = field(default_factory=dict)  # by element and iteration
    papers: dict[int, Paper] = field(default_factory=dict)
    stops: dict[str, tuple[str, datetime]] = field(default_factory=dict)  # incident -> element, since when
    asked: dict[TaskKey, datetime] = field(default_factory=dict)  # of other systems, since when
    ways: dict[tuple[str, tuple[str, ...]], list[Way]] = field(default_factory=dict)
    ways_taken: int = 0
    versions: list[tuple[int, int]] = field(default_factory=list)  # from which event on, which number
    before_moves: list[dict[TaskKey, HeldTask]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    overdue: set[str] = field(default_factory=set)  # ids of open tasks whose due time has passed
    next_due: datetime | None = None  # no due time passes before; None: it is to be looked for

    def copy(self) -> Moment:
        """Give one that can be taken further without changing this one."""
        return Moment(
            seq=self.seq,
            at=self.at,
            version=self.version,
            status=self.status,
            open=dict(self.open),
            passes=list(self.passes),
            handed_in={key: list(seqs) for key, seqs in self.handed_in.items()},
            papers=dict(self.papers),
            stops=dict(self.stops),
            asked=dict(self.asked),
            ways={key: list(ways) for key, ways in self.ways.items()},
            ways_taken=self.ways_taken,
            versions=list(self.versions),
            before_moves=list(self.before_moves),
            notes=list(self.notes),
            overdue=set(self.overdue),
            next_due=self.next_due,
        )

    def ways_in_order(self) -> list[Way]:
        """Give each way where it was taken last, the oldest first."""
        return sorted((ways[-1] for ways in self.ways.values() if ways), key=lambda way: way.order)

    def version_at(self, seq: int) -> int:
        """Give the number of the version by which a case went on at an event."""
        return next((number for begun, number in reversed(self.versions) if begun <= seq), self.version)
