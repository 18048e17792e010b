"""The cases of an office to be replayed, found by what an auditor knows of one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select

from engine.core import Engine
from engine.ids import parse_id
from engine.model.actor import Actor
from engine.model.calendar import WorkCalendar
from engine.model.event import EventKind
from engine.model.instance import InstanceStatus
from engine.queries.case_access import visible
from engine.queries.library_versions import has_version
from engine.queries.replay import must_read_record
from engine.queries.unread import STANDING, Texts, Unread
from engine.storage import search
from engine.storage.tables import (
    blob,
    document,
    event,
    instance,
    moved,
    participant,
    person,
    process,
    process_version,
)

PAGE = 25
_LOOKED_THROUGH = 400  # cases that one page looks for a value in
_AT_ONCE = 50
_HANDED_IN = (EventKind.TASK_COMPLETED.value, EventKind.TASK_AMENDED.value)


@dataclass(frozen=True, kw_only=True)
class CasesSought:
    """What is known of a case. ``text`` is of its number, title, SOP, people or documents.

    ``value`` stands in what was entered. ``since`` and ``until``: it ran on one of these days.
    ``after`` is the last case of the page before.
    """

    text: str = ""
    value: str = ""
    since: date | None = None
    until: date | None = None
    sop: str = ""
    version: int | None = None
    status: InstanceStatus | None = None
    after: str = ""

    @property
    def narrows(self) -> bool:
        """Tell whether less is sought than all cases."""
        return any((self.text, self.value, self.since, self.until, self.sop, self.version, self.status))


@dataclass(frozen=True, kw_only=True)
class CaseFound:
    """A case of the list. ``events`` is the number of its last event."""

    id: UUID
    number: str
    title: str
    sop: str
    version: int
    trial: bool
    status: InstanceStatus
    started_at: datetime
    ended_at: datetime | None
    events: int


@dataclass(frozen=True, kw_only=True)
class CasesFound:
    """One page; ``after`` leads on, empty at the end. ``looked_through`` counts cases read for a value.

    ``sops`` are (key, name).
    """

    rows: tuple[CaseFound, ...]
    after: str
    sops: tuple[tuple[str, str], ...]
    looked_through: int = 0
    unread: tuple[Unread, ...] = ()  # of those looked through for a value


def cases_found(engine: Engine, actor: Actor, sought: CasesSought) -> CasesFound:
    """List the office's cases, the newest first."""
    must_read_record(actor)
    with engine.store.reading() as connection:
        wanted, texts = _wanted(engine, connection, actor, sought), Texts(connection)
        if sought.value.strip():
            rows, after, read = _with_value(connection, wanted, sought, texts)
        else:
            rows = list(connection.execute(_page(wanted, sought.after).limit(PAGE + 1)))
            after, read = (rows[PAGE - 1].id.hex if len(rows) > PAGE else ""), 0
        sops = connection.execute(
            select(process.c.key, process.c.name)
            .where(process.c.office == actor.office, has_version(process.c.id))
            .order_by(process.c.name)
        )
        return CasesFound(
            rows=tuple(_case(row) for row in rows[:PAGE]),
            after=after,
            sops=tuple((row.key, row.name) for row in sops),
            looked_through=read,
            unread=texts.unread,
        )


def _page(wanted: Sequence[ColumnElement[bool]], after: str) -> Select[Any]:
    last = parse_id(after)
    return (
        select(
            instance.c.id,
            instance.c.number,
            instance.c.title,
            instance.c.trial,
            instance.c.status,
            instance.c.started_at,
            instance.c.ended_at,
            instance.c.last_seq,
            process.c.name.label("sop"),
            process_version.c.number.label("version"),
        )
        .join(process, process.c.id == instance.c.process)
        .join(process_version, process_version.c.id == instance.c.version)
        .where(*wanted, *([instance.c.id < last] if last is not None else []))
        .order_by(instance.c.id.desc())
    )


def _case(row: Row[Any]) -> CaseFound:
    return CaseFound(
        id=row.id,
        number=row.number,
        title=row.title,
        sop=row.sop,
        version=row.version,
        trial=row.trial,
        status=InstanceStatus(row.status),
        started_at=row.started_at,
        ended_at=row.ended_at,
        events=row.last_seq,
    )


def _wanted(
    engine: Engine, connection: Connection, actor: Actor, sought: CasesSought
) -> list[ColumnElement[bool]]:
    wanted = [visible(actor)]
    calendar = engine.calendar_of(actor.office)
    if text := sought.text.strip():
        # A whole number means its case, and spares looking through the names of all documents there are.
        numbered = (instance.c.office == actor.office, instance.c.number == text)
        is_number = connection.scalar(select(instance.c.id).where(*numbered)) is not None
        wanted.append(and_(*numbered) if is_number else _knows(engine.store.dialect, actor, text))
    if sought.status is not None:
        wanted.append(instance.c.status == sought.status.value)
    if sought.sop:
        ours = select(process.c.id).where(process.c.office == actor.office, process.c.key == sought.sop)
        wanted.append(instance.c.process.in_(ours))
    if sought.version is not None:
        wanted.append(_went_by(sought.version))
    if sought.since is not None:
        begun = _midnight(sought.since, calendar)
        wanted.append(or_(instance.c.ended_at.is_(None), instance.c.ended_at >= begun))
    if sought.until is not None:
        wanted.append(instance.c.started_at < _midnight(sought.until + timedelta(days=1), calendar))
    return wanted


def _midnight(day: date, calendar: WorkCalendar) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(calendar.zone)).astimezone(UTC)


def _knows(dialect: str, actor: Actor, text: str) -> ColumnElement[bool]:
    """Find a text in a case's own words, in who took part, and in names of its documents and their files."""
    like = f"%{_escaped(' '.join(text.split()))}%"
    people = select(person.c.id).where(
        person.c.office == actor.office,
        or_(person.c.name.ilike(like, escape="\\"), person.c.post.ilike(like, escape="\\")),
    )
    papers = select(document.c.instance).where(
        document.c.office == actor.office, document.c.name.ilike(like, escape="\\")
    )
    files = (
        select(document.c.instance)
        .join(blob, blob.c.id == document.c.blob)
        .where(document.c.office == actor.office, blob.c.filename.ilike(like, escape="\\"))
    )
    took_part = select(participant.c.instance).where(participant.c.person.in_(people))
    found = [instance.c.id.in_(took_part), instance.c.id.in_(papers), instance.c.id.in_(files)]
    words = search.matching(dialect, text)
    return or_(*found, *([instance.c.id.in_(words)] if words is not None else []))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _went_by(number: int) -> ColumnElement[bool]:
    """Find cases of a version: those that go by it now, and those that were moved from it."""
    versions = select(process_version.c.id).where(process_version.c.number == number)
    left = select(moved.c.instance).where(moved.c.from_version.in_(versions), moved.c.seq.is_not(None))
    return or_(instance.c.version.in_(versions), instance.c.id.in_(left))


def _with_value(
    connection: Connection, wanted: Sequence[ColumnElement[bool]], sought: CasesSought, texts: Texts
) -> tuple[list[Row[Any]], str, int]:
    """Look through so many cases for a value: what was entered is packed, and no index has it.

    Gives those that hold it, the last that was looked through (empty at the end), and how many were.
    """
    found: list[Row[Any]] = []
    after, read, value = sought.after, 0, sought.value.strip().casefold()
    while read < _LOOKED_THROUGH:
        cases = connection.execute(_page(wanted, after).limit(_AT_ONCE)).all()
        holding = _holding(connection, [row.id for row in cases], value, texts)
        for row in cases:
            read, after = read + 1, row.id.hex
            if row.id in holding:
                found.append(row)
            if len(found) == PAGE:
                return found, after, read
        if len(cases) < _AT_ONCE:
            return found, "", read
    return found, after, read


def _holding(connection: Connection, cases: Sequence[UUID], value: str, texts: Texts) -> set[UUID]:
    rows = connection.execute(
        select(event.c.stream, STANDING).where(
            event.c.stream.in_(cases), event.c.kind.in_(_HANDED_IN), event.c.payload.is_not(None)
        )
    )
    read = ((row.stream, texts.read(row.stream, row.payload)) for row in rows)
    said = ((stream, json.loads(text)) for stream, text in read if text)  # not what was erased
    return {stream for stream, one in said if any(value in text for text in _texts(one))}


def _texts(said: Mapping[str, Any]) -> Iterator[str]:
    """Give every text and number that was entered, in small letters."""
    left: list[Any] = [said.get("data")]
    while left:
        one = left.pop()
        if isinstance(one, Mapping):
            left += one.values()
        elif isinstance(one, list):
            left += one
        elif isinstance(one, str | int | float):
            yield str(one).casefold()
