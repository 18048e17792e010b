"""Archive files as they are read: texts by their row, from connections that are kept open.

A file is one SQLite database that nobody needs Alur for (docs/record-format.md). Which file a number means
the database says, and the file must say the same of itself.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Dialect

from engine.errors import ArchiveUnreadable, Sentence, say
from engine.model.archive import Archive, read_reference

_KEPT = 8  # connections to one file
_WAIT = 30  # seconds, while somebody erases in it
_TEXT = "SELECT payload FROM event WHERE no = ?"
_ID = "SELECT value FROM about WHERE name = 'id'"


NO_FOLDER = say("Texts of the record stand in an archive file, and no folder of archive files is set.")


@dataclass
class _Open:
    """A file as it was when it was opened, and connections to it that nobody uses."""

    archive: Archive
    path: Path
    inode: tuple[int, int]
    idle: list[sqlite3.Connection] = field(default_factory=list)

    def close(self) -> None:
        while self.idle:
            self.idle.pop().close()


class Archives:
    """The archive files of one record; may be used from several threads, made per process."""

    def __init__(self, folder: Path | None, known: Callable[[int], Archive | None]) -> None:
        """Take the folder, and what reads from the database which file a number means."""
        self.folder = folder
        self._known = known
        self._open: dict[int, _Open] = {}

    def text(self, number: int, row: int) -> str | None:
        """Read a text; None where it was erased. ArchiveUnreadable says which file should have it."""
        with self.lent(number) as (archive, connection):
            found = connection.execute(_TEXT, (row,)).fetchone()
            if found is None:
                raise ArchiveUnreadable(lacking(archive.name, row))
            if found[0] is not None and not isinstance(found[0], str):
                raise ArchiveUnreadable(damaged(self._path(archive.name), f"row {row}"))
            text: str | None = found[0]
            return text

    @contextmanager
    def lent(self, number: int) -> Iterator[tuple[Archive, sqlite3.Connection]]:
        """Lend a connection that reads the file of an archive."""
        opened = self._opened(number)
        try:
            connection = opened.idle.pop() if opened.idle else _reader(opened.path)
        except sqlite3.Error as error:
            raise ArchiveUnreadable(damaged(opened.path, str(error))) from error
        try:
            yield opened.archive, connection
        except (sqlite3.Error, UnicodeDecodeError) as error:
            connection.close()
            self._forget(number)
            raise ArchiveUnreadable(damaged(opened.path, str(error))) from error
        except BaseException:
            connection.close()
            raise
        if len(opened.idle) < _KEPT and self._open.get(number) is opened:
            opened.idle.append(connection)
        else:
            connection.close()

    def path_of(self, name: str) -> Path:
        """Say where a file is expected; ArchiveUnreadable where no folder was set."""
        return self._path(name)

    def is_there(self, name: str) -> bool:
        """Tell whether a file is in its place."""
        return self.folder is not None and (self.folder / name).is_file()

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
        if opened is not None and _inode(opened.path) == opened.inode:
            return opened
        self._forget(number)
        archive = self._known(number)
        if archive is None:
            raise ArchiveUnreadable(
                say("The database knows no archive number %(number)s, and names it.", number=number)
            )
        path = self._path(archive.name)
        opened = _Open(archive=archive, path=path, inode=_inode(path))
        opened.idle.append(_checked(archive, path))
        self._open[number] = opened
        return opened


_BY_DIALECT: WeakKeyDictionary[Dialect, Archives] = WeakKeyDictionary()


def register(dialect: Dialect, archives: Archives) -> None:
    """Let texts that a database's connections read be looked up in its archives."""
    _BY_DIALECT[dialect] = archives


def whole(dialect: Dialect, text: str) -> str | None:
    """Give the text that stands in an archive where this is a reference; any other text as it is."""
    named = read_reference(text)
    if named is None:
        return text
    archives = _BY_DIALECT.get(dialect)
    if archives is None:
        raise ArchiveUnreadable(NO_FOLDER)
    return archives.text(*named)


def lacking(name: str, row: int) -> Sentence:
    """Say that a row is gone from a file."""
    return say("The archive file %(name)s has no row %(row)s any more.", name=name, row=row)


def read_only(path: Path) -> sqlite3.Connection:
    """Open any archive file for reading."""
    try:
        return _reader(path)
    except sqlite3.Error as error:
        raise ArchiveUnreadable(damaged(path, str(error))) from error


def _reader(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path))}?mode=ro"
    connection = sqlite3.connect(
        address, uri=True, timeout=_WAIT, check_same_thread=False, isolation_level=None
    )
    try:
        connection.execute(_ID).fetchone()
    except sqlite3.OperationalError:
        connection.close()
        _roll_back(path)
        return sqlite3.connect(
            address, uri=True, timeout=_WAIT, check_same_thread=False, isolation_level=None
        )
    except BaseException:
        connection.close()
        raise
    return connection


def _roll_back(path: Path) -> None:
    """Let what an erasure that was cut off left behind be undone, which takes somebody who may write."""
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=_WAIT)) as connection:
        connection.execute(_ID).fetchone()


def _checked(archive: Archive, path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise ArchiveUnreadable(missing(path))
    try:
        connection = _reader(path)
        found = connection.execute(_ID).fetchone()
    except sqlite3.Error as error:
        raise ArchiveUnreadable(damaged(path, str(error))) from error
    if found is None or found[0] != archive.id.hex:
        connection.close()
        raise ArchiveUnreadable(
            say(
                "The file %(path)s is another archive than the one that belongs there. "
                "The administrator can put the right one back.",
                path=str(path),
            )
        )
    return connection


def missing(path: Path) -> Sentence:
    """Say which file is missing, and where."""
    return say(
        "The archive file %(name)s is missing: expected it in %(folder)s. "
        "The administrator can put it back from the backup.",
        name=path.name,
        folder=str(path.parent),
    )


def damaged(path: Path, detail: str) -> Sentence:
    """Say which file cannot be read, and why."""
    return say(
        "The archive file %(path)s is damaged (%(detail)s). "
        "The administrator can put it back from the backup.",
        path=str(path),
        detail=detail,
    )


def _inode(path: Path) -> tuple[int, int]:
    try:
        found = os.stat(path)  # noqa: PTH116 - a third of the time of Path.stat, for every text
    except OSError:
        return (0, 0)
    return found.st_dev, found.st_ino
