"""Read the record of a case up to an event, and any of its events, with as few columns as that needs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, case, func, null, select

from engine.model.event import Event, EventKind
from engine.model.replay import Moment, Told
from engine.model.replaying import SAYING, go_on
from engine.storage import erasing
from engine.storage.events import read_event
from engine.storage.tables import event

_KINDS = {kind.value: kind for kind in EventKind}
_SAYING = [kind.value for kind in SAYING]
_COLUMNS = (
    event.c.seq,
    event.c.kind,
    event.c.at,
    event.c.actor,
    event.c.element,
    event.c.round,
    event.c.iteration,
    case((event.c.kind.in_(_SAYING), event.c.payload), else_=null()).label("payload"),
)


def moment_after(connection: Connection, stream: UUID, moment: Moment, seq: int) -> Moment:
    """Take a moment further, up to an event's number."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(event.c.stream == stream, event.c.seq > moment.seq, event.c.seq <= seq)
        .order_by(event.c.seq)
    )
    return go_on(moment, (_told(connection, stream, row) for row in rows))


def _told(connection: Connection, stream: UUID, row: Any) -> Told:  # noqa: ANN401 - a row of these columns
    said = json.loads(row.payload) if row.payload else {}
    if not said and row.kind == EventKind.CASE_STARTED.value:
        said = erasing.begun(connection, stream)
    return Told(
        seq=row.seq,
        kind=_KINDS[row.kind],
        at=row.at,
        actor=row.actor,
        element=row.element or "",
        round=row.round or 1,
        iteration=row.iteration or 0,
        said=said if isinstance(said, dict) else {},
    )


def last_seq(connection: Connection, stream: UUID) -> int:
    """Count the events of a case."""
    return connection.scalar(select(func.max(event.c.seq)).where(event.c.stream == stream)) or 0


def end_of_act(connection: Connection, stream: UUID, seq: int, last: int) -> int:
    """Find the last event of what was done at once with an event: only that one keeps its link."""
    found = connection.scalar(
        select(event.c.seq)
        .where(event.c.stream == stream, event.c.seq >= seq, func.length(event.c.chain) > 0)
        .order_by(event.c.seq)
        .limit(1)
    )
    return found or last


def act_around(connection: Connection, stream: UUID, seq: int, last: int) -> tuple[int, int]:
    """Give the first and last event of what was done at once with an event."""
    before = connection.scalar(
        select(func.max(event.c.seq)).where(
            event.c.stream == stream, event.c.seq < seq, func.length(event.c.chain) > 0
        )
    )
    return (before or 0) + 1, end_of_act(connection, stream, seq, last)


def seq_at(connection: Connection, stream: UUID, at: datetime) -> int:
    """Find the last event that was written by an instant; the first one where there was none yet."""
    found = connection.scalar(select(func.max(event.c.seq)).where(event.c.stream == stream, event.c.at <= at))
    return found or 1


def events_between(connection: Connection, stream: UUID, first: int, last: int) -> list[Event]:
    """Read some events whole."""
    rows = connection.execute(
        select(event)
        .where(event.c.stream == stream, event.c.seq >= first, event.c.seq <= last)
        .order_by(event.c.seq)
    )
    return [read_event(row) for row in rows.mappings()]


def events_at(connection: Connection, stream: UUID, seqs: Iterable[int]) -> Iterator[Event]:
    """Read events by their numbers."""
    wanted = sorted(set(seqs))
    if wanted:
        rows = connection.execute(
            select(event).where(event.c.stream == stream, event.c.seq.in_(wanted)).order_by(event.c.seq)
        )
        yield from (read_event(row) for row in rows.mappings())
