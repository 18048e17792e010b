"""Event logs: whole cases in the order they were started, each event in its order, read as a stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, func, select
from sqlalchemy.engine import Row

from engine.core import Engine
from engine.errors import ArchiveUnreadable, Invalid, NotFound, Problem, say
from engine.model.actor import Actor
from engine.model.event_log import Selection
from engine.queries.case_access import visible
from engine.queries.library_versions import has_version
from engine.storage import archive_rows
from engine.storage.tables import document, event, instance, office, person, process, process_version, role

Chosen = tuple[ColumnElement[bool], ...]  # conditions on cases
_AT_ONCE = 2000  # events fetched together
_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, kw_only=True)
class VersionNames:
    """A version of an SOP, and how its elements are named."""

    id: UUID
    sop: str
    name: str
    number: int


@dataclass(frozen=True, kw_only=True)
class Subjects:
    """Who and what the events speak of."""

    office: str
    zone: str
    people: Mapping[UUID, tuple[str, str]]  # name and post
    roles: Mapping[str, str]  # key -> name
    versions: Mapping[UUID, VersionNames]


class EventRow(NamedTuple):
    """An event with the facts of its case."""

    case: UUID
    number: str
    title: str
    year: int
    status: str
    trial: bool
    case_version: UUID
    started_at: datetime
    ended_at: datetime | None
    seq: int
    kind: str
    at: datetime
    actor: UUID | None
    on_behalf_of: UUID | None
    element: str | None
    round: int | None
    iteration: int | None
    payload: str | None


class DocumentRow(NamedTuple):
    """A version of a document of a case."""

    case: UUID
    no: int
    name: str
    version: int
    state: str
    at: datetime


class CaseSet(NamedTuple):
    """Which cases something holds: the SHA-256 of their ids in their order, and the last, if any."""

    sha256: str
    last: UUID | None


NOTHING = CaseSet(sha256=sha256().hexdigest(), last=None)


def chosen_cases(engine: Engine, actor: Actor, asked: Selection) -> Chosen:
    """Turn a choice into conditions on cases; an unknown SOP and days that make no period are told."""
    for name, label, day in (
        ("since", "Started from", asked.since),
        ("until", "Started until", asked.until),
    ):
        if day and not _FIRST <= day <= _LAST:
            sentence = say("Choose a day between 2000 and 2100.")
            raise Invalid((Problem(field=name, label=label, sentence=sentence),), sentence)
    if asked.since and asked.until and asked.since > asked.until:
        sentence = say(
            "The first day, %(since)s, is after the last, %(until)s.", since=asked.since, until=asked.until
        )
        raise Invalid((Problem(field="since", label="Started from", sentence=sentence),), sentence)
    conditions: list[ColumnElement[bool]] = [visible(actor)]
    if asked.sop:
        conditions.append(instance.c.process == _process(engine, actor, asked.sop))
    zone = ZoneInfo(engine.calendar_of(actor.office).zone)
    if asked.since:
        conditions.append(instance.c.started_at >= datetime.combine(asked.since, time.min, zone))
    if asked.until:
        after = asked.until + timedelta(days=1)
        conditions.append(instance.c.started_at < datetime.combine(after, time.min, zone))
    return tuple(conditions)


def _process(engine: Engine, actor: Actor, key: str) -> UUID:
    with engine.store.reading() as connection:
        found: UUID | None = connection.scalar(
            select(process.c.id).where(process.c.office == actor.office, process.c.key == key)
        )
    if found is None:
        raise NotFound(say("The library has no SOP “%(key)s”.", key=key))
    return found


def must_be_readable(engine: Engine, connection: Connection, chosen: Chosen) -> None:
    """Look whether the archive files that have the cases can be read; ArchiveUnreadable says which cannot."""
    named = select(instance.c.archive).where(*chosen, instance.c.archive.is_not(None)).distinct()
    for number in connection.scalars(named).all():
        archive = archive_rows.of_number(connection, number)
        trouble = engine.store.archives.trouble_with(archive) if archive else archive_rows.unknown(number)
        if trouble is not None:
            raise ArchiveUnreadable(trouble)


def exportable_sops(engine: Engine, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Give key and name of the SOPs that may have cases."""
    with engine.store.reading() as connection:
        rows = connection.execute(
            select(process.c.key, process.c.name)
            .where(process.c.office == actor.office, has_version(process.c.id))
            .order_by(process.c.name)
        )
        return tuple((row.key, row.name) for row in rows)


def count_cases(connection: Connection, chosen: Chosen) -> tuple[int, int]:
    """Count the cases and, by their last numbers, their events."""
    row = connection.execute(
        select(func.count(), func.coalesce(func.sum(instance.c.last_seq), 0)).where(*chosen)
    ).one()
    return int(row[0]), int(row[1])


def set_of_cases(connection: Connection, chosen: Chosen, last: UUID | None = None) -> CaseSet:
    """Read which cases are chosen, of those begun up to one where it is named."""
    begun = () if last is None else (instance.c.id <= last,)
    ids, end = sha256(), last
    cases = select(instance.c.id).where(*chosen, *begun).order_by(instance.c.id)
    for (case,) in _streamed(connection, cases):
        ids.update(case.bytes)
        end = case if last is None else last
    return CaseSet(sha256=ids.hexdigest(), last=end)


def read_subjects(connection: Connection, office_id: UUID) -> Subjects:
    """Read whom and what the events of an office may name."""
    about = connection.execute(select(office.c.name, office.c.zone).where(office.c.id == office_id)).one()
    people = connection.execute(
        select(person.c.id, person.c.name, person.c.post).where(person.c.office == office_id)
    )
    roles = connection.execute(select(role.c.key, role.c.name).where(role.c.office == office_id))
    versions = connection.execute(
        select(process_version.c.id, process_version.c.number, process.c.key, process.c.name)
        .join(process, process.c.id == process_version.c.process)
        .where(process.c.office == office_id)
    )
    return Subjects(
        office=about.name,
        zone=about.zone,
        people={row.id: (row.name, row.post) for row in people},
        roles={row.key: row.name for row in roles},
        versions={
            row.id: VersionNames(id=row.id, sop=row.key, name=row.name, number=row.number) for row in versions
        },
    )


_EVENTS = (
    instance.c.id,
    instance.c.number,
    instance.c.title,
    instance.c.year,
    instance.c.status,
    instance.c.trial,
    instance.c.version,
    instance.c.started_at,
    instance.c.ended_at,
    *(event.c[name] for name in EventRow._fields[EventRow._fields.index("seq") :]),
)
_DOCUMENTS = (instance.c.id, *(document.c[name] for name in DocumentRow._fields[1:]))


def stream_events(connection: Connection, chosen: Chosen) -> Iterator[EventRow]:
    """Go through every event of the cases; memory does not grow with them.

    On PostgreSQL through a cursor of the server's. Cases come in the order of their ids, which is that of
    their start: both keys are indexes, nothing is sorted.
    """
    statement = select(*_EVENTS).join(event, event.c.stream == instance.c.id).where(*chosen)
    return map(EventRow._make, _streamed(connection, statement.order_by(instance.c.id, event.c.seq)))


def stream_documents(connection: Connection, chosen: Chosen) -> Iterator[DocumentRow]:
    """Go through the documents of the cases."""
    statement = select(*_DOCUMENTS).join(document, document.c.instance == instance.c.id).where(*chosen)
    return map(DocumentRow._make, _streamed(connection, statement.order_by(instance.c.id, document.c.no)))


def _streamed(connection: Connection, statement: Select[Any]) -> Iterator[Row[Any]]:
    rows = connection.execute(statement, execution_options={"yield_per": _AT_ONCE})
    try:
        yield from rows
    finally:
        rows.close()
