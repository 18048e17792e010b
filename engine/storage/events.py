"""Append events to a stream: numbered without gaps, chained, in the caller's transaction."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select, update

from engine.model.actor import Actor
from engine.model.event import (
    SALT_BYTES,
    Event,
    EventKind,
    Scope,
    chain_link,
    event_header,
    payload_digest,
)
from engine.software import SOFTWARE
from engine.storage.packing import Bulky
from engine.storage.prepared import Prepared
from engine.storage.tables import event, instance, office, process

_INSERT = Prepared(event.insert(), *(column.key for column in event.c if column.key != "sealed"))
_SCOPES = tuple(Scope)
# What every case is made of, and what connectors get and answer. Of the others there are few, and those of
# incidents are searched with SQL.
_BULKY = frozenset(
    {
        EventKind.CASE_STARTED,
        EventKind.CASE_ADVANCED,
        EventKind.CASE_FINISHED,
        EventKind.TASK_OPENED,
        EventKind.TASK_COMPLETED,
        EventKind.TASK_CANCELLED,
        EventKind.TASK_AMENDED,
        EventKind.JOB_QUEUED,
        EventKind.JOB_DONE,
    }
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One event to append. ``payload`` must be JSON-able."""

    kind: EventKind
    payload: Mapping[str, Any]
    element: str | None = None
    round: int | None = None
    iteration: int | None = None
    entered: bool = True  # whether it says anything that somebody entered, and that may have to be erased


# Digests of what an act was decided by: "sop" (the version), "form", "calendar"; see ``actions.basis``.
Basis = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Head:
    """Where a stream ends: the number of its last event and that event's chain link."""

    seq: int
    chain: bytes


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def to_json(value: object) -> str:
    """Write JSON as the record stores it: compact, UTF-8, no NaN."""
    return _encode(value)


def link(  # noqa: PLR0913 - an event has this many facts
    scope: Scope,
    stream: UUID,
    head: Head,
    actor: Actor,
    at: datetime,
    lines: Iterable[Line],
    *,
    attempt: UUID | None = None,
    basis: Basis | None = None,
) -> tuple[list[dict[str, Any]], Head]:
    """Make the rows of events after ``head``, and the head after them.

    The first event of every act says the same of it: its attempt, in which roles the actor acted and
    how they are held, on what basis, by which software. The others follow from it.
    The last link proves those before it, which are worked out again and not kept.
    """
    rows: list[dict[str, Any]] = []
    seq, chain = head.seq, head.chain
    for line in lines:
        seq += 1
        salt = os.urandom(SALT_BYTES) if line.entered else b""
        payload = to_json(line.payload if rows else _first(actor, basis, line.payload))
        digest = payload_digest(payload.encode(), salt)
        header = event_header(
            scope=scope,
            stream=stream,
            seq=seq,
            kind=line.kind,
            at=at,
            actor=actor.person,
            on_behalf_of=actor.on_behalf_of,
            attempt=attempt,
            element=line.element,
            round_=line.round,
            iteration=line.iteration,
        )
        chain = chain_link(chain, header, digest)
        rows.append(
            {
                "stream": stream,
                "seq": seq,
                "scope": _SCOPES.index(scope),
                "kind": line.kind.value,
                "at": at,
                "actor": actor.person,
                "on_behalf_of": actor.on_behalf_of,
                "attempt": attempt,
                "element": line.element,
                "round": line.round,
                "iteration": line.iteration,
                "payload": Bulky(payload) if line.kind in _BULKY else payload,
                "salt": salt or None,
                "digest": digest,
                "chain": chain,
            }
        )
        attempt = None
    for row in rows[:-1]:
        row["chain"] = b""
    return rows, Head(seq=seq, chain=chain)


def _first(actor: Actor, basis: Basis | None, payload: Mapping[str, Any]) -> dict[str, Any]:
    roles = {role.key: role.standing.value for role in actor.roles}
    return {**({"roles": roles} if roles else {}), **payload, **(basis or {}), "software": SOFTWARE}


def add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write linked events; the caller saves their head with the stream in the same transaction."""
    _INSERT.run_all(connection, rows)


def extend(  # noqa: PLR0913, PLR0917 - an event has this many facts
    connection: Connection,
    scope: Scope,
    stream: UUID,
    head: Head,
    actor: Actor,
    at: datetime,
    lines: Iterable[Line],
    *,
    attempt: UUID | None = None,
    basis: Basis | None = None,
) -> Head:
    """Link and write events after ``head``, read under a lock by the caller, who saves the new head."""
    rows, end = link(scope, stream, head, actor, at, lines, attempt=attempt, basis=basis)
    add(connection, rows)
    return end


_STREAM_TABLES = {Scope.OFFICE: office, Scope.LIBRARY: process}


def append(  # noqa: PLR0913 - an event has this many facts
    connection: Connection,
    scope: Scope,
    stream: UUID,
    actor: Actor,
    at: datetime,
    lines: Iterable[Line],
    *,
    attempt: UUID | None = None,
    basis: Basis | None = None,
) -> Head:
    """Append to any stream whose head nobody has read yet: locks it, extends it, saves the head."""
    if scope is Scope.INSTANCE:
        columns = (instance.c.last_seq, instance.c.chain_head)
        table = instance
    else:
        table = _STREAM_TABLES[scope]
        columns = (table.c.stream_seq, table.c.stream_head)
    # Not FOR UPDATE: rows that only name the stream (foreign keys) need not wait, and cannot deadlock.
    row = connection.execute(
        select(*columns).where(table.c.id == stream).with_for_update(key_share=True)
    ).one()
    seen = Head(seq=row[0], chain=row[1])
    head = extend(connection, scope, stream, seen, actor, at, lines, attempt=attempt, basis=basis)
    connection.execute(
        update(table)
        .where(table.c.id == stream)
        .values({columns[0].name: head.seq, columns[1].name: head.chain})
    )
    return head


def read_event(row: RowMapping) -> Event:
    """Map a row to an event."""
    return Event(
        stream=row["stream"],
        seq=row["seq"],
        scope=_SCOPES[row["scope"]],
        kind=EventKind(row["kind"]),
        at=row["at"],
        actor=row["actor"],
        on_behalf_of=row["on_behalf_of"],
        attempt=row["attempt"],
        element=row["element"],
        round=row["round"],
        iteration=row["iteration"],
        payload=row["payload"],
        salt=row["salt"],
        digest=row["digest"],
        chain=row["chain"],
    )


def payload_of(connection: Connection, stream: UUID, kind: EventKind, attempt: UUID) -> dict[str, Any] | None:
    """Read what the event of an attempt says; None once it is erased."""
    text: str | None = connection.scalar(
        select(event.c.payload).where(
            event.c.stream == stream, event.c.kind == kind.value, event.c.attempt == attempt
        )
    )
    return json.loads(text) if text else None


def acts_since(connection: Connection, stream: UUID, seq: int, but: Collection[EventKind]) -> list[Event]:
    """Read what people did in a stream after an event, without kinds that are no acts."""
    rows = connection.execute(
        select(event)
        .where(
            event.c.stream == stream,
            event.c.seq > seq,
            event.c.actor.is_not(None),
            event.c.kind.not_in([kind.value for kind in but]),
        )
        .order_by(event.c.seq)
    )
    return [read_event(row) for row in rows.mappings()]


_OF_INCIDENTS = [kind.value for kind in EventKind if kind.name.startswith("INCIDENT_")]


def evaluated_since(connection: Connection, stream: UUID, attempt: UUID | None) -> set[str]:
    """Name the elements of a case at which anything was done since the completion of an attempt."""
    first = select(event.c.seq).where(
        event.c.stream == stream,
        event.c.kind == EventKind.TASK_COMPLETED.value,
        event.c.attempt == attempt,
    )
    rows = connection.execute(
        select(event.c.element, event.c.payload).where(
            event.c.stream == stream,
            event.c.seq > first.scalar_subquery(),
            event.c.kind.not_in(_OF_INCIDENTS),  # nothing of a step that failed is kept
        )
    )
    found: set[str] = set()
    for row in rows:
        found |= {row.element} - {None}
        way = json.loads(row.payload).get("trail", ()) if row.payload else ()
        found |= {item[1] for item in way if item[0] != "flow"}
    return found


def stream_events(connection: Connection, stream: UUID) -> list[Event]:
    """Read a stream from its beginning."""
    rows = connection.execute(select(event).where(event.c.stream == stream).order_by(event.c.seq))
    return [read_event(row) for row in rows.mappings()]
