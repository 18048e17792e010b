"""Sequences that do not count through: the events of a stream, the documents of a case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select

from engine.model.event import Scope
from engine.storage.tables import document, event, instance, office, process


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A sequence that is not 1, 2, 3 … up to where it should end.

    ``name`` is the number of a case, else the name of the office or SOP; ``expected`` is where it ends,
    ``found`` how many there are.
    """

    of_documents: bool  # else of events
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
            of_documents=place.table is document,
            scope=scope,
            subject=row.id,
            name=row.name,
            expected=row.last,
            found=row.found,
        )
