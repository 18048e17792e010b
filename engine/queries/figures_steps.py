"""What the steps of an SOP took that were completed in a period: one statement, counted in every way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, case, func, literal, or_, select

from engine.core import Engine
from engine.model.definition import Definition, StandardTime, Step
from engine.model.event import EventKind
from engine.model.figures import Heat, Sums, Tally, heat, standard_minutes
from engine.model.task import TaskState
from engine.queries.figures_asked import Scope, during, of_cases, of_steps
from engine.queries.figures_events import IS_DEVIATION
from engine.storage.tables import event, instance, person, task

_CHUNK = 500  # cases named in one statement


@dataclass(frozen=True, kw_only=True)
class StepFigures:
    """A step of the SOP, done or not. ``number`` is None where the version that is shown has no such step."""

    element: str
    number: int | None
    name: str
    role: str  # key
    standard_time: StandardTime | None
    standard: int | None  # in working minutes
    sums: Sums
    repeated: int  # rounds after the first
    heat: Heat


@dataclass(frozen=True, kw_only=True)
class PartFigures:
    """The steps of a role, a unit or a version."""

    key: str
    name: str
    sums: Sums


@dataclass(frozen=True, kw_only=True)
class Doer:
    """Who did steps of a role that nobody lent, and when the first and the last of them."""

    role: str
    person: UUID
    first: datetime
    last: datetime


@dataclass(frozen=True, kw_only=True)
class StepsTaken:
    """The same completed steps, counted by step, role, unit and version."""

    steps: tuple[StepFigures, ...]
    roles: tuple[PartFigures, ...]
    units: tuple[PartFigures, ...]  # as the people stand in them today
    versions: tuple[PartFigures, ...]  # key is the number
    all: Sums
    handed: int  # handed on, or prepared by another
    doers: tuple[Doer, ...]


def steps_taken(
    engine: Engine,
    connection: Connection,
    scope: Scope,
    definition: Definition,
    taken_back: Iterable[UUID],
) -> StepsTaken:
    """Read what was completed in the period; a completion that was taken back is none."""
    rows = connection.execute(_counted(scope, taken_back)).all()
    day = engine.calendar_of(scope.office).day_length
    of_unit = {None: scope.office.hex}
    return StepsTaken(
        steps=tuple(_steps(engine, definition, rows, day)),
        roles=_parts(rows, lambda row: row.role, scope.roles),
        units=_parts(rows, lambda row: of_unit.get(row.unit) or row.unit.hex, scope.units),
        versions=_parts(
            rows,
            lambda row: str(scope.number_of(row.version)),
            tuple((str(number), str(number)) for number, _id in scope.versions),
        ),
        all=_tally(rows).sums(),
        handed=sum(row.often for row in rows if row.lent or row.prepared),
        doers=tuple(_doers(rows)),
    )


def _doers(rows: Iterable[Row[Any]]) -> Iterator[Doer]:
    groups: dict[tuple[str, UUID], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        if row.completed_by is not None and not row.lent:
            groups[row.role, row.completed_by].append(row)
    for (role, person_id), theirs in groups.items():
        first, last = min(one.first for one in theirs), max(one.last for one in theirs)
        yield Doer(role=role, person=person_id, first=first, last=last)


def _counted(scope: Scope, taken_back: Iterable[UUID]) -> Any:  # noqa: ANN401 - a Select
    late = case((task.c.completed_at > task.c.due_at, 1), else_=0)
    timed = case((task.c.due_at.is_not(None), 1), else_=0)
    again = case((task.c.round > 1, 1), else_=0)
    columns: tuple[ColumnElement[Any], ...] = (
        task.c.version,
        task.c.element,
        task.c.role,
        person.c.unit,
        func.coalesce(task.c.worked_minutes, literal(0)).label("worked"),
        func.coalesce(task.c.waited_minutes, literal(0)).label("waited"),
        late.label("late"),
        timed.label("timed"),
        again.label("again"),
        task.c.completed_by,
        case((task.c.delegated_by.is_not(None), 1), else_=0).label("lent"),
        case((task.c.prepared_by.is_not(None), 1), else_=0).label("prepared"),
    )
    first, last = func.min(task.c.completed_at).label("first"), func.max(task.c.completed_at).label("last")
    return (
        select(*columns, func.count().label("often"), first, last)
        .select_from(instance)
        .join(task, task.c.instance == instance.c.id)
        .outerjoin(person, person.c.id == task.c.completed_by)
        .where(*of_cases(scope), *completed(scope, taken_back))
        .group_by(*columns)
    )


def completed(scope: Scope, taken_back: Iterable[UUID]) -> list[ColumnElement[bool]]:
    """Give conditions of tasks that were completed in the period and stayed so."""
    wanted = [
        task.c.state == TaskState.COMPLETED.value,
        during(scope, task.c.completed_at),
        *of_steps(scope),
    ]
    ids = list(taken_back)
    return [*wanted, task.c.id.not_in(ids)] if ids else wanted


def replaced(connection: Connection, scope: Scope) -> list[UUID]:
    """Find the completed tasks in whose place another one stands: their completion was taken back.

    Where something was taken back is asked first, of the index of deviations: few cases of all.
    """
    streams = connection.scalars(
        select(event.c.stream)
        .distinct()
        .where(IS_DEVIATION, event.c.kind == EventKind.COMPLETION_WITHDRAWN.value)
    ).all()
    return [
        one
        for start in range(0, len(streams), _CHUNK)
        for one in _replaced(connection, scope, streams[start : start + _CHUNK])
    ]


def _replaced(connection: Connection, scope: Scope, streams: Sequence[UUID]) -> Iterator[UUID]:
    rows = connection.execute(
        select(task.c.id, task.c.instance, task.c.element, task.c.round, task.c.iteration, task.c.state)
        .join(instance, instance.c.id == task.c.instance)
        .where(
            instance.c.id.in_(streams),
            *of_cases(scope),
            or_(task.c.state == TaskState.COMPLETED.value, task.c.state == TaskState.OPEN.value),
        )
        .order_by(task.c.id)
    ).all()
    last = {(row.instance, row.element, row.round, row.iteration): row.id for row in rows}
    for row in rows:
        if last[row.instance, row.element, row.round, row.iteration] != row.id:
            yield row.id


def _tally(rows: Iterable[Row[Any]]) -> Tally:
    found = Tally()
    for row in rows:
        found.add(
            worked=row.worked,
            waited=row.waited,
            count=row.often,
            timed=bool(row.timed),
            late=bool(row.late),
        )
    return found


def _grouped(rows: Iterable[Row[Any]], key: Callable[[Row[Any]], str]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _parts(
    rows: Iterable[Row[Any]], key: Callable[[Row[Any]], str], names: tuple[tuple[str, str], ...]
) -> tuple[PartFigures, ...]:
    """Count by role, unit or version, in the order of their names; those without steps are left out."""
    groups = _grouped(rows, key)
    known = dict(names)
    order = [*(one for one in known if one in groups), *(one for one in groups if one not in known)]
    return tuple(
        PartFigures(key=one, name=known.get(one, one), sums=_tally(groups[one]).sums()) for one in order
    )


def _steps(
    engine: Engine, definition: Definition, rows: Iterable[Row[Any]], day: int
) -> Iterator[StepFigures]:
    """Give the steps of a version in its order, then those that only other versions have."""
    groups = _grouped(rows, lambda row: row.element)
    for step in definition.steps:
        yield _step(step, step.number, groups.pop(step.element, []), day)
    for element, others in sorted(groups.items()):
        versions = (engine.versions.get(row.version).definition for row in others)
        known = next((one for found in versions for one in found.steps if one.element == element), None)
        if known is not None:
            yield _step(known, None, others, day)


def _step(step: Step, number: int | None, rows: list[Row[Any]], day: int) -> StepFigures:
    sums = _tally(rows).sums()
    standard = standard_minutes(step.standard_time, day)
    return StepFigures(
        element=step.element,
        number=number,
        name=step.name,
        role=step.role,
        standard_time=step.standard_time,
        standard=standard,
        sums=sums,
        repeated=sum(row.often for row in rows if row.again),
        heat=heat(sums.worked.median, standard),
    )
