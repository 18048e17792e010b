"""Each cause for which an archive file or its folder cannot be used has a sentence of its own."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from engine.errors import ArchiveUnreadable, StorageFailed
from engine.storage import archive_folder, archive_reading
from engine.storage.archive_troubles import not_usable, not_written, unreadable

_NOBODY = 65534
_CASE = UUID(int=7)


@pytest.fixture
def file() -> Iterator[Path]:
    """Give a file of SQLite in a folder that everybody may enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        path = folder / "archive-1.alur"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE about (name, value)")
            connection.execute("CREATE TABLE event (stream, seq, payload, salt)")
            connection.execute("INSERT INTO event VALUES (?, 1, 'a', 'b')", (_CASE.bytes,))
            connection.commit()
        yield path


@pytest.fixture
def nobody(file: Path) -> Iterator[None]:
    """Act as an account to which the file does not belong."""
    assert file.exists()
    own = os.geteuid()
    if own == 0:
        os.seteuid(_NOBODY)
    yield
    os.seteuid(own)


def test_a_file_of_another_account(file: Path, request: pytest.FixtureRequest) -> None:
    file.chmod(0o600 if os.geteuid() == 0 else 0)
    request.getfixturevalue("nobody")
    with pytest.raises(ArchiveUnreadable, match="account may not open"), archive_reading.reading(file):
        pass
    with pytest.raises(ArchiveUnreadable, match="account may not open"):
        archive_reading.erase(file, [(_CASE, 1)])


def test_a_file_that_may_only_be_read(file: Path, request: pytest.FixtureRequest) -> None:
    file.chmod(0o444)
    request.getfixturevalue("nobody")
    with archive_reading.reading(file) as reader:
        assert reader.facts() == {}
    with pytest.raises(ArchiveUnreadable, match="account may not open"):
        archive_reading.erase(file, [(_CASE, 1)])


def test_a_folder_that_may_not_be_entered_or_written(file: Path, request: pytest.FixtureRequest) -> None:
    file.parent.chmod(0o700 if os.geteuid() == 0 else 0)
    request.getfixturevalue("nobody")
    with pytest.raises(ArchiveUnreadable, match="account may not open"), archive_reading.reading(file):
        pass
    with (
        pytest.raises(StorageFailed, match="account may not write there"),
        archive_folder.locked(file.parent),
    ):
        pass


def test_a_file_that_is_none_of_sqlite(file: Path) -> None:
    file.write_bytes(bytes(5000))
    with pytest.raises(ArchiveUnreadable, match="is damaged"), archive_reading.reading(file):
        pass
    file.unlink()
    with pytest.raises(ArchiveUnreadable, match="is missing"), archive_reading.reading(file):
        pass


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "is full"),
        (errno.EROFS, "is read-only"),
        (errno.EACCES, "account may not"),
        (errno.EIO, "The disk of the archive"),
    ],
)
def test_what_the_system_says(file: Path, number: int, sentence: str) -> None:
    error = OSError(number, os.strerror(number))
    told = [unreadable(file, error).sentence, not_written(file.parent, error), not_usable(file.parent, error)]
    for one in told[:2]:
        assert sentence in str(one)
    for one in told:
        assert os.strerror(number) not in str(one)
    assert len(set(map(str, told))) == 3
