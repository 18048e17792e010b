"""The ways that finished cases of an SOP really took: which steps in which order, and how many went so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select, type_coerce
from sqlalchemy.types import NullType

from engine.core import Engine
from engine.model.definition import Definition
from engine.model.figures import Spread, spread
from engine.model.instance import InstanceStatus
from engine.queries.figures_asked import Scope, during, of_version
from engine.storage.tables import instance, task

SHOWN = 10
_AT_ONCE = 10_000  # rows
# Making an identity of each row would take longer than reading it.
_AS_STORED = type_coerce(instance.c.id, NullType()).label("stored")

_Way = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A step on the way. ``number`` is None where the version that is shown has no such step."""

    number: int | None
    name: str
    again: bool  # it was done before


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One way; ``case`` is the last that went it."""

    stops: tuple[Stop, ...]
    count: int
    cycle: Spread  # working minutes from start to end
    case: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class Variants:
    """The most frequent ways; ``others`` went ``other_ways`` of their own."""

    shown: tuple[Variant, ...]
    cases: int
    others: int
    other_ways: int


def variants(
    engine: Engine, connection: Connection, scope: Scope, definition: Definition, taken_back: Iterable[UUID]
) -> Variants:
    """Follow the cases that finished in the period; steps stand in the order they were completed."""
    calendar = engine.calendar_of(scope.office)
    finished = connection.execute(
        select(
            _AS_STORED, instance.c.id, instance.c.number, instance.c.started_at, instance.c.ended_at
        ).where(*_finished(scope))
    )
    cases = {row[0]: row for row in finished}
    lengths: dict[_Way, Counter[int]] = defaultdict(Counter)
    last: dict[_Way, tuple[UUID, str]] = {}
    for case, way in _ways(connection, scope, taken_back):
        row = cases[case]
        lengths[way][calendar.minutes_between(row.started_at, row.ended_at)] += 1
        last[way] = (row.id, row.number)
    order = sorted(lengths, key=lambda way: (-lengths[way].total(), way))
    shown = [
        Variant(
            stops=tuple(_stops(way, definition)),
            count=lengths[way].total(),
            cycle=spread(lengths[way]),
            case=last[way][0],
            number=last[way][1],
        )
        for way in order[:SHOWN]
    ]
    count = sum(one.total() for one in lengths.values())
    return Variants(
        shown=tuple(shown),
        cases=count,
        others=count - sum(one.count for one in shown),
        other_ways=len(order) - len(shown),
    )


def _finished(scope: Scope) -> list[ColumnElement[bool]]:
    return [
        *scope.seen,
        instance.c.process == scope.process,
        instance.c.status == InstanceStatus.FINISHED.value,
        during(scope, instance.c.ended_at),
        *of_version(scope, instance.c.version),
    ]


def _ways(
    connection: Connection, scope: Scope, taken_back: Iterable[UUID]
) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Give each case as it is stored and its way: of many steps no more is read than this needs."""
    ids = list(taken_back)
    rows = connection.execute(
        select(_AS_STORED, task.c.element)
        .join(task, task.c.instance == instance.c.id)
        .where(
            *_finished(scope),
            task.c.completed_at.is_not(None),
            *([task.c.id.not_in(ids)] if ids else []),
        )
        .order_by(instance.c.id, task.c.completed_at, task.c.id)
    )
    steps = (row for part in rows.partitions(_AT_ONCE) for row in part)
    for case, theirs in groupby(steps, key=itemgetter(0)):
        yield case, tuple(element for _case, element in theirs)


def _stops(way: _Way, definition: Definition) -> list[Stop]:
    steps = {step.element: step for step in definition.steps}
    seen: set[str] = set()
    found = []
    for element in way:
        step = steps.get(element)
        found.append(
            Stop(
                number=step.number if step else None,
                name=step.name if step else definition.name_of(element) or element,
                again=element in seen,
            )
        )
        seen.add(element)
    return found
