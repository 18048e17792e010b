"""The office at a past moment: all work that was open then, who held it, and what was late.

What was open is told by the rows of cases and tasks; when a task was closed without being done, and who held
one, only the record knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, case, exists, func, or_, select

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.event import EventKind
from engine.model.task import TaskState
from engine.queries.figures_asked import must_see_figures, sops_of
from engine.queries.named import in_full
from engine.queries.office_day_holders import held_at
from engine.storage import office
from engine.storage.tables import event, instance, process, task

PAGE = 50
_CHUNK = 200  # cases whose record is read at once


@dataclass(frozen=True, kw_only=True)
class DayAsked:
    """A moment, and what of it: the cases of an SOP (key), or only what was late."""

    at: datetime
    sop: str = ""
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class OpenThen:
    """A step that was open. ``holder`` is named in full, empty in the role's pool; minutes are working ones.

    ``due_at`` is as it stood last: a pause after the moment has moved it too.
    """

    case: UUID
    number: str
    title: str
    sop: str
    step: str
    round: int
    role: str
    holder: str
    lent_by: str
    since: datetime
    due_at: datetime | None
    late_by: int | None  # None: not late then
    paused: bool
    seq: int | None  # of the last event about it at that moment


@dataclass(frozen=True, kw_only=True)
class DayPage:
    """A page of what was open then; ``page`` counts from 1."""

    sops: tuple[tuple[str, str], ...]
    rows: tuple[OpenThen, ...]
    total: int  # as it was asked for
    open: int
    late: int
    cases: int
    day_length: int
    page: int

    @property
    def pages(self) -> int:
        """Count the pages."""
        return max(1, -(-self.total // PAGE))


def office_day(engine: Engine, actor: Actor, asked: DayAsked, page: int = 1, most: int = PAGE) -> DayPage:
    """Read what was open in the actor's office at a moment, what was due first before the others."""
    must_see_figures(actor)
    with engine.store.reading() as connection:
        wanted = _open_then(actor.office, asked)
        counts = connection.execute(_counted(wanted, asked.at)).one()
        late = int(counts.late or 0)
        rows = connection.execute(_listed(wanted, asked).limit(most).offset((page - 1) * most)).all()
        return DayPage(
            sops=sops_of(connection, actor.office),
            rows=tuple(_read(engine, connection, actor.office, rows, asked.at)),
            total=late if asked.late else counts.open,
            open=counts.open,
            late=late,
            cases=counts.cases,
            day_length=engine.calendar_of(actor.office).day_length,
            page=page,
        )


def _open_then(office_id: UUID, asked: DayAsked) -> list[ColumnElement[bool]]:
    """Give conditions of tasks, joined with their cases, that were open at the moment.

    Cases are looked at first: of all that ever were, few are open at once.
    """
    at = asked.at
    wanted = [
        instance.c.office == office_id,
        instance.c.started_at <= at,
        or_(instance.c.ended_at.is_(None), instance.c.ended_at > at),
        task.c.opened_at <= at,
        or_(task.c.completed_at.is_(None), task.c.completed_at > at),
        or_(
            task.c.state.in_([TaskState.OPEN.value, TaskState.COMPLETED.value]),
            and_(task.c.state == TaskState.WITHDRAWN.value, ~_withdrawn_by(at)),
            and_(task.c.state.in_([TaskState.CANCELLED.value, TaskState.RETURNED.value]), _closed_after(at)),
        ),
        ~and_(_in_place_of_another(), _taken_back_after(at)),
    ]
    if asked.sop:
        ours = select(process.c.id).where(process.c.office == office_id, process.c.key == asked.sop)
        wanted.append(instance.c.process.in_(ours))
    return wanted


def _of_this_step() -> ColumnElement[bool]:
    return and_(
        event.c.stream == task.c.instance,
        event.c.element == task.c.element,
        event.c.round == task.c.round,
        event.c.iteration == task.c.iteration,
    )


def _closed_after(at: datetime) -> ColumnElement[bool]:
    """Tell that a task was closed undone later than the moment."""
    kinds = [EventKind.TASK_CANCELLED.value, EventKind.TASK_RETURNED.value]
    return exists().where(_of_this_step(), event.c.kind.in_(kinds), event.c.at > at)


def _withdrawn_by(at: datetime) -> ColumnElement[bool]:
    """Tell that the completion which opened a task was taken back until the moment."""
    return exists().where(
        event.c.stream == task.c.instance,
        event.c.kind == EventKind.COMPLETION_WITHDRAWN.value,
        event.c.at >= task.c.opened_at,
        event.c.at <= at,
    )


def _in_place_of_another() -> ColumnElement[bool]:
    """Tell of a task that it was opened again because its completion was taken back."""
    first = task.alias("first")
    return exists().where(
        first.c.instance == task.c.instance,
        first.c.element == task.c.element,
        first.c.round == task.c.round,
        first.c.iteration == task.c.iteration,
        first.c.id < task.c.id,
        first.c.completed_at.is_not(None),
    )


def _taken_back_after(at: datetime) -> ColumnElement[bool]:
    kind = event.c.kind == EventKind.COMPLETION_WITHDRAWN.value
    return exists().where(_of_this_step(), kind, event.c.at > at)


def _counted(wanted: Sequence[ColumnElement[bool]], at: datetime) -> Any:  # noqa: ANN401 - a Select
    return (
        select(
            func.count().label("open"),
            func.sum(case((task.c.due_at < at, 1), else_=0)).label("late"),
            func.count(instance.c.id.distinct()).label("cases"),
        )
        .select_from(instance)
        .join(task, task.c.instance == instance.c.id)
        .where(*wanted)
    )


def _listed(wanted: Sequence[ColumnElement[bool]], asked: DayAsked) -> Any:  # noqa: ANN401 - a Select
    narrowed = [task.c.due_at < asked.at] if asked.late else []
    return (
        select(
            instance.c.id.label("case"),
            instance.c.number,
            instance.c.title,
            process.c.name.label("sop"),
            task.c.version,
            task.c.element,
            task.c.round,
            task.c.iteration,
            task.c.name,
            task.c.role,
            task.c.opened_at,
            task.c.due_at,
            task.c.assignee,
            task.c.claimed_at,
        )
        .select_from(instance)
        .join(task, task.c.instance == instance.c.id)
        .join(process, process.c.id == instance.c.process)
        .where(*wanted, *narrowed)
        .order_by(task.c.due_at.is_(None), task.c.due_at, task.c.id)
    )


def _read(
    engine: Engine, connection: Connection, office_id: UUID, rows: Sequence[Row[Any]], at: datetime
) -> list[OpenThen]:
    calendar, labels = engine.calendar_of(office_id), office.role_labels(connection, office_id)
    found: list[OpenThen] = []
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        held = held_at(connection, part, at)
        people = {one for state in held for one in (state.holder, state.lent_by) if one is not None}
        names = office.names_of(connection, people)
        for row, state in zip(part, held, strict=True):
            late = row.due_at is not None and row.due_at < at and not state.paused
            found.append(
                OpenThen(
                    case=row.case,
                    number=row.number,
                    title=row.title,
                    sop=row.sop,
                    step=row.name,
                    round=row.round,
                    role=labels.get(row.role, row.role),
                    holder=_named(names, state.holder),
                    lent_by=_named(names, state.lent_by),
                    since=row.opened_at,
                    due_at=row.due_at,
                    late_by=calendar.minutes_between(row.due_at, at) if late else None,
                    paused=state.paused,
                    seq=state.seq,
                )
            )
    return found


def _named(names: dict[UUID, tuple[str, str]], person: UUID | None) -> str:
    return in_full(*names.get(person, ("", ""))) if person is not None else ""
