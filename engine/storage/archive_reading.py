"""An archive file as whoever checks it reads it, and what is erased in it.

Somebody may have written anything into it: what cannot be read as an event is given as None.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from engine.errors import ArchiveBusy
from engine.model.archive import NO_TITLE
from engine.storage.archive_opening import OWN_MODE, connected, journal_mode, read_only
from engine.storage.archive_troubles import held, unreadable

_CHUNK = 4_000  # events read at a time
_EVENTS = (
    "SELECT no, scope, stream, seq, kind, at, actor, on_behalf_of, attempt, element, round, iteration,"
    " payload, salt, digest, chain FROM event WHERE no > ? ORDER BY no LIMIT ?"
)
_HAS = "SELECT 1 FROM case_ WHERE id = ? UNION ALL SELECT 1 FROM event WHERE stream = ? LIMIT 1"
_ERASE = (
    "UPDATE event SET payload = NULL, salt = NULL"
    " WHERE stream = ? AND seq = ? AND (payload IS NOT NULL OR salt IS NOT NULL)"
)


class Text(NamedTuple):
    """Where the text of an event stands, and how long it is in characters."""

    case: UUID
    seq: int
    row: int
    kind: str
    length: int


class ArchivedEvent(NamedTuple):
    """An event as the file has it, ready to be hashed. ``payload`` is None once erased."""

    no: int
    case: bytes
    seq: int
    kind: str
    at: str
    header: bytes
    payload: bytes | None
    salt: bytes
    digest: bytes
    chain: bytes


@dataclass(frozen=True, kw_only=True)
class ArchivedCase:
    """A case as the file has it."""

    id: bytes
    number: str
    title: str
    sop: str
    started_at: str
    ended_at: str
    events: int
    chain: bytes


class ArchiveReader:
    """Reads one file from its beginning to its end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take an open file."""
        self._connection = connection

    def facts(self) -> Mapping[str, str]:
        """Read what the archive says of itself."""
        return dict(self._connection.execute("SELECT name, value FROM about"))

    def case_ids(self) -> list[UUID]:
        """Read which cases it has; ValueError where somebody wrote there what is no case."""
        return [UUID(bytes=one) for (one,) in self._connection.execute("SELECT id FROM case_ ORDER BY id")]

    def has(self, case: UUID) -> bool:
        """Tell whether it has a case, or any event of it."""
        rows = self._connection.execute(_HAS, (case.bytes, case.bytes))
        return rows.fetchone() is not None

    def title_of(self, case: UUID) -> str:
        """Read what it calls a case, which is signed there; empty where only its first event does."""
        found = self._connection.execute("SELECT title FROM case_ WHERE id = ?", (case.bytes,)).fetchone()
        return str(found[0]) if found else NO_TITLE

    def schema(self) -> list[tuple[str, ...]]:
        """Give kind, name, table and statement of all that is declared in it."""
        return self._connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()

    def journal_mode(self) -> str:
        """Tell how it keeps what it needs for a rollback."""
        return journal_mode(self._connection)

    def damage(self) -> str | None:
        """Let SQLite look at the whole file; gives what it finds first, None where that is nothing."""
        found = str(self._connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
        return None if found == "ok" else found

    def cases(self) -> list[ArchivedCase]:
        """Read the cases, by their ids."""
        names = "id, number, title, sop, started_at, ended_at, events, chain"
        rows = self._connection.execute(f"SELECT {names} FROM case_ ORDER BY id")  # noqa: S608 - names of columns
        return [ArchivedCase(**dict(zip(names.split(", "), row, strict=True))) for row in rows]

    def texts(self, cases: Sequence[UUID]) -> list[Text]:
        """Say where the texts of cases stand that were not erased."""
        found = []
        for case in cases:
            rows = self._connection.execute(
                "SELECT seq, no, kind, length(payload) FROM event WHERE stream = ? AND payload IS NOT NULL",
                (case.bytes,),
            )
            found += [Text(case, *row) for row in rows]
        return found

    def events(self) -> Iterator[list[ArchivedEvent | int]]:
        """Read all events in their order, some thousands at a time; of what is none, its row alone."""
        last = -(1 << 63)
        while rows := self._connection.execute(_EVENTS, (last, _CHUNK)).fetchall():
            yield [_event(row) for row in rows]
            last = rows[-1][0]


@contextmanager
def reading(path: Path) -> Iterator[ArchiveReader]:
    """Open a file for reading; ArchiveUnreadable where it is missing or no archive."""
    with closing(read_only(path)) as connection:
        try:
            yield ArchiveReader(connection)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise unreadable(path, error) from error


def erase(path: Path, events: Collection[tuple[UUID, int]]) -> int:
    """Take text and salt of events, named by case and number, out of a file for good; gives of how many.

    SQLite overwrites them. The file is on the disk without them when this returns.
    """
    try:
        path.stat()
        with closing(connected(path, "rw")) as connection:
            _back_to_own_mode(path, connection)
            connection.execute("PRAGMA secure_delete=ON").fetchone()
            connection.execute("PRAGMA synchronous=EXTRA")
            connection.execute("BEGIN IMMEDIATE")
            rows = [(case.bytes, seq) for case, seq in events]
            count = connection.executemany(_ERASE, rows).rowcount
            connection.execute("COMMIT")
            return count
    except (OSError, sqlite3.Error) as error:
        raise unreadable(path, error, changing=True) from error


def _back_to_own_mode(path: Path, connection: sqlite3.Connection) -> None:
    """See to it that what is written next goes into the file itself; ArchiveBusy where somebody holds it."""
    if journal_mode(connection) == OWN_MODE:
        return
    try:
        [mode] = connection.execute(f"PRAGMA journal_mode={OWN_MODE}").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        raise ArchiveBusy(held(path)) from error
    if mode != OWN_MODE:
        raise ArchiveBusy(held(path))


def _event(row: Sequence[Any]) -> ArchivedEvent | int:
    no, scope, case, seq, kind, at, actor, behalf, attempt, element, round_, iteration, *rest = row
    payload, salt, digest, chain = rest
    try:
        header = (
            f"{scope}\n{case.hex()}\n{seq}\n{kind}\n{at}\n{actor.hex() if actor else ''}\n"
            f"{behalf.hex() if behalf else ''}\n{attempt.hex() if attempt else ''}\n{element or ''}\n"
            f"{'' if round_ is None else round_}\n{'' if iteration is None else iteration}"
        )
        read = ArchivedEvent(
            no,
            case,
            seq,
            kind,
            at,
            header.encode(),
            None if payload is None else payload.encode(),
            salt or b"",
            digest,
            chain or b"",
        )
    except (AttributeError, TypeError, UnicodeEncodeError):
        return int(no)
    texts, hashed = (scope, kind, at), (case, read.salt, digest, read.chain)
    of_types = all(type(one) is str for one in texts) and all(type(one) is bytes for one in hashed)
    return read if of_types and type(seq) is int else int(no)
