"""Timers as rows: what wakes a case, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from engine.model.instance import InstanceStatus, Saved
from engine.model.timer import TimerKey
from engine.storage.tables import instance, timer


@dataclass(frozen=True, kw_only=True)
class TimerRow:
    """A timer that waits to fire."""

    id: UUID
    office: UUID
    instance: UUID
    element: str
    round: int
    iteration: int
    due_at: datetime
    tries: int  # that failed
    next_try_at: datetime

    @property
    def key(self) -> TimerKey:
        """Give its identity within the case."""
        return TimerKey(element=self.element, round=self.round, iteration=self.iteration)


@dataclass(frozen=True, kw_only=True)
class TimedCase:
    """The case of a timer, as firing it needs it."""

    id: UUID
    office: UUID
    version: UUID
    status: InstanceStatus
    guard: int
    state: str | None

    @property
    def saved(self) -> Saved:
        """Give what a step begins with."""
        return Saved(id=self.id, version=self.version, guard=self.guard, state=self.state or "")


_CLEAR = delete(timer).where(
    timer.c.instance == bindparam("case"),
    timer.c.element == bindparam("of_element"),
    timer.c.round == bindparam("of_round"),
    timer.c.iteration == bindparam("of_iteration"),
)


def add(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write timers."""
    full = [{**row, "next_try_at": row["due_at"]} for row in rows]
    if full:
        connection.execute(insert(timer), full)


def of_instance(connection: Connection, instance_id: UUID) -> list[TimerRow]:
    """Read the waiting timers of a case."""
    return _rows(connection.execute(select(timer).where(timer.c.instance == instance_id)))


def next_try(connection: Connection) -> datetime | None:
    """Tell when the next timer is to be tried; None where none waits."""
    first: datetime | None = connection.scalar(select(func.min(timer.c.next_try_at)))
    return first


def claim(connection: Connection, now: datetime, until: datetime, limit: int) -> list[TimerRow]:
    """Take timers that are to be tried now, the longest waiting first: until then nobody else takes them.

    Nothing is locked after the commit. A worker that dies lets its claim run out; one that is slower
    than its claim finds the row gone. On PostgreSQL workers step over what another one is taking, on
    SQLite the writer is alone.
    """
    due = (
        select(timer.c.id)
        .where(timer.c.next_try_at <= now)
        .order_by(timer.c.next_try_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = update(timer).where(timer.c.id.in_(select(due.c.id))).values(next_try_at=until)
    return sorted(_rows(connection.execute(taken.returning(timer))), key=lambda row: row.due_at)


def cases_of(connection: Connection, timers: Collection[TimerRow]) -> dict[UUID, TimedCase]:
    """Read, by timer, the cases of those that still wait."""
    rows = connection.execute(
        select(
            timer.c.id.label("timer"),
            instance.c.id,
            instance.c.office,
            instance.c.version,
            instance.c.status,
            instance.c.guard,
            instance.c.state,
        )
        .join(instance, instance.c.id == timer.c.instance)
        .where(timer.c.id.in_([one.id for one in timers]))
    )
    return {
        row.timer: TimedCase(
            id=row.id,
            office=row.office,
            version=row.version,
            status=InstanceStatus(row.status),
            guard=row.guard,
            state=row.state,
        )
        for row in rows
    }


def put_off(connection: Connection, timer_id: UUID, tries: int, until: datetime) -> None:
    """Note that a timer failed, how often, and when it is tried again."""
    connection.execute(update(timer).where(timer.c.id == timer_id).values(tries=tries, next_try_at=until))


def try_again(connection: Connection, now: datetime, after: datetime) -> None:
    """Let timers that are due be tried now, where a clock that has been set back put them off until then."""
    connection.execute(
        update(timer).where(timer.c.next_try_at > after, timer.c.due_at <= now).values(next_try_at=now)
    )


def drop(connection: Connection, ids: Collection[UUID]) -> set[UUID]:
    """Take timers away; gives those that were still there."""
    return set(connection.scalars(delete(timer).where(timer.c.id.in_(ids)).returning(timer.c.id)))


def clear(connection: Connection, keys: Iterable[tuple[UUID, TimerKey]]) -> None:
    """Take timers of cases away that need not fire any more."""
    rows = [
        {"case": case, "of_element": key.element, "of_round": key.round, "of_iteration": key.iteration}
        for case, key in keys
    ]
    if rows:
        connection.execute(_CLEAR, rows)


def drop_all(connection: Connection, instance_id: UUID) -> None:
    """Take every timer of a case away."""
    connection.execute(delete(timer).where(timer.c.instance == instance_id))


def _rows(found: Iterable[Any]) -> list[TimerRow]:
    return [TimerRow(**row._mapping) for row in found]  # noqa: SLF001 - SQLAlchemy's public name for it
