"""Which figures somebody asked for: an SOP, a period, and what they are narrowed to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from engine.core import Engine
from engine.errors import NotFound
from engine.model.actor import Actor
from engine.model.permission import Permission
from engine.model.unseen import NO_PAGE
from engine.queries.case_access import visible
from engine.queries.library_versions import NO_SOP, has_version
from engine.storage import office
from engine.storage.tables import instance, moved, person, process, process_version, task

_DAY = timedelta(days=1)
_FIRST, _LAST = date.min + timedelta(days=366), date.max - timedelta(days=366)  # midnights exist in UTC


@dataclass(frozen=True, kw_only=True)
class FiguresAsked:
    """What somebody wants to see. ``sop`` is a key, days are the office's and both belong to the period.

    ``role`` and ``unit`` (hex) narrow to steps, ``version`` (a number) to what was done by it.
    """

    sop: str
    since: date
    until: date
    role: str = ""
    unit: str = ""
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is read: the SOP's rows between two instants (the second one not), as far as they are wanted."""

    asked: FiguresAsked
    office: UUID
    process: UUID
    name: str
    begins: datetime
    ends: datetime
    versions: tuple[tuple[int, UUID], ...]  # number and id, the newest first
    roles: tuple[tuple[str, str], ...]  # key and label
    units: tuple[tuple[str, str], ...]  # id (hex) and name; the office itself stands for no unit
    moves: bool = False  # some case of it was moved between versions
    # Of cases: for auditors what their letters cover; a trial's are counted where its revision is asked for.
    seen: tuple[ColumnElement[bool], ...] = ()

    @property
    def version(self) -> UUID | None:
        """Give the version that was asked for."""
        return dict(self.versions).get(self.asked.version or 0)

    def number_of(self, version: UUID) -> int:
        """Give the number of a version of the SOP."""
        return next((number for number, one in self.versions if one == version), 0)


def must_see_figures(actor: Actor) -> None:
    """Let only those in who may read the record."""
    if not actor.may(Permission.READ_RECORD):
        raise NotFound(NO_PAGE)


def sops_of(connection: Connection, office_id: UUID) -> tuple[tuple[str, str], ...]:
    """List the SOPs of an office: key and name."""
    rows = connection.execute(
        select(process.c.key, process.c.name)
        .where(process.c.office == office_id, has_version(process.c.id))
        .order_by(process.c.name)
    )
    return tuple((row.key, row.name) for row in rows)


def scope_of(engine: Engine, connection: Connection, actor: Actor, asked: FiguresAsked) -> Scope:
    """Find what was asked for; NotFound where the office has no such SOP."""
    rows = connection.execute(
        select(process.c.id, process.c.name, process_version.c.id.label("version"), process_version.c.number)
        .join(process_version, process_version.c.process == process.c.id)
        .where(process.c.office == actor.office, process.c.key == asked.sop)
        .order_by(process_version.c.number.desc())
    ).all()
    if not rows:
        raise NotFound(NO_SOP)
    zone = ZoneInfo(engine.calendar_of(actor.office).zone)
    return Scope(
        asked=asked,
        office=actor.office,
        process=rows[0].id,
        name=rows[0].name,
        begins=_midnight(max(asked.since, _FIRST), zone),
        ends=_midnight(min(max(asked.until, _FIRST), _LAST) + _DAY, zone),
        versions=tuple((row.number, row.version) for row in rows),
        roles=tuple(office.role_labels(connection, actor.office).items()),
        units=(
            *((one.hex, name) for one, name in office.units(connection, actor.office)),
            (actor.office.hex, office.name_of(connection, actor.office)),
        ),
        moves=_has_moves(connection, [row.version for row in rows]),
        seen=tuple(_counted(actor, asked)),
    )


def _counted(actor: Actor, asked: FiguresAsked) -> Iterator[ColumnElement[bool]]:
    if actor.needs_assignment:
        yield visible(actor)
    if asked.version is None:
        yield instance.c.trial.is_(False)


def _has_moves(connection: Connection, versions: list[UUID]) -> bool:
    found = select(moved.c.instance).where(moved.c.seq.is_not(None), moved.c.from_version.in_(versions))
    return len(versions) > 1 and connection.execute(found.limit(1)).first() is not None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def of_cases(scope: Scope) -> list[ColumnElement[bool]]:
    """Give conditions of cases of the SOP that ran at any time of the period."""
    return [
        *scope.seen,
        instance.c.process == scope.process,
        instance.c.started_at < scope.ends,
        or_(instance.c.ended_at.is_(None), instance.c.ended_at >= scope.begins),
    ]


def of_version(scope: Scope, column: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """Give the condition that narrows to a version, where one was asked for."""
    return [] if scope.version is None else [column == scope.version]


def version_then(scope: Scope, at: ColumnElement[Any]) -> ColumnElement[Any]:
    """Give the version by which a task's case went on at an instant.

    A move takes the tasks that are over along to the new version; the earliest move after the instant tells
    by which one they were done.
    """
    if not scope.moves:
        return task.c.version
    left = (
        select(moved.c.from_version)
        .where(moved.c.instance == task.c.instance, moved.c.seq.is_not(None), moved.c.at > at)
        .order_by(moved.c.at, moved.c.seq)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(left, task.c.version)


def of_steps(scope: Scope) -> list[ColumnElement[bool]]:
    """Give conditions of tasks that narrow to a role, a version, and the unit of who completed them.

    A statement that uses them joins ``person`` by who completed the task.
    """
    wanted = of_version(scope, version_then(scope, task.c.completed_at))
    if scope.asked.role:
        wanted.append(task.c.role == scope.asked.role)
    if scope.asked.unit:
        wanted.append(of_unit(scope, person.c.unit))
    return wanted


def of_unit(scope: Scope, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Tell of a person's unit whether it is the one asked for."""
    if scope.asked.unit == scope.office.hex:
        return column.is_(None)
    return column == UUID(hex=scope.asked.unit)


def during(scope: Scope, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Tell of an instant whether it lies in the period."""
    return and_(column >= scope.begins, column < scope.ends)
