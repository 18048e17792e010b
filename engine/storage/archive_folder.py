"""The folder of archive files: one archiving at a time, files that are not whole under names of their own."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from engine.errors import StorageFailed, say
from engine.model.archive import Archive
from engine.storage import archive_rows
from engine.storage.archive_writing import synced
from engine.storage.transaction import Store

_LOCK, _PART = ".lock", ".part"


@contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Keep other archivings out; tells whether nobody else is at it. The lock of a killed process is gone."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        sentence = say(
            "The archive folder %(folder)s cannot be used: %(detail)s.",
            folder=str(folder),
            detail=os.strerror(error.errno or 0),
        )
        raise StorageFailed(sentence) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def part_of(folder: Path, archive: UUID) -> Path:
    """Name a file that is being written, or that the database does not know yet to be in its place."""
    return folder / f".{archive.hex}{_PART}"


def put_in_place(folder: Path, archive: Archive) -> Path:
    """Give a file its name, unless it has it already."""
    path, part = folder / archive.name, part_of(folder, archive.id)
    if not path.exists() and part.exists():
        part.rename(path)
        synced(folder)
    return path


def where(folder: Path, archive: Archive) -> Path:
    """Say where the file of an archive is, also while it has not got its name."""
    path, part = folder / archive.name, part_of(folder, archive.id)
    return part if part.exists() and not path.exists() else path


def discard_leftovers(folder: Path, known: Collection[Archive]) -> None:
    """Remove what killed archivings were writing, unless one is at work."""
    if not folder.is_dir():
        return
    with locked(folder) as alone:
        if alone:
            discard(folder, known)


def tidy_archives(store: Store) -> None:
    """Remove what killed archivings left behind."""
    folder = store.archives.folder
    if folder is not None and folder.is_dir():
        with store.reading() as connection:
            known = archive_rows.listed(connection)
        discard_leftovers(folder, known)


def discard(folder: Path, known: Collection[Archive]) -> None:
    """Remove what was being written and no database refers to; for who holds the lock."""
    ours = {part_of(folder, one.id) for one in known}
    for part in folder.glob(f".*{_PART}*"):
        if part not in ours:
            part.unlink(missing_ok=True)
