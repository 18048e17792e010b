"""What should be there and is not: numbers, years and units without a case, gaps in what is counted.

Whether something is missing is asked of all cases of the office, whatever part of them the reader may open: a
gap is not a case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.calendar import WorkCalendar
from engine.model.numbering import case_number, counts
from engine.model.permission import Permission
from engine.model.unseen import NO_PAGE
from engine.queries.completeness_gaps import Gap, gaps_of
from engine.storage.tables import (
    instance,
    office,
    participant,
    person,
    process,
    process_version,
    register,
)

FIRST_YEAR = 2000  # earlier ones no register has
MOST = 200  # of what is missing in one place is listed; the rest is counted


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The register of an SOP for a year: how many numbers were given, and which have no case."""

    sop: str
    given: int
    cases: int
    missing: tuple[str, ...]  # the first of them
    missing_count: int
    is_counted: bool  # False: its numbers have no running part that could be missing


@dataclass(frozen=True, kw_only=True)
class SopYears:
    """An SOP, since when it is in force (or tried), and the years since then that no case of it is about."""

    sop: str
    since: int
    without: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class UnitCases:
    """How many cases were started in the year by who was of a unit then; the office has its own name."""

    unit: str
    people: int  # who can sign in today
    cases: int


@dataclass(frozen=True, kw_only=True)
class Completeness:
    """What a year has, and what it lacks; ``years`` can be asked for."""

    year: int
    years: tuple[int, ...]
    numbers: tuple[Numbers, ...]
    sops: tuple[SopYears, ...]
    units: tuple[UnitCases, ...]
    gaps: tuple[Gap, ...]
    gap_count: int
    looked_at: int  # cases whose sequences were counted

    @property
    def is_whole(self) -> bool:
        """Tell whether no number and nothing in between is missing."""
        return not self.gap_count and not any(one.missing_count for one in self.numbers)


def completeness(engine: Engine, actor: Actor, year: int | None = None) -> Completeness:
    """Look for what is missing in a year; without one, in this year."""
    if not actor.may(Permission.READ_RECORD):
        raise NotFound(NO_PAGE)
    calendar = engine.calendar_of(actor.office)
    this_year = calendar.local(engine.clock.now()).year
    chosen = year if year is not None and FIRST_YEAR <= year <= this_year else this_year
    started = _started_in(calendar, chosen)
    with engine.store.reading() as connection:
        years = {this_year, *_years(connection, actor, calendar)}
        gaps = list(gaps_of(connection, actor.office, started))
        return Completeness(
            year=chosen,
            years=tuple(sorted(years, reverse=True)),
            numbers=tuple(_numbers(engine, connection, actor.office, chosen, started)),
            sops=tuple(_sops(connection, actor.office, this_year)),
            units=tuple(_units(connection, actor.office, started)),
            gaps=tuple(gaps[:MOST]),
            gap_count=len(gaps),
            looked_at=_count(connection, actor.office, started),
        )


def _started_in(calendar: WorkCalendar, year: int) -> ColumnElement[bool]:
    """Tell cases that were started in a year, as it was in the office."""
    zone = ZoneInfo(calendar.zone)
    begin, end = (datetime.combine(date(one, 1, 1), time(), tzinfo=zone) for one in (year, year + 1))
    return and_(instance.c.started_at >= begin, instance.c.started_at < end)


def _years(connection: Connection, actor: Actor, calendar: WorkCalendar) -> Iterator[int]:
    yield from connection.scalars(select(register.c.year).where(register.c.office == actor.office).distinct())
    first = connection.scalar(
        select(func.min(instance.c.started_at)).where(instance.c.office == actor.office)
    )
    if first is not None:
        yield calendar.local(first).year


def _count(connection: Connection, office_id: UUID, started: ColumnElement[bool]) -> int:
    found = connection.scalar(
        select(func.count()).select_from(instance).where(instance.c.office == office_id, started)
    )
    return int(found or 0)


def _numbers(
    engine: Engine, connection: Connection, office_id: UUID, year: int, started: ColumnElement[bool]
) -> Iterator[Numbers]:
    """Write every number that the register gave as the SOP's versions write them, and look for its case."""
    registers = connection.execute(
        select(process.c.id, process.c.key, process.c.name, register.c.last)
        .join(register, register.c.process == process.c.id)
        .where(register.c.office == office_id, register.c.year == year)
        .order_by(process.c.name)
    ).all()
    versions: dict[UUID, list[UUID]] = defaultdict(list)
    for row in connection.execute(select(process_version.c.process, process_version.c.id)):
        versions[row.process].append(row.id)
    # Of any year: a number that another SOP or year has was stepped over by the register.
    taken = set(connection.scalars(select(instance.c.number).where(instance.c.office == office_id)))
    of_year = _by_id(
        connection,
        select(instance.c.process, func.count())
        .where(instance.c.office == office_id, started)
        .group_by(instance.c.process),
    )
    for one in registers:
        headers = [engine.versions.get(version).definition.document for version in versions[one.id]]
        templates = {header.case_number for header in headers}
        counted = sorted(template for template in templates if not template or counts(template))
        missing = [
            ways[0]
            for number in range(1, one.last + 1 if counted else 1)
            if taken.isdisjoint(ways := _written(counted, one.key, number, year))
        ]
        yield Numbers(
            sop=one.name,
            given=one.last,
            cases=of_year.get(one.id, 0),
            missing=tuple(missing[:MOST]),
            missing_count=len(missing),
            is_counted=bool(counted),
        )


def _written(templates: Sequence[str], key: str, number: int, year: int) -> list[str]:
    return [case_number(template, key, number=number, year=year) for template in templates]


def _sops(connection: Connection, office_id: UUID, this_year: int) -> Iterator[SopYears]:
    rows = connection.execute(
        select(
            process.c.id,
            process.c.name,
            func.min(process_version.c.effective_from).label("effective_from"),
            func.min(process_version.c.deployed_at).label("deployed_at"),
        )
        .join(process_version, process_version.c.process == process.c.id)
        .where(process.c.office == office_id)
        .group_by(process.c.id, process.c.name)
        .order_by(process.c.name)
    ).all()
    about = {
        (row.process, row.year)
        for row in connection.execute(
            select(instance.c.process, instance.c.year).where(instance.c.office == office_id).distinct()
        )
    }
    for one in rows:
        since = (one.effective_from or one.deployed_at).year
        without = tuple(year for year in range(since, this_year + 1) if (one.id, year) not in about)
        yield SopYears(sop=one.name, since=since, without=without)


def _units(connection: Connection, office_id: UUID, started: ColumnElement[bool]) -> Iterator[UnitCases]:
    unit = func.coalesce(person.c.unit, person.c.office)
    people = _by_id(
        connection,
        select(unit, func.count()).where(person.c.office == office_id, person.c.active).group_by(unit),
    )
    then = func.coalesce(participant.c.unit, instance.c.office)
    own = and_(participant.c.person == instance.c.starter, participant.c.instance == instance.c.id)
    cases = _by_id(
        connection,
        select(then, func.count())
        .select_from(instance)
        .outerjoin(participant, own)
        .where(instance.c.office == office_id, started)
        .group_by(then),
    )
    rows = connection.execute(
        select(office.c.id, office.c.name)
        .where(or_(office.c.id == office_id, office.c.parent == office_id))
        .order_by(office.c.parent.is_not(None), office.c.position, office.c.name)
    )
    for row in rows:
        yield UnitCases(unit=row.name, people=people.get(row.id, 0), cases=cases.get(row.id, 0))


def _by_id(connection: Connection, counted: Select[Any, int]) -> dict[UUID, int]:
    return {row[0]: row[1] for row in connection.execute(counted)}
