"""What the steps of an SOP took that were completed in a period: one statement, counted in every way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, case, func, literal, select

from engine.core import Engine
from engine.model.definition import Definition, StandardTime, Step
from engine.model.figures import Heat, Sums, Tally, heat, standard_minutes
from engine.queries.figures_asked import Scope, of_cases, version_then
from engine.queries.figures_completed import completed
from engine.queries.late_rows import is_late
from engine.storage.tables import instance, person, task


@dataclass(frozen=True, kw_only=True)
class StepFigures:
    """A step of the SOP, done or not. ``number`` is None where the version that is shown has no such step."""

    element: str
    number: int | None
    name: str
    role: str  # key
    standard_time: StandardTime | None
    standard: int | None  # in working minutes; None too where nothing that was done had a due time
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
    late: Counter[str]  # by element
    handed: Counter[str]  # by element: handed on, or prepared by another
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
        late=_by_element(row for row in rows if row.late),
        handed=_by_element(row for row in rows if row.lent or row.prepared),
        doers=tuple(_doers(rows)),
    )


def _by_element(rows: Iterable[Row[Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in rows:
        found[row.element] += row.often
    return found


def _doers(rows: Iterable[Row[Any]]) -> Iterator[Doer]:
    groups: dict[tuple[str, UUID], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        if row.completed_by is not None and not row.lent:
            groups[row.role, row.completed_by].append(row)
    for (role, person_id), theirs in groups.items():
        first, last = min(one.first for one in theirs), max(one.last for one in theirs)
        yield Doer(role=role, person=person_id, first=first, last=last)


def _counted(scope: Scope, taken_back: Iterable[UUID]) -> Any:  # noqa: ANN401 - a Select
    """Count steps that are alike. SQLite sorts them all: what differs most, and is short, comes first."""
    columns: tuple[ColumnElement[Any], ...] = (
        func.coalesce(task.c.worked_minutes, literal(0)).label("worked"),
        func.coalesce(task.c.waited_minutes, literal(0)).label("waited"),
        _marks().label("marks"),
        task.c.completed_by,
        task.c.element,
        task.c.role,
        version_then(scope, task.c.completed_at).label("version"),
    )
    first, last = func.min(task.c.completed_at).label("first"), func.max(task.c.completed_at).label("last")
    counted = (
        select(*columns, func.count().label("often"), first, last)
        .select_from(instance)
        .join(task, task.c.instance == instance.c.id)
        .outerjoin(person, person.c.id == task.c.completed_by)
        .where(*of_cases(scope), *completed(scope, taken_back))
        .group_by(*columns)
        .subquery()
    )
    marked = [(counted.c.marks.op("&")(bit) != 0).label(name) for name, bit in _MARKS.items()]
    return select(counted, *marked, person.c.unit).outerjoin(person, person.c.id == counted.c.completed_by)


_MARKS = {"late": 1, "timed": 2, "again": 4, "lent": 8, "prepared": 16}


def _marks() -> ColumnElement[Any]:
    """Put what is told of a step by yes or no into one number."""
    told = {
        "late": is_late(task.c.due_at, task.c.completed_at),
        "timed": task.c.due_at.is_not(None),
        "again": task.c.round > 1,
        "lent": task.c.delegated_by.is_not(None),
        "prepared": task.c.prepared_by.is_not(None),
    }
    marks: ColumnElement[Any] = literal(0)
    for name, bit in _MARKS.items():
        marks += case((told[name], bit), else_=0)
    return marks


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
    # Done by revisions that set no time, it is not held against the time that this one sets.
    standard = standard_minutes(step.standard_time, day) if sums.timed or not sums.count else None
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
