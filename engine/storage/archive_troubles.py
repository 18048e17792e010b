"""Why an archive file or its folder cannot be used: a sentence for each cause, none in SQLite's words."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from engine.errors import ArchiveBusy, ArchiveUnreadable, Sentence, say

NO_FOLDER = say("Texts of the record stand in an archive file, and no folder of archive files is set.")

Trouble = OSError | sqlite3.Error | UnicodeDecodeError
_BUSY, _DENIED, _FULL, _FIXED, _DISK, _MISSING, _DAMAGED = range(7)
_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_PERM: _DENIED,
    sqlite3.SQLITE_AUTH: _DENIED,
    sqlite3.SQLITE_CANTOPEN: _DENIED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _FIXED,
    sqlite3.SQLITE_IOERR: _DISK,
}
_OF_SYSTEM = {
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _FIXED,
    errno.ENOENT: _MISSING,
    errno.ENOTDIR: _MISSING,
}


def unreadable(path: Path, error: Trouble, *, changing: bool = False) -> ArchiveUnreadable:
    """Make the error for a file that was to be read, or also to be changed."""
    cause = _cause(path, error, changing=changing)
    if cause == _MISSING:
        return ArchiveUnreadable(missing(path))
    if cause == _BUSY:
        return ArchiveBusy(_of_file(cause, path))
    return ArchiveUnreadable(_of_file(cause, path))


def missing(path: Path) -> Sentence:
    """Say which file is missing, and where."""
    return say(
        "The archive file %(name)s is missing: expected it in %(folder)s. "
        "The administrator can put it back from the backup.",
        name=path.name,
        folder=str(path.parent),
    )


def another(path: Path) -> Sentence:
    """Say that a file is none that the database speaks of."""
    return say(
        "The file %(path)s is another archive than the one that belongs there. "
        "The administrator can put the right one back.",
        path=str(path),
    )


def held(path: Path) -> Sentence:
    """Say that somebody holds a file in a journal mode in which erased texts stay in it."""
    return say(
        "Another program holds the archive file %(path)s open in a journal mode in which erased texts would "
        "stay in it. Nothing was changed. Close that program, and try again.",
        path=str(path),
    )


def lacking(name: str, row: int) -> Sentence:
    """Say that a row is gone from a file."""
    return say("The archive file %(name)s has no row %(row)s any more.", name=name, row=row)


def altered(name: str, row: int) -> Sentence:
    """Say that a row of a file says something else than the record proves."""
    return say(
        "Row %(row)s of the archive file %(name)s is not what was recorded: somebody changed it, and it is "
        "not shown. alur audit verify says what is wrong; the administrator can put the file back.",
        name=name,
        row=row,
    )


def some_altered(name: str) -> Sentence:
    """Say the same of rows of a file that are not named one by one."""
    return say(
        "Texts of the archive file %(name)s are not what was recorded, or gone: somebody changed them, and "
        "they are not shown. alur audit verify says what is wrong; the administrator can put the file back.",
        name=name,
    )


def damaged(path: Path) -> Sentence:
    """Say that a file is no archive any more."""
    return _of_file(_DAMAGED, path)


def not_written(place: Path, error: Trouble) -> Sentence:
    """Say why a new archive could not be written."""
    folder = str(place)
    causes = {
        _FULL: say("The disk of the archive folder %(folder)s is full. Nothing was archived.", folder=folder),
        _DENIED: say(
            "Alur's account may not write to the archive folder %(folder)s. Nothing was archived.",
            folder=folder,
        ),
        _FIXED: say(
            "The disk of the archive folder %(folder)s is read-only. Nothing was archived.", folder=folder
        ),
    }
    other = say(
        "The disk of the archive folder %(folder)s does not take what is written. Nothing was archived.",
        folder=folder,
    )
    return causes.get(_named(error), other)


def not_usable(place: Path, error: OSError) -> Sentence:
    """Say why a folder cannot be used."""
    folder = str(place)
    causes = {
        errno.EACCES: say(
            "The archive folder %(folder)s cannot be used: Alur's account may not write there.",
            folder=folder,
        ),
        errno.EEXIST: say(
            "The archive folder %(folder)s cannot be used: it is a file, not a folder.", folder=folder
        ),
        errno.ENOSPC: say("The archive folder %(folder)s cannot be used: its disk is full.", folder=folder),
        errno.EROFS: say(
            "The archive folder %(folder)s cannot be used: its disk is read-only.", folder=folder
        ),
    }
    same = {errno.EPERM: errno.EACCES, errno.ENOTDIR: errno.EEXIST, errno.EDQUOT: errno.ENOSPC}
    number = error.errno or 0
    other = say("The archive folder %(folder)s cannot be used: its disk does not answer.", folder=folder)
    return causes.get(same.get(number, number), other)


def _named(error: Trouble) -> int:
    if isinstance(error, OSError):
        return _OF_SYSTEM.get(error.errno or 0, _DISK)
    code = getattr(error, "sqlite_errorcode", None)  # not of what Python itself says
    return _DAMAGED if code is None else _OF_SQLITE.get(code & 0xFF, _DAMAGED)


def _cause(path: Path, error: Trouble, *, changing: bool) -> int:
    """Name the cause; where SQLite could not open or write a file, the system says why."""
    cause = _named(error)
    if cause not in {_DENIED, _FIXED, _DISK} or isinstance(error, OSError):
        return cause
    refused = _refused(path, os.O_RDWR if changing else os.O_RDONLY)
    return cause if refused is None else refused


def _refused(path: Path, how: int) -> int | None:
    try:
        os.close(os.open(path, how))
    except OSError as error:
        return _OF_SYSTEM.get(error.errno or 0, _DISK)
    return None


def _of_file(cause: int, path: Path) -> Sentence:
    told = {
        _BUSY: say(
            "The archive file %(path)s is in use just now. Please try again in a moment.", path=str(path)
        ),
        _DENIED: say(
            "Alur's account may not open the archive file %(path)s. The administrator can give the file back "
            "to that account.",
            path=str(path),
        ),
        _FULL: say(
            "The disk of the archive file %(path)s is full. Nothing was changed; tell the administrator.",
            path=str(path),
        ),
        _FIXED: say(
            "The archive file %(path)s is on a disk that is read-only. Nothing was changed; tell the "
            "administrator.",
            path=str(path),
        ),
        _DISK: say(
            "The disk of the archive file %(path)s does not answer. The file itself may be whole; tell the "
            "administrator.",
            path=str(path),
        ),
    }
    rotten = say(
        "The archive file %(path)s is damaged. The administrator can put it back from the backup.",
        path=str(path),
    )
    return told.get(cause, rotten)
