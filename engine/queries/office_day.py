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

from sqlalchemy import ColumnElement, Connection, Row, case, func, select

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.lateness import late_by
from engine.queries.figures_asked import must_see_figures, sops_of
from engine.queries.named import in_full
from engine.queries.office_day_holders import held_at
from engine.queries.office_day_open import DayAsked, late_then, open_then
from engine.queries.unread import Texts, Unread
from engine.storage import office
from engine.storage.tables import instance, process, task

PAGE = 50
_CHUNK = 200  # cases whose record is read at once


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
    is_lost: bool  # who held it cannot be read


@dataclass(frozen=True, kw_only=True)
class DayPage:
    """A page of what was open then; ``page`` counts from 1."""

    sops: tuple[tuple[str, str], ...]
    rows: tuple[OpenThen, ...]
    total: int  # as it was asked for
    open: int
    late: int
    day_length: int
    page: int
    unread: tuple[Unread, ...]

    @property
    def pages(self) -> int:
        """Count the pages."""
        return max(1, -(-self.total // PAGE))


def office_day(engine: Engine, actor: Actor, asked: DayAsked, page: int = 1, most: int = PAGE) -> DayPage:
    """Read what was open in the actor's office at a moment, what was due first before the others."""
    must_see_figures(actor)
    with engine.store.reading() as connection:
        wanted = open_then(actor, asked)
        rows = connection.execute(_listed(wanted, asked).limit(most).offset((page - 1) * most)).all()
        counts = rows[0] if rows else connection.execute(_counted(wanted, asked.at)).one()
        late = int(counts.late or 0)
        texts = Texts(connection)
        return DayPage(
            sops=sops_of(connection, actor.office),
            rows=tuple(_read(engine, connection, actor.office, rows, asked.at, texts)),
            total=late if asked.late else counts.open,
            open=counts.open,
            late=late,
            day_length=engine.calendar_of(actor.office).day_length,
            page=page,
            unread=texts.unread,
        )


def _counted(wanted: Sequence[ColumnElement[bool]], at: datetime) -> Any:  # noqa: ANN401 - a Select
    return (
        select(func.count().label("open"), func.sum(_is_late(at)).label("late"))
        .select_from(instance)
        .join(task, task.c.instance == instance.c.id)
        .where(*wanted)
    )


def _is_late(at: datetime) -> Any:  # noqa: ANN401 - 1 or 0
    return case((late_then(at), 1), else_=0)


def _listed(wanted: Sequence[ColumnElement[bool]], asked: DayAsked) -> Any:  # noqa: ANN401 - a Select
    """Select a page and, in the same pass, how many there are; late ones first, by how long they are late."""
    then = (
        select(
            instance.c.id.label("case"),
            task.c.id.label("task"),
            task.c.due_at.label("due"),
            _is_late(asked.at).label("is_late"),
            func.count().over().label("open"),
            func.sum(_is_late(asked.at)).over().label("late"),
        )
        .select_from(instance)
        .join(task, task.c.instance == instance.c.id)
        .where(*wanted)
        .subquery()
    )
    narrowed = [then.c.is_late == 1] if asked.late else []
    return (
        select(
            then.c.open,
            then.c.late,
            then.c.case,
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
        .select_from(then)
        .join(task, task.c.id == then.c.task)
        .join(instance, instance.c.id == then.c.case)
        .join(process, process.c.id == instance.c.process)
        .where(*narrowed)
        .order_by(then.c.due.is_(None), then.c.due, then.c.task)
    )


def _read(
    engine: Engine,
    connection: Connection,
    office_id: UUID,
    rows: Sequence[Row[Any]],
    at: datetime,
    texts: Texts,
) -> list[OpenThen]:
    calendar, labels = engine.calendar_of(office_id), office.role_labels(connection, office_id)
    found: list[OpenThen] = []
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        held = held_at(connection, part, at, texts)
        people = {one for state in held for one in (state.holder, state.lent_by) if one is not None}
        names = office.names_of(connection, people)
        for row, state in zip(part, held, strict=True):
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
                    late_by=None if state.paused else late_by(row.due_at, at, calendar),
                    paused=state.paused,
                    seq=state.seq,
                    is_lost=state.is_lost,
                )
            )
    return found


def _named(names: dict[UUID, tuple[str, str]], person: UUID | None) -> str:
    return in_full(*names.get(person, ("", ""))) if person is not None else ""
