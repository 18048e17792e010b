"""The bytes of documents: written before their row, read back, destroyed."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import StorageFailed
from engine.storage.blobs import Blobs

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # any time before and after the files of a test
LATER = datetime(2200, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["folder", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs" if request.param == "folder" else "memory:///")


class Drips(io.RawIOBase):
    """A stream that gives a little at a time, and may break."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts = parts

    def read(self, _size: int = -1) -> bytes:
        return next(self.parts, b"")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [0, 1, 3 << 20, (12 << 20) + 7])
def test_what_is_put_comes_back(blobs: Blobs, size: int) -> None:
    content = os.urandom(size)
    stored = blobs.put(io.BytesIO(content))
    assert (stored.size, stored.digest) == (size, hashlib.sha256(content).digest())
    assert b"".join(blobs.open(stored.object)) == content
    with blobs.as_file(stored.object) as path:
        assert path.read_bytes() == content


def test_bytes_can_be_put_too(blobs: Blobs) -> None:
    assert b"".join(blobs.open(blobs.put(b"Disposisi").object)) == b"Disposisi"


def test_the_same_bytes_get_another_name(blobs: Blobs) -> None:
    one, other = blobs.put(b"sama"), blobs.put(b"sama")
    assert one.object != other.object
    blobs.delete(one.object)
    assert b"".join(blobs.open(other.object)) == b"sama"


def test_what_is_deleted_is_gone_and_deleting_again_is_fine(blobs: Blobs) -> None:
    name = blobs.put(b"x").object
    blobs.delete(name)
    blobs.delete(name)
    with pytest.raises(StorageFailed, match="missing"):
        blobs.open(name)
    with pytest.raises(StorageFailed, match="missing"), blobs.as_file(name):
        pass


def test_only_the_old_are_listed(blobs: Blobs) -> None:
    name = blobs.put(b"x").object
    assert list(blobs.list_older_than(LONG_AGO)) == []
    assert list(blobs.list_older_than(LATER)) == [name]


def test_an_upload_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield from [b"x" * (1 << 20)] * 12
        msg = "connection lost"
        raise ConnectionResetError(msg)

    with pytest.raises(StorageFailed):
        Blobs(tmp_path).put(Drips(parts()))  # type: ignore[arg-type]
    assert files_in(tmp_path) == []


def test_what_a_killed_process_left_is_discarded_later(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    kept = blobs.put(b"x").object
    half = tmp_path / f"{kept}#1"
    half.write_bytes(b"half")
    assert list(blobs.list_older_than(LATER)) == [kept]
    assert blobs.discard_unfinished(LONG_AGO) == 0
    os.utime(half, (0, 0))
    assert blobs.discard_unfinished(LONG_AGO) == 1
    assert files_in(tmp_path) == [tmp_path / kept]


@pytest.mark.parametrize("name", ["../../../../etc/passwd", "/etc/passwd", "", "ab/" + "g" * 32, "ab" * 20])
def test_a_name_that_is_not_ours_is_never_a_path(blobs: Blobs, name: str) -> None:
    with pytest.raises(StorageFailed):
        blobs.open(name)
    with pytest.raises(StorageFailed):
        blobs.delete(name)


def test_a_full_disk_is_named() -> None:
    if not Path("/dev/full").exists():
        pytest.fail("this test needs /dev/full")

    class Full(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            with Path("/dev/full").open("wb", buffering=0) as full:
                full.write(b"x")
            return b""

    with pytest.raises(StorageFailed, match="full"):
        Blobs("memory:///").put(Full())  # type: ignore[arg-type]


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageFailed, match="cannot be reached"):
        Blobs(tmp_path / "file" / "blobs")
