"""The folder of archive files: one archiving at a time, files that are not whole under names of their own."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from engine.errors import ArchiveBusy, ArchiveUnreadable, StorageFailed
from engine.model.archive import NO_TITLE, Archive
from engine.storage import archive_opening, archive_reading, archive_rows
from engine.storage.archive_troubles import another, not_usable, unreadable
from engine.storage.archive_writing import synced
from engine.storage.transaction import Connection, Store

_LOCK, _PART, _JOURNAL = ".lock", ".part", "-journal"


@contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Keep other archivings out; tells whether nobody else is at it. The lock of a killed process is gone."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StorageFailed(not_usable(folder, error)) from error
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
    """Give a file its name, unless it has it already; on the disk it has it when this returns."""
    path, part = folder / archive.name, part_of(folder, archive.id)
    try:
        if part.exists() and not path.exists():
            archive_opening.roll_back(
                part
            )  # under its new name nobody would find the journal of a cut-off erasure
            part.rename(path)
        synced(folder)
    except (OSError, sqlite3.Error) as error:
        raise unreadable(part, error, changing=True) from error
    return path


def where(folder: Path, archive: Archive) -> Path:
    """Say where the file of an archive is, also while it has not got its name."""
    part = part_of(folder, archive.id)
    return part if part.exists() else folder / archive.name


@contextmanager
def opened(folder: Path, archive: Archive) -> Iterator[archive_reading.ArchiveReader]:
    """Read the file of an archive, wherever it is; ArchiveUnreadable where that is another one."""
    path = where(folder, archive)
    with archive_reading.reading(path) as reader:
        if reader.facts().get("id") != archive.id.hex:
            raise ArchiveUnreadable(another(path))
        yield reader


def holding(connection: Connection, folder: Path, case: UUID) -> list[Archive]:
    """Find the archives whose file has a case, as its row, what stands for its texts, or the files say.

    ArchiveUnreadable where one of them cannot be read. A file of other cases, as far as can be told, hinders
    nobody: what comes back with it is found by the check, and erased there by the next archiving.
    """
    named = archive_rows.named_by(connection, case)
    known = {one.number: one for one in archive_rows.listed(connection)}
    if unknown := named - set(known):
        raise ArchiveUnreadable(archive_rows.unknown(min(unknown)))
    return [one for one in known.values() if _has(folder, one, case, must=one.number in named)]


def signs_title(folder: Path, archives: Collection[Archive], case: UUID) -> bool:
    """Tell whether any file is signed with the title of a case, as the first ones were: there it stays."""
    for one in archives:
        with opened(folder, one) as reader:
            if reader.title_of(case) != NO_TITLE:
                return True
    return False


def _has(folder: Path, archive: Archive, case: UUID, *, must: bool) -> bool:
    try:
        with opened(folder, archive) as reader:
            return must or reader.has(case)
    except ArchiveBusy:
        raise
    except ArchiveUnreadable:
        if must:
            raise
        return False


def discard_leftovers(folder: Path, listed: Callable[[], Collection[Archive]]) -> None:
    """Remove what killed archivings were writing, unless one is at work.

    ``listed`` reads the archives once nobody else makes one: what was read before is missing the newest.
    """
    if not folder.is_dir():
        return
    with locked(folder) as alone:
        if alone:
            discard(folder, listed())


def tidy_archives(store: Store) -> None:
    """Remove what killed archivings left behind."""
    folder = store.archives.folder

    def listed() -> Collection[Archive]:
        with store.reading() as connection:
            return archive_rows.listed(connection)

    if folder is not None:
        discard_leftovers(folder, listed)


def discard_given_up(store: Store, folder: Path, archive: Archive) -> None:
    """Remove the file of an archive that was given up and is there again, unless texts are read from it."""
    path = where(folder, archive)
    with store.reading() as connection:
        if not path.exists() or archive_rows.referring(connection, archive.number):
            return
    with opened(folder, archive):
        path.unlink()


def discard(folder: Path, known: Collection[Archive]) -> None:
    """Remove what was being written and no database refers to; for who holds the lock.

    The journal beside a file that stays is of an erasure that was cut off: without it the file is torn.
    """
    ours = {part_of(folder, one.id) for one in known if one.abandoned_at is None}
    staying = {one.name for one in ours if one.exists()}
    staying |= {f"{name}{_JOURNAL}" for name in staying}
    for part in folder.glob(f".*{_PART}*"):
        if part.name not in staying:
            part.unlink(missing_ok=True)
