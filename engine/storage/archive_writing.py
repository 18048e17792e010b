"""An archive file as it is written: one SQLite database, under another name until it is whole."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from engine.errors import StorageFailed
from engine.model.archive import NO_TITLE
from engine.model.event import Event
from engine.storage.archive_troubles import not_written

_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE case_ (
    id BLOB PRIMARY KEY, number TEXT NOT NULL, title TEXT NOT NULL, sop TEXT NOT NULL,
    started_at TEXT NOT NULL, ended_at TEXT NOT NULL, events INTEGER NOT NULL, chain BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE event (
    no INTEGER PRIMARY KEY, scope TEXT NOT NULL, stream BLOB NOT NULL, seq INTEGER NOT NULL,
    kind TEXT NOT NULL, at TEXT NOT NULL, actor BLOB, on_behalf_of BLOB, attempt BLOB, element TEXT,
    round INTEGER, iteration INTEGER, payload TEXT, salt BLOB, digest BLOB NOT NULL, chain BLOB,
    UNIQUE (stream, seq)
);
"""
# What is declared in a file, and nothing else is.
Declared = frozenset[tuple[str, ...]]  # kind, name, table and statement of each
_EVENT = f"INSERT INTO event VALUES ({', '.join('?' * 16)})"  # noqa: S608 - question marks
_OWNER_ONLY = 0o600


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What an archive says of a case besides its events."""

    id: UUID
    number: str
    sop: str  # key
    started_at: datetime
    ended_at: datetime
    events: int
    chain: bytes


class Writer:
    """Writes one file, case by case."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take an empty database."""
        self._connection = connection
        self.events = 0
        connection.executescript(_TABLES)
        connection.execute("BEGIN")

    def add(self, case: CaseFacts, events: Iterable[Event]) -> None:
        """Write a case with all its events; its title is in the first, where it can be erased."""
        facts = (case.number, NO_TITLE, case.sop, written(case.started_at), written(case.ended_at))
        row = (case.id.bytes, *facts, case.events, case.chain)
        self._connection.execute(f"INSERT INTO case_ VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
        self._connection.executemany(_EVENT, map(self._row, events))

    def end(self, facts: Mapping[str, str]) -> None:
        """Write what the archive is, and come to an end."""
        self._connection.executemany("INSERT INTO about VALUES (?, ?)", facts.items())
        self._connection.execute("COMMIT")

    def _row(self, one: Event) -> tuple[object, ...]:
        self.events += 1
        ids = (one.actor, one.on_behalf_of, one.attempt)
        return (
            self.events,
            one.scope.value,
            one.stream.bytes,
            one.seq,
            one.kind.value,
            written(one.at),
            *(each.bytes if each else None for each in ids),
            one.element,
            one.round,
            one.iteration,
            one.payload,
            one.salt,
            one.digest,
            one.chain or None,
        )


@cache
def declared() -> Declared:
    """Give what SQLite keeps of the tables of a file."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_TABLES)
        return frozenset(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"))


def written(at: datetime) -> str:
    """Write an instant as headers of events have it."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Write a file that is on the disk when the block ends; nothing is left of it when that fails."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode=OFF")  # until it is whole it is worth nothing
            connection.execute("PRAGMA synchronous=OFF")
            yield Writer(connection)
        finally:
            connection.close()
        synced(path)
        synced(path.parent)  # its name too: the record is about to speak of it
    except (OSError, sqlite3.OperationalError) as error:
        path.unlink(missing_ok=True)
        raise StorageFailed(not_written(path.parent, error)) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def synced(path: Path) -> None:
    """Force a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
