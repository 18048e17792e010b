"""Opens archive files: as they are, whoever wrote in them last."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from engine.storage.archive_troubles import unreadable

_WAIT = 30  # seconds, while somebody erases in it
OWN_MODE = "delete"
ID = "SELECT value FROM about WHERE name = 'id'"


def read_only(path: Path) -> sqlite3.Connection:
    """Open any archive file for reading."""
    try:
        return reader(path)
    except (OSError, sqlite3.Error) as error:
        raise unreadable(path, error) from error


def reader(path: Path) -> sqlite3.Connection:
    """Open a file for reading; errors of the system and of SQLite are left to who asks."""
    path.stat()  # SQLite does not say why it cannot open one
    connection = connected(path, "ro")
    try:
        connection.execute(ID).fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_ERROR}:
            raise
        roll_back(path)
        return connected(path, "ro")
    except BaseException:
        connection.close()
        raise
    return connection


def roll_back(path: Path) -> None:
    """Let what an erasure that was cut off left behind be undone, which takes somebody who may write."""
    with closing(connected(path, "rw")) as connection:
        connection.execute(ID).fetchone()


def connected(path: Path, mode: str) -> sqlite3.Connection:
    """Open a file in SQLite's mode ``ro`` or ``rw``, for several threads."""
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        timeout=_WAIT,
        check_same_thread=False,
        isolation_level=None,
    )


def journal_mode(connection: sqlite3.Connection) -> str:
    """Tell how a file keeps what it needs for a rollback: ``delete``, unless some tool changed that."""
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])
