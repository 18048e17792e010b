"""Cases whose texts are moved to an archive file: which they are, and the record pointing there.

The file is whole and on the disk before anything here refers to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, exists, func, or_, select, update

from engine.model.archive import SHORTEST, STAYING, reference
from engine.model.event import Event
from engine.model.finding import FindingState
from engine.storage.archive_reading import Text
from engine.storage.archive_writing import CaseFacts
from engine.storage.events import read_event
from engine.storage.prepared import Prepared
from engine.storage.tables import event, finding, finding_case, inquiry, instance, process

_STAYING = frozenset(kind.value for kind in STAYING)
_POINT = Prepared(
    update(event)
    .where(
        event.c.stream == bindparam("of_stream"),
        event.c.seq == bindparam("of_seq"),
        event.c.payload.is_not(None),
    )
    .values(payload=bindparam("place"))
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which cases: those of an office that ended before an instant, of one SOP or of all."""

    office: UUID
    before: datetime
    sop: str = ""  # key


def count(connection: Connection, wanted: Wanted) -> tuple[int, int]:
    """Count the cases that can be archived, and those that stay because an audit is not done with them."""
    ours = _ended(wanted)
    asked = connection.scalar(_cases(func.count()).where(ours, _asked())) or 0
    ready = connection.scalar(_cases(func.count()).where(ours, ~_asked(), _sealed())) or 0
    return ready, asked


def cases_after(connection: Connection, wanted: Wanted, last: UUID | None, most: int) -> list[CaseFacts]:
    """Read cases that can be archived, in the order of their ids."""
    statement = _cases(
        instance.c.id,
        instance.c.number,
        instance.c.title,
        process.c.key.label("sop"),
        instance.c.started_at,
        instance.c.ended_at,
        instance.c.last_seq.label("events"),
        instance.c.chain_head.label("chain"),
    ).where(_ended(wanted), ~_asked(), _sealed())
    if last is not None:
        statement = statement.where(instance.c.id > last)
    rows = connection.execute(statement.order_by(instance.c.id).limit(most))
    return [CaseFacts(**row) for row in rows.mappings()]


def events_of(connection: Connection, cases: Sequence[UUID]) -> dict[UUID, list[Event]]:
    """Read all events of cases, each in their order."""
    rows = connection.execute(
        select(event).where(event.c.stream.in_(cases)).order_by(event.c.stream, event.c.seq)
    )
    found = map(read_event, rows.mappings())
    return {stream: list(events) for stream, events in groupby(found, key=attrgetter("stream"))}


def unsettled(connection: Connection, cases: Sequence[UUID]) -> list[UUID]:
    """Give those of some cases that no archive has yet, and lock them."""
    rows = connection.scalars(
        select(instance.c.id)
        .where(instance.c.id.in_(cases), instance.c.archive.is_(None))
        .order_by(instance.c.id)
        .with_for_update(key_share=True)
    )
    return list(rows)


def erased_of(connection: Connection, cases: Sequence[UUID]) -> Iterator[tuple[UUID, int]]:
    """Give every event of cases whose text was erased, as case and number."""
    rows = connection.execute(
        select(event.c.stream, event.c.seq).where(event.c.stream.in_(cases), event.c.payload.is_(None))
    )
    return ((row.stream, row.seq) for row in rows)


def erased_in(connection: Connection, number: int) -> Iterator[tuple[UUID, int]]:
    """Give every event of an archive's cases whose text was erased, as case and number."""
    ours = select(instance.c.id).where(instance.c.archive == number)
    rows = connection.execute(
        select(event.c.stream, event.c.seq).where(event.c.stream.in_(ours), event.c.payload.is_(None))
    )
    return ((row.stream, row.seq) for row in rows)


def point(connection: Connection, number: int, cases: Sequence[UUID], texts: Sequence[Text]) -> None:
    """Let the record say of texts of cases that they stand in an archive; what was erased stays erased."""
    rows = [
        {"of_stream": one.case, "of_seq": one.seq, "place": reference(number, one.row)}
        for one in texts
        if one.length > SHORTEST and one.kind not in _STAYING
    ]
    _POINT.run_all(connection, rows)
    connection.execute(update(instance).where(instance.c.id.in_(cases)).values(archive=number))


def _cases(*columns: Any) -> Select[Any]:
    chosen: Select[Any] = select(*columns)
    return chosen.join_from(instance, process, process.c.id == instance.c.process)


def _ended(wanted: Wanted) -> ColumnElement[bool]:
    ours = and_(
        instance.c.office == wanted.office,
        instance.c.ended_at < wanted.before,
        instance.c.archive.is_(None),
    )
    return and_(ours, process.c.key == wanted.sop) if wanted.sop else ours


def _sealed() -> ColumnElement[bool]:
    return instance.c.id.not_in(select(event.c.stream).where(event.c.sealed.is_(None)))


def _asked() -> ColumnElement[bool]:
    """Say whose audit is not done: a question without an answer, a finding that is not closed."""
    question = exists().where(inquiry.c.instance == instance.c.id, inquiry.c.answered_at.is_(None))
    open_finding = exists().where(
        finding_case.c.instance == instance.c.id,
        finding.c.id == finding_case.c.finding,
        finding.c.state != FindingState.CLOSED.value,
    )
    return or_(question, open_finding)
