"""The record as whoever checks it reads it: all events in the order of their seals, in few objects.

A database that was tampered with may hold anything anywhere. What cannot be read as an event is given as
``Unreadable``, so that it is found and does not end the check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from engine.model.event import Scope
from engine.storage.packing import unpacked

_CHUNK = 4_000  # events read at a time
_SCOPES = tuple(scope.value for scope in Scope)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEFORE_ALL = -(1 << 62)
_COLUMNS = (
    "sealed, stream, seq, scope, kind, at, actor, on_behalf_of, attempt, element, round, iteration, "
    "payload, salt, digest, chain"
)
_SEALED = text(f"SELECT {_COLUMNS} FROM event WHERE sealed >= :start ORDER BY sealed LIMIT {_CHUNK}")  # noqa: S608 - names of columns
_WAITING = text(
    f"SELECT {_COLUMNS} FROM event WHERE sealed IS NULL AND (stream, seq) > (:stream, :seq) "  # noqa: S608 - names of columns
    f"ORDER BY stream, seq LIMIT {_CHUNK}"
)


class Line(NamedTuple):
    """One event, ready to be hashed. ``payload`` is None once erased; an absent salt is empty."""

    sealed: int | None
    stream: bytes
    seq: int
    scope: str
    kind: str
    at: str  # as the header has it
    header: bytes
    payload: bytes | None
    salt: bytes
    digest: bytes
    chain: bytes


class Unreadable(NamedTuple):
    """A row that no event has: its place, as far as it can be told."""

    sealed: int | None
    stream: bytes
    seq: int


Rows = list[Line | Unreadable]


def sealed_lines(connection: Connection) -> Iterator[Rows]:
    """Give what is sealed, some thousands at a time, in the order of the index."""
    start = _BEFORE_ALL
    while rows := connection.execute(_SEALED, {"start": start}).all():
        yield _lines(connection, rows)
        start = rows[-1][0] + 1


def waiting_lines(connection: Connection) -> Iterator[Rows]:
    """Give what is not sealed yet, stream by stream."""
    first: Any = UUID(int=0) if connection.dialect.name == "postgresql" else b""
    after = {"stream": first, "seq": 0}
    while rows := connection.execute(_WAITING, after).all():
        yield _lines(connection, rows)
        after = {"stream": rows[-1][1], "seq": rows[-1][2]}


def _lines(connection: Connection, rows: Iterable[Sequence[Any]]) -> Rows:
    read = _of_postgres if connection.dialect.name == "postgresql" else _of_sqlite
    return [_line(row, read) for row in rows]


def _line(row: Sequence[Any], read: Callable[[Sequence[Any]], Line]) -> Line | Unreadable:
    try:
        return read(row)
    except Exception:  # noqa: BLE001 - whatever stands there, it is no event
        stream = row[1].bytes if isinstance(row[1], UUID) else row[1]
        return Unreadable(row[0], stream if isinstance(stream, bytes) else b"", row[2])


def _of_sqlite(row: Sequence[Any]) -> Line:
    index, stream, seq, scope, kind, at, actor, behalf, attempt, element, round_, iteration, *rest = row
    payload, salt, digest, chain = rest
    told = (_EPOCH + timedelta(microseconds=at)).isoformat(timespec="microseconds")[:-6] + "Z"
    named = _SCOPES[scope]
    header = (
        f"{named}\n{stream.hex()}\n{seq}\n{kind}\n{told}\n{actor.hex() if actor else ''}\n"
        f"{behalf.hex() if behalf else ''}\n{attempt.hex() if attempt else ''}\n{element or ''}\n"
        f"{'' if round_ is None else round_}\n{'' if iteration is None else iteration}"
    )
    if payload is not None:
        payload = (payload if isinstance(payload, str) else unpacked(payload)).encode()
    return Line(
        index, stream, seq, named, kind, told, header.encode(), payload, salt or b"", digest, chain or b""
    )


def _of_postgres(row: Sequence[Any]) -> Line:
    index, stream, seq, scope, kind, at, actor, behalf, attempt, element, round_, iteration, *rest = row
    payload, salt, digest, chain = rest
    told = at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"
    named = _SCOPES[scope]
    header = (
        f"{named}\n{stream.hex}\n{seq}\n{kind}\n{told}\n{actor.hex if actor else ''}\n"
        f"{behalf.hex if behalf else ''}\n{attempt.hex if attempt else ''}\n{element or ''}\n"
        f"{'' if round_ is None else round_}\n{'' if iteration is None else iteration}"
    )
    payload = None if payload is None else payload.encode()
    return Line(
        index,
        stream.bytes,
        seq,
        named,
        kind,
        told,
        header.encode(),
        payload,
        bytes(salt or b""),
        bytes(digest),
        bytes(chain or b""),
    )
