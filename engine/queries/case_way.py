"""The way a case has taken through its diagram, from the record alone: it outlives the state.

What happened on the way to a task stands in that task's event as its ``trail``. Of trails with the
same flows only the last is followed: a loop of a thousand rounds has hardly more of them than two.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import Connection, func, select

from engine.model.definition import Definition, Diagram, Edge
from engine.model.event import EventKind
from engine.model.task import TaskState
from engine.storage.tables import event, task

DONE, OPEN, RETURNED = "done", "open", "returned"
# Ids of flows in a trail as it is stored; what else it holds differs from round to round.
_BY_ITSELF = ("serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask")
_FLOW = re.compile(r'\[\s*"flow",\s*"([^"]+)"')
_TELLING = (
    EventKind.TASK_OPENED,
    EventKind.TASK_CANCELLED,
    EventKind.CASE_ADVANCED,
    EventKind.CASE_FINISHED,
)


@dataclass(frozen=True, kw_only=True)
class Way:
    """States (done, open, returned) by element and by flow; what is not named was not reached."""

    elements: Mapping[str, str]
    flows: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class StepSums:
    """All tasks of one element in one state."""

    element: str
    state: TaskState
    count: int
    worked: int  # working minutes
    waited: int


@dataclass(frozen=True, kw_only=True)
class Trail:
    """The flows taken on the way to where something was opened, closed or ended."""

    element: str  # that was opened or closed at its end; empty where the case went on or ended
    flows: tuple[str, ...]
    round: int


def step_sums(connection: Connection, case: UUID) -> list[StepSums]:
    """Sum up the tasks of a case, a row per element and state.

    A completion that was taken back is left out: the task in its place began when it did.
    """
    rows = connection.execute(
        select(
            task.c.element,
            task.c.state,
            func.count(),
            func.coalesce(func.sum(task.c.worked_minutes), 0),
            func.coalesce(func.sum(task.c.waited_minutes), 0),
        )
        .where(task.c.instance == case)
        .group_by(task.c.element, task.c.state)
    )
    sums = [
        StepSums(
            element=row[0], state=TaskState(row[1]), count=row[2], worked=int(row[3]), waited=int(row[4])
        )
        for row in rows
    ]
    taken_back = _taken_back(connection, case)
    return [_less(one, taken_back) for one in sums] if taken_back else sums


def _less(one: StepSums, taken_back: list[StepSums]) -> StepSums:
    """Take the completions away that were taken back."""
    if one.state is not TaskState.COMPLETED:
        return one
    ours = [other for other in taken_back if other.element == one.element]
    return replace(
        one,
        count=one.count - len(ours),
        worked=one.worked - sum(other.worked for other in ours),
        waited=one.waited - sum(other.waited for other in ours),
    )


def _taken_back(connection: Connection, case: UUID) -> list[StepSums]:
    """Read the completed tasks in whose place another one stands."""
    elements = connection.scalars(
        select(event.c.element)
        .where(event.c.stream == case, event.c.kind == EventKind.COMPLETION_WITHDRAWN.value)
        .distinct()
    ).all()
    if not elements:
        return []
    rows = connection.execute(
        select(
            task.c.element,
            task.c.round,
            task.c.iteration,
            task.c.state,
            task.c.worked_minutes,
            task.c.waited_minutes,
        )
        .where(task.c.instance == case, task.c.element.in_(elements))
        .order_by(task.c.id)
    ).all()
    last = {(row.element, row.round, row.iteration): row for row in rows}
    return [
        StepSums(
            element=row.element,
            state=TaskState.COMPLETED,
            count=1,
            worked=row.worked_minutes or 0,
            waited=row.waited_minutes or 0,
        )
        for row in rows
        if row.state == TaskState.COMPLETED and last[row.element, row.round, row.iteration] is not row
    ]


def way_of(connection: Connection, case: UUID, definition: Definition, sums: Iterable[StepSums]) -> Way:
    """Find which flows were taken last in which way, and how every element stands."""
    walked = Walked(definition)
    for trail in _trails(connection, case):
        walked.take(trail)
    return walked.way(list(sums))


def _trails(connection: Connection, case: UUID) -> Iterable[Trail]:
    """Read the way of each trail where it was taken last, in that order."""
    withdrawn = {one.hex for one in _withdrawn(connection, case)}
    rows = connection.execute(
        select(event.c.element, event.c.round, event.c.payload)
        .where(event.c.stream == case, event.c.kind.in_([kind.value for kind in _TELLING]))
        .order_by(event.c.seq.desc())
    )
    last: dict[tuple[str | None, tuple[str, ...]], Trail] = {}
    for row in rows:
        payload = row.payload or ""
        # Quotes inside of what people wrote have a backslash before them: this is the frame's own word.
        trail = payload.partition('"trail":')[2]
        if not trail or (withdrawn and json.loads(payload).get("task") in withdrawn):
            continue
        flows = tuple(_FLOW.findall(trail))
        if (row.element, flows) not in last:
            last[row.element, flows] = Trail(element=row.element or "", flows=flows, round=row.round or 1)
    return reversed(last.values())


def _withdrawn(connection: Connection, case: UUID) -> Sequence[UUID]:
    return connection.scalars(
        select(task.c.id).where(task.c.instance == case, task.c.state == TaskState.WITHDRAWN)
    ).all()


@dataclass
class Walked:
    """Flows and their ends while the trails are read, the oldest first: the last one counts."""

    definition: Definition
    flows: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)  # element -> how it was left last
    entered: dict[str, int] = field(default_factory=dict)  # element -> place in the order of the ways
    count: int = 0

    def __post_init__(self) -> None:
        """Look at what is drawn."""
        self.edges = {edge.element: edge for edge in self.definition.diagram.edges}
        self.numbers = {step.element: step.number for step in self.definition.steps}

    def take(self, trail: Trail) -> None:
        """Follow one trail."""
        edges = [self.edges[flow] for flow in trail.flows if flow in self.edges]
        kind = RETURNED if self._goes_back(edges, trail) else DONE
        for edge in edges:
            self.count += 1
            self.flows[edge.element] = kind
            self.left[edge.source] = kind
            self.entered[edge.target] = self.count

    def _goes_back(self, edges: list[Edge], trail: Trail) -> bool:
        """Tell a way back: from a step to itself or an earlier one that was done before."""
        source = self.numbers.get(edges[0].source) if edges else None
        target = self.numbers.get(trail.element)
        return source is not None and target is not None and trail.round > 1 and target <= source

    def way(self, sums: list[StepSums]) -> Way:
        """Say how every element stands."""
        states = _others(self.definition.diagram, self.left, self.entered)
        for one in sums:
            if one.state is TaskState.RETURNED:
                states[one.element] = RETURNED
        for one in sums:
            if one.state is TaskState.COMPLETED and one.count:
                states[one.element] = self.left.get(one.element, DONE)
        for one in sums:
            if one.state is TaskState.OPEN:
                states[one.element] = OPEN
        return Way(elements=states, flows=self.flows)


def _others(diagram: Diagram, left: Mapping[str, str], entered: Mapping[str, int]) -> dict[str, str]:
    """Tell how what is no task for people stands: left again, ended, or waiting for what it waits for."""
    states = {}
    for shape in diagram.shapes:
        if shape.type.endswith(("Event", "Gateway", *_BY_ITSELF)) and shape.element in left:
            states[shape.element] = left[shape.element]
        elif shape.type == "endEvent" and shape.element in entered:
            states[shape.element] = DONE
        elif shape.type.endswith("Event") and shape.element in entered:
            states[shape.element] = OPEN
    return states
