"""Where cases of an SOP went another way than it says, class by class, counted and listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, func, select

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.event import EventKind
from engine.queries import figures_breaches as breaches
from engine.queries.figures_asked import FiguresAsked, Scope, must_see_figures, scope_of, sops_of
from engine.queries.figures_events import details, seqs_of
from engine.queries.figures_shapes import Reading, reading_of
from engine.queries.figures_steps import StepsTaken
from engine.queries.named import in_full
from engine.queries.unread import Texts, Unread
from engine.storage import office

PAGE = 50
MANY = 1000  # of those done without the role: so many and more are not counted on the page of figures


class DeviationKind(StrEnum):
    """The classes."""

    LATE = "late"  # completed after its due time, or open beyond it
    CANCELLED = "cancelled"  # the case, by hand
    DELEGATED = "delegated"  # handed on, or prepared by another
    CORRECTED = "corrected"  # what a finished step entered, or a value that failed
    MOVED = "moved"  # between versions
    UNREAD = "unread"  # done by a version whose changes they had not read
    WRONG_ROLE = "wrong-role"  # refused for the role
    NOT_HELD = "not-held"  # completed by who is on record with no such role that day


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """One of them. ``who`` did it and ``other`` had a part in it, both named in full; "" is the system.

    ``seq`` is the event that tells of it; None where none does (a step that is open and late).
    """

    case: UUID
    number: str
    title: str
    element: str
    step: str
    round: int
    who: str
    other: str
    at: datetime
    due_at: datetime | None
    seq: int | None
    said: Mapping[str, Any]  # by the event: why, from which revision


@dataclass(frozen=True, kw_only=True)
class DeviationsPage:
    """A page of one class; ``page`` counts from 1."""

    sops: tuple[tuple[str, str], ...]
    scope: Scope
    kind: DeviationKind
    rows: tuple[Deviation, ...]
    total: int
    page: int
    unread: tuple[Unread, ...]  # cases of these rows of which it is not known what was said

    @property
    def pages(self) -> int:
        """Count the pages."""
        return max(1, -(-self.total // PAGE))


_WANTED: Mapping[DeviationKind, Callable[[Reading], Select[Any] | None]] = {
    DeviationKind.LATE: breaches.late,
    DeviationKind.CANCELLED: breaches.cancelled,
    DeviationKind.DELEGATED: breaches.delegated,
    DeviationKind.CORRECTED: breaches.corrected,
    DeviationKind.MOVED: breaches.moved,
    DeviationKind.UNREAD: breaches.unread,
    DeviationKind.WRONG_ROLE: breaches.refused,
    DeviationKind.NOT_HELD: breaches.not_held,
}


def deviation_counts(reading: Reading, steps: StepsTaken, cancelled: int) -> dict[DeviationKind, int]:
    """Count each class in the period; what the counted steps tell is not read again."""
    known = {
        DeviationKind.LATE: (steps.late + breaches.still_late(reading)).total(),
        DeviationKind.CANCELLED: cancelled,
        DeviationKind.DELEGATED: steps.handed.total(),
        DeviationKind.NOT_HELD: _count(reading.connection, breaches.not_held_by(reading, steps.doers), MANY),
    }
    return {
        kind: known[kind] if kind in known else _count(reading.connection, wanted(reading))
        for kind, wanted in _WANTED.items()
    }


def deviations_by_step(reading: Reading, steps: StepsTaken) -> dict[DeviationKind, Counter[str]]:
    """Count each class in the period by the element it happened at; "" is the case as a whole."""
    known = {
        DeviationKind.LATE: steps.late + breaches.still_late(reading),
        DeviationKind.DELEGATED: steps.handed,
        DeviationKind.NOT_HELD: _by_element(reading.connection, breaches.not_held_by(reading, steps.doers)),
    }
    return {
        kind: known[kind] if kind in known else _by_element(reading.connection, wanted(reading))
        for kind, wanted in _WANTED.items()
    }


def _by_element(connection: Connection, wanted: Select[Any] | None) -> Counter[str]:
    if wanted is None:
        return Counter()
    found = wanted.subquery()
    rows = connection.execute(select(found.c.element, func.count().label("often")).group_by(found.c.element))
    return Counter({row.element or "": row.often for row in rows})


def _count(connection: Connection, wanted: Select[Any] | None, most: int | None = None) -> int:
    if wanted is None:
        return 0
    return connection.execute(select(func.count()).select_from(wanted.limit(most).subquery())).scalar_one()


def deviations_page(
    engine: Engine, actor: Actor, asked: FiguresAsked, kind: DeviationKind, page: int = 1, most: int = PAGE
) -> DeviationsPage:
    """List the deviations of a class, the newest first."""
    must_see_figures(actor)
    with engine.store.reading() as connection:
        scope = scope_of(engine, connection, actor, asked)
        reading = reading_of(engine, connection, scope)
        wanted = _WANTED[kind](reading)
        total = _count(connection, wanted)
        rows: list[Row[Any]] = []
        if wanted is not None:
            found = wanted.subquery()
            rows = list(
                connection.execute(
                    select(found)
                    .order_by(found.c.at.desc(), found.c.case, found.c.seq.desc())
                    .limit(most)
                    .offset((page - 1) * most)
                )
            )
        texts = Texts(connection)
        return DeviationsPage(
            sops=sops_of(connection, actor.office),
            scope=scope,
            kind=kind,
            rows=_read(engine, connection, rows, kind, texts),
            total=total,
            page=page,
            unread=texts.unread,
        )


def _read(
    engine: Engine, connection: Connection, rows: list[Row[Any]], kind: DeviationKind, texts: Texts
) -> tuple[Deviation, ...]:
    people = {one for row in rows for one in (row.person, row.other) if one is not None}
    names = office.names_of(connection, people)
    seqs = seqs_of(connection, rows, EventKind.TASK_COMPLETED)
    return tuple(
        Deviation(
            case=row.case,
            number=row.number,
            title=row.title,
            element=row.element or "",
            step=engine.versions.get(row.version).definition.name_of(row.element) if row.element else "",
            round=row.round or 1,
            who=_named(names, row.person),
            other=_named(names, row.other),
            at=row.at,
            due_at=row.due_at,
            seq=row.seq if row.seq is not None else seqs.get((row.case, row.attempt)),
            said=_said(row, kind, texts),
        )
        for row in rows
    )


def _said(row: Row[Any], kind: DeviationKind, texts: Texts) -> Mapping[str, Any]:
    if kind is DeviationKind.CANCELLED:
        return {"reason": row.payload}
    return details(texts.read(row.case, row.payload))


def _named(names: Mapping[UUID, tuple[str, str]], person: UUID | None) -> str:
    return in_full(*names.get(person, ("", ""))) if person is not None else ""
