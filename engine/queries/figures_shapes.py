"""The columns that all deviations are listed by, of tasks and of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    Text,
    cast,
    exists,
    func,
    null,
    select,
)

from engine.core import Engine
from engine.model.event import EventKind
from engine.queries.figures_asked import Scope, during, of_cases, of_unit, of_version, version_then
from engine.queries.figures_completed import replaced
from engine.queries.figures_events import IS_DEVIATION
from engine.queries.unread import STANDING
from engine.storage.tables import event, instance, moved, person, task

# What a class has none of, in the type of its column.
NOBODY: ColumnElement[Any] = cast(null(), task.c.assignee.type)
NO_TIME: ColumnElement[Any] = cast(null(), task.c.due_at.type)
NO_TEXT: ColumnElement[Any] = cast(null(), Text)
NO_NUMBER: ColumnElement[Any] = cast(null(), Integer)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What is read, from which snapshot, at which instant."""

    connection: Connection
    scope: Scope
    now: datetime
    zone: ZoneInfo
    replaced: Sequence[UUID]  # tasks whose completion was taken back


def reading_of(engine: Engine, connection: Connection, scope: Scope) -> Reading:
    """Begin to read the deviations of an SOP and period."""
    return Reading(
        connection=connection,
        scope=scope,
        now=engine.clock.now(),
        zone=ZoneInfo(engine.calendar_of(scope.office).zone),
        replaced=replaced(connection, scope),
    )


def of_tasks(
    scope: Scope,
    conditions: Sequence[ColumnElement[bool]],
    *,
    doer: ColumnElement[Any] = task.c.completed_by,
    other: ColumnElement[Any] = NOBODY,
    at: ColumnElement[Any] = task.c.completed_at,
    joined: tuple[Table, ColumnElement[bool]] | None = None,
) -> Select[Any]:
    """Find tasks of cases that ran in the period; ``person`` is who completed them."""
    statement = (
        select(
            instance.c.id.label("case"),
            instance.c.number,
            instance.c.title,
            version_then(scope, task.c.completed_at).label("version"),
            task.c.element,
            task.c.round,
            doer.label("person"),
            other.label("other"),
            at.label("at"),
            task.c.due_at,
            task.c.attempt,
            NO_NUMBER.label("seq"),
            NO_TEXT.label("payload"),
        )
        .select_from(instance)
        .join(task, task.c.instance == instance.c.id)
        .outerjoin(person, person.c.id == task.c.completed_by)
        .where(*of_cases(scope), *conditions)
    )
    return statement if joined is None else statement.outerjoin(*joined)


def of_events(reading: Reading, kinds: Sequence[EventKind], *more: ColumnElement[bool]) -> Select[Any]:
    """Find events of cases. Version, unit of who acted and role of the step they are about narrow them."""
    scope, version = reading.scope, _version_at_event(reading.scope)
    narrowed = [of_unit(scope, person.c.unit)] if scope.asked.unit else []
    if scope.asked.role:
        of_step = (task.c.instance == event.c.stream, task.c.element == event.c.element)
        narrowed.append(exists().where(*of_step, task.c.role == scope.asked.role))
    return (
        select(
            instance.c.id.label("case"),
            instance.c.number,
            instance.c.title,
            version.label("version"),
            event.c.element,
            event.c.round,
            event.c.actor.label("person"),
            NOBODY.label("other"),
            event.c.at,
            NO_TIME.label("due_at"),
            event.c.attempt,
            event.c.seq,
            STANDING,
        )
        .select_from(event)
        .join(instance, instance.c.id == event.c.stream)
        .outerjoin(person, person.c.id == event.c.actor)
        .where(
            *of_cases(scope),
            *of_version(scope, version),
            IS_DEVIATION,
            event.c.kind.in_([kind.value for kind in kinds]),
            during(scope, event.c.at),
            *narrowed,
            *more,
        )
    )


def _version_at_event(scope: Scope) -> ColumnElement[Any]:
    """Give the version by which an event's case went on then; a move belongs to the one it led to."""
    if not scope.moves:
        return instance.c.version
    left = (
        select(moved.c.from_version)
        .where(moved.c.instance == event.c.stream, moved.c.seq > event.c.seq)
        .order_by(moved.c.seq)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(left, instance.c.version)
