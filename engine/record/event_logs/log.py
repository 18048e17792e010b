"""A log as it is read: case by case in one snapshot. Memory holds one case, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from uuid import UUID

from engine.core import Engine
from engine.model.actor import Actor
from engine.model.event_log import Detail, Selection
from engine.queries.event_log import (
    CaseSet,
    Chosen,
    DocumentRow,
    EventRow,
    Subjects,
    chosen_cases,
    count_cases,
    must_be_readable,
    read_subjects,
    set_of_cases,
    stream_documents,
    stream_events,
)
from engine.record.event_logs.entries import Entry, entries_of
from engine.record.event_logs.naming import Names
from engine.storage.transaction import Connection

Progress = Callable[[int], None]  # is told how many events of the record were read since it was told last


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A case, with what happened in it."""

    id: UUID
    number: str
    title: str
    year: int
    sop: str  # key
    status: str
    trial: bool
    version: UUID  # it follows now
    started_at: datetime
    ended_at: datetime | None
    entries: tuple[Entry, ...]


class Log:
    """Cases of an office in one snapshot of its database; it can be gone through as often as wanted."""

    def __init__(
        self, engine: Engine, connection: Connection, actor: Actor, asked: Selection, chosen: Chosen
    ) -> None:
        """Read whom and what it speaks of."""
        self._connection, self._chosen = connection, chosen
        self.asked = asked
        self.subjects: Subjects = read_subjects(connection, actor.office)
        self.cases, self.events = count_cases(connection, self._chosen)
        self.written_at = engine.clock.now()
        self.progress: Progress = lambda _events: None
        self._names = Names(engine.versions, self.subjects.versions)

    def held(self) -> CaseSet:
        """Say which cases it has."""
        return set_of_cases(self._connection, self._chosen)

    def traces(self) -> Iterator[Trace]:
        """Give every case, in the order they were started."""
        for _case, rows in groupby(stream_events(self._connection, self._chosen), key=lambda row: row.case):
            events = list(rows)
            yield self._trace(events)
            self.progress(len(events))

    def documents(self) -> Iterator[DocumentRow]:
        """Give every document of the cases, in the order of the cases."""
        return stream_documents(self._connection, self._chosen)

    def _trace(self, rows: list[EventRow]) -> Trace:
        first = rows[0]
        return Trace(
            id=first.case,
            number=first.number,
            title=first.title,
            year=first.year,
            sop=self.subjects.versions[first.case_version].sop,
            status=first.status,
            trial=first.trial,
            version=first.case_version,
            started_at=first.started_at,
            ended_at=first.ended_at,
            entries=tuple(self._asked(entries_of(rows, self._names))),
        )

    def _asked(self, entries: list[Entry]) -> Iterator[Entry]:
        for one in entries:
            if self.asked.detail is Detail.ALL or one.is_activity:
                yield one if self.asked.content else replace(one, payload=None)


@contextmanager
def opened_log(engine: Engine, actor: Actor, asked: Selection) -> Iterator[Log]:
    """Open a log for as long as it is read; what is wrong with the choice is told before anything is.

    So is an archive file that cannot be read: a log that lacks texts would say that nobody wrote them.
    """
    chosen = chosen_cases(engine, actor, asked)
    with engine.store.reading() as connection:
        must_be_readable(engine, connection, chosen)
        yield Log(engine, connection, actor, asked, chosen)
