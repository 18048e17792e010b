"""The record as whoever checks it reads it: all events in the order of their seals, in few objects.

A database that was tampered with may hold anything anywhere. What cannot be read as an event is given as
``Unreadable``, so that it is found and does not end the check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from engine.errors import Sentence
from engine.model.archive import read_reference
from engine.model.event import Scope
from engine.storage.archive_files import Stored, whatever
from engine.storage.packing import unpacked
from engine.storage.ready import driver_of

CHUNK = 4_000  # events read at a time
_SCOPES = tuple(scope.value for scope in Scope)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = (
    "sealed, stream, seq, scope, kind, at, actor, on_behalf_of, attempt, element, round, iteration, "
    "payload, salt, digest, chain"
)
# On PostgreSQL an instant that no calendar of ours has, as infinity, would end the statement.
_AT = "CASE WHEN at >= '0001-01-02' AND at < '9999-12-31' THEN at END"
_BY_SEAL = "ORDER BY sealed LIMIT :most"
_BY_STREAM = "ORDER BY stream, seq LIMIT :most"
# The first of each has no lower bound: no value is too small for somebody who writes into the table.
_SEALED = f"sealed IS NOT NULL {_BY_SEAL}"
_SEALED_AFTER = f"sealed > :sealed {_BY_SEAL}"
_WAITING = f"sealed IS NULL {_BY_STREAM}"
_WAITING_AFTER = f"sealed IS NULL AND (stream, seq) > (:stream, :seq) {_BY_STREAM}"


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
    lost: Sentence | None = None  # why the archive file that has its text cannot be read; no payload then
    archive: int | None = None  # the number of the one that has it
    row: int | None = None  # of that file, where salt and digest are the same there


class Unreadable(NamedTuple):
    """A row that no event has: its place, as far as it can be told."""

    sealed: int | None
    stream: bytes
    seq: int | None


Rows = list[Line | Unreadable]


def sealed_lines(connection: Connection) -> Iterator[Rows]:
    """Give what has an index, some thousands at a time, in the order of the index.

    Where an index that is there twice ends a chunk, the rest of its rows is left out: who reads counts.
    """
    rows = _rows(connection, _SEALED, most=CHUNK)
    while rows:
        yield _lines(connection, rows)
        rows = _rows(connection, _SEALED_AFTER, sealed=_bound(rows[-1][0]), most=CHUNK)


def waiting_lines(connection: Connection) -> Iterator[Rows]:
    """Give what is not sealed yet, stream by stream."""
    rows = _rows(connection, _WAITING, most=CHUNK)
    while rows:
        yield _lines(connection, rows)
        stream, seq = rows[-1][1:3]
        rows = _rows(connection, _WAITING_AFTER, stream=stream, seq=_bound(seq), most=CHUNK)


def _bound(value: Any) -> Any:  # noqa: ANN401 - of any type
    """Give what can be asked for. After a text that is no UTF-8 nothing is read: who reads counts."""
    return value if not isinstance(value, str) or value.isprintable() else b"\xff" * 16


def _rows(connection: Connection, which: str, **values: Any) -> Sequence[Sequence[Any]]:
    columns = _COLUMNS
    if connection.dialect.name == "postgresql":
        columns = columns.replace(" at,", f" {_AT},")
    statement = text(f"SELECT {columns} FROM event WHERE {which}")  # noqa: S608 - names of columns
    return connection.execute(statement, values).all()


@contextmanager
def whatever_text(connection: Connection) -> Iterator[None]:
    """Have SQLite give texts that are no UTF-8, by which a statement ends: they cannot be encoded again."""
    if connection.dialect.name != "sqlite":  # the other one lets none in
        yield
        return
    driver = driver_of(connection)
    before, driver.text_factory = driver.text_factory, _escaped
    try:
        yield
    finally:
        driver.text_factory = before


def _escaped(raw: bytes) -> str:
    return raw.decode(errors="surrogateescape")


def _lines(connection: Connection, rows: Iterable[Sequence[Any]]) -> Rows:
    read = _of_postgres if connection.dialect.name == "postgresql" else _of_sqlite
    lines = [_line(row, read) for row in rows]
    held = [line for line in lines if isinstance(line, Line) and (line.payload or b"")[:1] == b"@"]
    wanted: dict[int, list[int]] = {}
    for number, row in filter(None, map(_reference, held)):
        wanted.setdefault(number, []).append(row)
    if not wanted:
        return lines
    found = {number: whatever(connection.dialect, number, some) for number, some in wanted.items()}
    return [_with_text(line, found) for line in lines]


def _line(row: Sequence[Any], read: Callable[[Sequence[Any]], Line]) -> Line | Unreadable:
    try:
        return read(row)
    except Exception:  # noqa: BLE001 - whatever stands there, it is no event
        index, stream, seq = row[:3]
        stream = stream.bytes if isinstance(stream, UUID) else stream
        return Unreadable(
            index if isinstance(index, int) else None,
            stream if isinstance(stream, bytes) else b"",
            seq if isinstance(seq, int) else None,
        )


def _reference(line: Line | Unreadable) -> tuple[int, int] | None:
    """Tell in which row of which archive file the text of an event stands."""
    if isinstance(line, Unreadable) or line.payload is None or line.payload[:1] != b"@":
        return None
    return read_reference(line.payload.decode(errors="replace"))


def _with_text(
    line: Line | Unreadable, found: Mapping[int, Mapping[int, Stored | Sentence]]
) -> Line | Unreadable:
    """Put the text of an event in the place of where it stands."""
    named = _reference(line)
    if named is None or isinstance(line, Unreadable):
        return line
    number, row = named
    stored = found[number][row]
    if isinstance(stored, Sentence):
        return line._replace(payload=None, lost=stored, archive=number)
    same = (stored.salt or b"", stored.digest) == (line.salt, line.digest)
    text = None if stored.text is None else stored.text.encode()
    return line._replace(payload=text, archive=number, row=row if same else None)


def _must_be(kind: type, *values: object) -> None:
    for value in values:
        if type(value) is not kind:
            raise TypeError(value)


def _scope(number: int) -> str:
    if number < 0:  # counted from the end it would name one
        raise IndexError(number)
    return _SCOPES[number]


def _of_sqlite(row: Sequence[Any]) -> Line:
    index, stream, seq, scope, kind, at, actor, behalf, attempt, element, round_, iteration, *rest = row
    payload, salt, digest, chain = rest
    _must_be(int, index or 0, seq, scope, at)  # SQLite keeps a value of any type in any column
    _must_be(bytes, salt or b"", digest, chain or b"")
    told = (_EPOCH + timedelta(microseconds=at)).isoformat(timespec="microseconds")[:-6] + "Z"
    named = _scope(scope)
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
    named = _scope(scope)
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
