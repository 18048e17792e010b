"""Cases whose texts are moved to an archive file: which they are, and the record pointing there.

The file is whole and on the disk before anything here refers to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, exists, func, or_, select, update

from engine.model.archive import SHORTEST, STAYING, reference
from engine.model.event import Event
from engine.model.finding import FindingState
from engine.storage.archive_reading import Text
from engine.storage.archive_rows import is_reference
from engine.storage.archive_writing import CaseFacts
from engine.storage.events import read_event
from engine.storage.prepared import Prepared
from engine.storage.tables import event, finding, finding_case, inquiry, instance, person, process

_AT_ONCE = 500  # cases that one statement asks for
_NAMED = 20  # cases that stay, by number
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


class Why(StrEnum):
    """Why a case that ended long ago stays."""

    ASKED = "asked"  # a question or a finding of an audit is open
    UNSEALED = "unsealed"  # some of its events are not sealed yet
    REFERRING = "referring"  # by its events its texts stand in an archive, by its row in none


@dataclass(frozen=True, kw_only=True)
class Staying:
    """Cases that stay for one reason: how many, and the numbers of the first."""

    why: Why
    count: int
    first: tuple[str, ...]


def count(connection: Connection, wanted: Wanted) -> int:
    """Count the cases that can be archived."""
    return connection.scalar(_cases(func.count()).where(_ended(wanted), _ready())) or 0


def staying(connection: Connection, wanted: Wanted) -> list[Staying]:
    """Say which cases stay, each for the first reason that it has."""
    asked, unsealed, referring = is_audited(), ~_sealed(), _referring()
    reasons = (
        (Why.REFERRING, referring),
        (Why.ASKED, and_(asked, ~referring)),
        (Why.UNSEALED, and_(unsealed, ~asked, ~referring)),
    )
    found = []
    for why, condition in reasons:
        ours = _ended(wanted), condition
        total = connection.scalar(_cases(func.count()).where(*ours)) or 0
        if total:
            numbers = _cases(instance.c.number).where(*ours).order_by(instance.c.number).limit(_NAMED)
            found.append(Staying(why=why, count=total, first=tuple(connection.scalars(numbers))))
    return found


def cases_after(connection: Connection, wanted: Wanted, last: UUID | None, most: int) -> list[CaseFacts]:
    """Read cases that can be archived, in the order of their ids."""
    statement = _cases(
        instance.c.id,
        instance.c.number,
        process.c.key.label("sop"),
        instance.c.started_at,
        instance.c.ended_at,
        instance.c.last_seq.label("events"),
        instance.c.chain_head.label("chain"),
    ).where(_ended(wanted), _ready())
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
    """Give those of some cases that no archive has yet, also by what their events say, and lock them."""
    rows = connection.scalars(
        select(instance.c.id)
        .where(instance.c.id.in_(cases), instance.c.archive.is_(None), ~_referring())
        .order_by(instance.c.id)
        .with_for_update(key_share=True)
    )
    return list(rows)


def erased_of(connection: Connection, cases: Sequence[UUID]) -> Iterator[tuple[UUID, int]]:
    """Give every event of cases whose text was erased, as case and number."""
    for start in range(0, len(cases), _AT_ONCE):
        ours = event.c.stream.in_(cases[start : start + _AT_ONCE])
        rows = connection.execute(select(event.c.stream, event.c.seq).where(ours, event.c.payload.is_(None)))
        yield from ((row.stream, row.seq) for row in rows)


def cases_in(connection: Connection, number: int) -> set[bytes]:
    """Give the cases whose row names an archive."""
    rows = connection.scalars(select(instance.c.id).where(instance.c.archive == number))
    return {one.bytes for one in rows}


def numbers_of(connection: Connection, cases: Iterable[bytes]) -> Iterator[str]:
    """Give the numbers of cases, as far as there are such cases."""
    wanted = sorted(cases)
    for start in range(0, len(wanted), _AT_ONCE):
        ids = [UUID(bytes=one) for one in wanted[start : start + _AT_ONCE]]
        of_them = select(instance.c.number).where(instance.c.id.in_(ids)).order_by(instance.c.number)
        yield from connection.scalars(of_them)


def standing(connection: Connection, events: Sequence[tuple[bytes, int]]) -> Iterator[tuple[bytes, int]]:
    """Give those of some events, named by case and number, that have their text in the record itself."""
    for case, seq in events:
        ours = event.c.stream == UUID(bytes=case), event.c.seq == seq
        if connection.scalar(select(event.c.seq).where(*ours, event.c.payload.is_not(None), ~is_reference)):
            yield case, seq


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


def _ready() -> ColumnElement[bool]:
    return and_(~is_audited(), _sealed(), ~_referring())


def _referring() -> ColumnElement[bool]:
    """Say whose events name an archive; with none in its row, somebody took that out."""
    return exists().where(event.c.stream == instance.c.id, is_reference)


def _sealed() -> ColumnElement[bool]:
    return instance.c.id.not_in(select(event.c.stream).where(event.c.sealed.is_(None)))


def is_audited() -> ColumnElement[bool]:
    """Say whose audit is not done: a question that can still be answered, a finding that is not closed."""
    question = exists().where(
        inquiry.c.instance == instance.c.id,
        inquiry.c.answered_at.is_(None),
        person.c.id == inquiry.c.asked_of,
        person.c.active,  # model.inquiry: nobody answers for who has left
    )
    open_finding = exists().where(
        finding_case.c.instance == instance.c.id,
        finding.c.id == finding_case.c.finding,
        finding.c.state != FindingState.CLOSED.value,
    )
    return or_(question, open_finding)
