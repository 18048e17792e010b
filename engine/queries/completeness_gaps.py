"""Sequences that do not count through: events of a stream, documents of a case, papers of audits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select

from engine.model.event import EventKind, Scope
from engine.storage.tables import (
    audit_assignment,
    document,
    event,
    finding,
    inquiry,
    instance,
    office,
    process,
    sample,
)


class Counted(StrEnum):
    """What is counted through."""

    EVENTS = "events"
    DOCUMENTS = "documents"
    FINDINGS = "findings"
    INQUIRIES = "inquiries"
    SAMPLES = "samples"  # without a number: as many as the record tells of
    LETTERS = "letters"  # of assignment; their numbers are other offices'


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A sequence that is not 1, 2, 3 … up to where it should end.

    ``name`` is the number of a case, else the name of the office or SOP; ``expected`` is where it ends,
    ``found`` how many there are.
    """

    of: Counted
    scope: Scope
    subject: UUID
    name: str
    expected: int
    found: int


def gaps_of(connection: Connection, office_id: UUID, cases: ColumnElement[bool]) -> Iterator[Gap]:
    """Count the events and documents of some cases, and the events of the office and its SOPs."""
    ours = and_(instance.c.office == office_id, cases)
    last = instance.c.last_seq
    yield from _gaps(connection, Scope.INSTANCE, instance.c.number, event.c.seq, last, ours)
    no = document.c.no
    yield from _gaps(connection, Scope.INSTANCE, instance.c.number, no, func.coalesce(func.max(no), 0), ours)
    for scope, table in ((Scope.OFFICE, office), (Scope.LIBRARY, process)):
        own = table.c.id == office_id if table is office else table.c.office == office_id
        yield from _gaps(connection, scope, table.c.name, event.c.seq, table.c.stream_seq, own)
    yield from _papers_of_audits(connection, office_id)


def _papers_of_audits(connection: Connection, office_id: UUID) -> Iterator[Gap]:
    """Compare how many the record of the office tells of, and the last number, with how many there are."""
    begun = _BEGUN.values()
    rows = connection.execute(
        select(event.c.kind, func.count())
        .where(event.c.stream == office_id, event.c.kind.in_([kind.value for _, kind in begun]))
        .group_by(event.c.kind)
    )
    told = {kind: count for kind, count in rows}  # noqa: C416 - rows are no pairs for the type checker
    name = connection.scalar(select(office.c.name).where(office.c.id == office_id)) or ""
    for counted, (table, kind) in _BEGUN.items():
        highest = func.max(table.c.number) if counted in _NUMBERED else func.count()
        found, last = connection.execute(
            select(func.count(), func.coalesce(highest, 0)).where(table.c.office == office_id)
        ).one()
        expected = max(told.get(kind.value, 0), last)
        if found != expected:
            yield Gap(
                of=counted,
                scope=Scope.OFFICE,
                subject=office_id,
                name=name,
                expected=expected,
                found=found,
            )


_NUMBERED = frozenset({Counted.FINDINGS, Counted.INQUIRIES})
_BEGUN = {
    Counted.FINDINGS: (finding, EventKind.FINDING_DRAFTED),
    Counted.INQUIRIES: (inquiry, EventKind.INQUIRY_ASKED),
    Counted.SAMPLES: (sample, EventKind.SAMPLE_DRAWN),
    Counted.LETTERS: (audit_assignment, EventKind.ASSIGNMENT_ISSUED),
}


def _gaps(
    connection: Connection,
    scope: Scope,
    name: ColumnElement[str],
    place: ColumnElement[int],
    last: ColumnElement[int],
    ours: ColumnElement[bool],
) -> Iterator[Gap]:
    """Compare where sequences end with how many there are and with the last one that is there."""
    owner = name.table
    key = event.c.stream if place.table is event else document.c.instance
    kept = [last] if isinstance(getattr(last, "table", None), Table) else []
    found, highest = func.count(place), func.coalesce(func.max(place), 0)
    rows = connection.execute(
        select(owner.c.id, name.label("name"), found.label("found"), last.label("last"))
        .outerjoin(place.table, key == owner.c.id)
        .where(ours)
        .group_by(owner.c.id, name, *kept)
        .having(or_(found != last, highest != last))
        .order_by(name)
    )
    for row in rows:
        yield Gap(
            of=Counted.DOCUMENTS if place.table is document else Counted.EVENTS,
            scope=scope,
            subject=row.id,
            name=row.name,
            expected=row.last,
            found=row.found,
        )
