"""Archive files as they are read: texts by their row, from connections that are kept open.

A file is one SQLite database that nobody needs Alur for (docs/record-format.md). Which file a number means
the database says, and the file must say the same of itself; what a text must be, the event's digest says.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Dialect

from engine.errors import ArchivedTextUnreadable, ArchiveUnreadable, Sentence, say
from engine.model.archive import Archive, file_name, read_reference
from engine.model.event import text_fits
from engine.storage.archive_opening import ID, OWN_MODE, journal_mode, reader
from engine.storage.archive_troubles import NO_FOLDER, altered, another, damaged, lacking, unreadable

_KEPT = 8  # connections to one file
_CASES = 32  # whose digests are kept: readers go case by case
_ONE = "SELECT no, stream, seq, payload, salt, digest FROM event WHERE no = ?"
# The first takes half the time of the second.
_SOME = (
    "SELECT no, stream, seq, payload, salt, digest FROM event WHERE no IN (SELECT value FROM json_each(?))"
)

Digests = Mapping[int, bytes]  # of the events of a case, by number
_Stamp = tuple[int, ...]


class Stored(NamedTuple):
    """A row of an archive file: the event it says it is, its text, None where that was erased, its proof."""

    stream: bytes
    seq: int
    text: str | None
    salt: bytes | None
    digest: bytes


@dataclass
class _Open:
    """A file as it was when it was opened, and connections to it that nobody uses.

    In another journal mode they would hold it, and nobody could erase in it: none is kept then.
    """

    archive: Archive
    path: Path
    stamp: _Stamp
    most: int  # connections that are kept
    idle: list[sqlite3.Connection] = field(default_factory=list)

    def close(self) -> None:
        while self.idle:
            self.idle.pop().close()


class Archives:
    """The archive files of one record; may be used from several threads, made per process."""

    def __init__(
        self, folder: Path | None, known: Callable[[int], Archive | None], digests: Callable[[UUID], Digests]
    ) -> None:
        """Take the folder, and what reads which file a number means, and the digests of a case."""
        self.folder = folder
        self._known = known
        self._digests = lru_cache(maxsize=_CASES)(digests)
        self._open: dict[int, _Open] = {}

    def text(self, number: int, row: int) -> str | None:
        """Read a text as it was recorded; None where it was erased.

        ArchiveUnreadable says which file should have it, or that somebody changed what it has.
        """
        with self.lent(number) as (archive, connection):
            found = _rows(archive, connection, [row])[row]
        if found.text is None:
            return None
        expected = self._expected(found.stream, found.seq)
        if expected is None or not text_fits(found.text.encode(), found.salt or b"", expected):
            raise ArchivedTextUnreadable(altered(file_name(number), row))
        return found.text

    def whatever(self, number: int, rows: Sequence[int]) -> dict[int, Stored | Sentence]:
        """Read texts for who holds them against their digests; of a row that cannot be read, why."""
        try:
            with self.lent(number) as (archive, connection):
                return dict(_rows(archive, connection, rows))
        except ArchiveUnreadable as error:
            if len(rows) == 1:
                return {rows[0]: error.sentence}
        return {row: found for one in rows for row, found in self.whatever(number, [one]).items()}

    def _expected(self, stream: object, seq: object) -> bytes | None:
        if not isinstance(stream, bytes) or len(stream) != 16:  # noqa: PLR2004 - bytes of an id
            return None
        return self._digests(UUID(bytes=stream)).get(seq) if isinstance(seq, int) else None

    @contextmanager
    def lent(self, number: int) -> Iterator[tuple[Archive, sqlite3.Connection]]:
        """Lend a connection that reads the file of an archive."""
        opened = self._opened(number)
        try:
            connection = opened.idle.pop() if opened.idle else reader(opened.path)
        except (OSError, sqlite3.Error) as error:
            raise unreadable(opened.path, error) from error
        try:
            yield opened.archive, connection
        except (sqlite3.Error, UnicodeDecodeError) as error:
            connection.close()
            self._forget(number)
            raise unreadable(opened.path, error) from error
        except BaseException:
            connection.close()
            raise
        if len(opened.idle) < opened.most and self._open.get(number) is opened:
            opened.idle.append(connection)
        else:
            connection.close()

    def trouble_with(self, archive: Archive) -> Sentence | None:
        """Say why the file of an archive cannot be read; None where it is whole as far as a look can tell."""
        try:
            with self.lent(archive.number) as (_, connection):
                connection.execute(ID).fetchone()
            path = self._path(archive.name)
            short = path.stat().st_size < archive.size  # erasing leaves a file its size
        except ArchiveUnreadable as error:
            return error.sentence
        except OSError as error:
            return unreadable(self._path(archive.name), error).sentence
        return damaged(path) if short else None

    def close(self) -> None:
        """Let every file go."""
        for number in list(self._open):
            self._forget(number)

    def _forget(self, number: int) -> None:
        opened = self._open.pop(number, None)
        if opened is not None:
            opened.close()

    def _path(self, name: str) -> Path:
        if self.folder is None:
            raise ArchiveUnreadable(NO_FOLDER)
        return self.folder / name

    def _opened(self, number: int) -> _Open:
        opened = self._open.get(number)
        if opened is not None and _stamp(opened.path) == opened.stamp:
            return opened
        self._forget(number)
        archive = self._known(number)
        if archive is None:
            raise ArchiveUnreadable(
                say("The database knows no archive number %(number)s, and names it.", number=number)
            )
        path = self._path(archive.name)
        stamp, connection = _stamp(path), _checked(archive, path)
        most = _KEPT if journal_mode(connection) == OWN_MODE else 0
        opened = _Open(archive=archive, path=path, stamp=stamp, most=most, idle=[connection])
        self._open[number] = opened
        return opened


def _rows(archive: Archive, connection: sqlite3.Connection, rows: Sequence[int]) -> dict[int, Stored]:
    found: dict[int, Stored] = {}
    asked = (_ONE, rows) if len(rows) == 1 else (_SOME, (json.dumps(rows),))
    for row, *values in connection.execute(*asked):
        _stream, _seq, said, salt, _digest = values  # SQLite keeps a value of any type in any column
        if not isinstance(said, str | None) or not isinstance(salt, bytes | None):
            raise ArchivedTextUnreadable(altered(archive.name, row))
        found[row] = Stored._make(values)
    for row in rows:
        if row not in found:
            raise ArchivedTextUnreadable(lacking(archive.name, row))
    return found


_BY_DIALECT: WeakKeyDictionary[Dialect, Archives] = WeakKeyDictionary()


def register(dialect: Dialect, archives: Archives) -> None:
    """Let texts that a database's connections read be looked up in its archives."""
    _BY_DIALECT[dialect] = archives


def whole(dialect: Dialect, text: str) -> str | None:
    """Give the text that stands in an archive where this is a reference; any other text as it is.

    ArchiveUnreadable where it is not there, or not what the event's digest says.
    """
    named = read_reference(text)
    return text if named is None else _of(dialect).text(*named)


def whatever(dialect: Dialect, number: int, rows: Sequence[int]) -> dict[int, Stored | Sentence]:
    """Give what stands in some rows of an archive, for who holds it against its digests, or why not."""
    try:
        archives = _of(dialect)
    except ArchiveUnreadable as error:
        return dict.fromkeys(rows, error.sentence)
    return archives.whatever(number, rows)


def _of(dialect: Dialect) -> Archives:
    archives = _BY_DIALECT.get(dialect)
    if archives is None:
        raise ArchiveUnreadable(NO_FOLDER)
    return archives


def _checked(archive: Archive, path: Path) -> sqlite3.Connection:
    try:
        connection = reader(path)
        found = connection.execute(ID).fetchone()
    except (OSError, sqlite3.Error) as error:
        raise unreadable(path, error) from error
    if found is None or found[0] != archive.id.hex:
        connection.close()
        raise ArchiveUnreadable(another(path))
    return connection


def _stamp(path: Path) -> _Stamp:
    """Tell a file that was exchanged, or written over, from the one that was opened."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a third of the time of Path.stat, for every text
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
