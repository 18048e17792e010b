"""The bytes of documents, each under a random name in an object store: a folder by default, S3 by setting.

Never shared by digest: a document may one day have to be destroyed while its row, digest and events
remain. The order is bytes, fsync, row; bytes without a row are removed later by the worker.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from engine import temporary
from engine.errors import StorageFailed, say

CHUNK = 1 << 20  # bytes held in memory while streaming
_NAME_LENGTH = 35  # "ab/" and 32 hexadecimal digits


@dataclass(frozen=True, kw_only=True)
class StoredBlob:
    """What a row of table ``blob`` keeps of the bytes."""

    object: str  # random name in the store
    size: int  # bytes
    digest: bytes  # SHA-256


class Blobs:
    """An object store; safe to use from several threads, made per process (never across a fork)."""

    def __init__(self, place: Path | str) -> None:
        """Open a folder (made with mode 700 where it is missing) or an address such as ``s3://bucket/prefix``."""
        self._folder: Path | None = None
        with _sentences():
            if isinstance(place, str) and "://" in place and not place.startswith("file://"):
                self._store: ObjectStore = from_url(place)
                return
            folder = Path(str(place).removeprefix("file://")).absolute()
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder = folder
            self._store = LocalStore(folder)

    def put(self, content: BinaryIO | bytes) -> StoredBlob:
        """Write bytes, or a file from where it stands, and return when they are on the disk.

        Nothing is left behind when it fails half-way: StorageFailed.
        """
        name = _random_name()
        meter = _Meter(content)
        with _sentences():
            obstore.put(self._store, name, meter.chunks())
            self._sync(name)
        return StoredBlob(object=name, size=meter.size, digest=meter.digest)

    def open(self, name: str) -> Iterator[bytes]:
        """Read the bytes in chunks; a missing object is StorageFailed before the first chunk."""
        with _sentences():
            result = obstore.get(self._store, _checked(name))
            stream = result.stream(min_chunk_size=CHUNK)
        return _reading(stream)

    @contextmanager
    def as_file(self, name: str) -> Iterator[Path]:
        """Lend the bytes as a file to read; from a remote store it is a copy that goes away afterwards."""
        if self._folder is not None:
            path = self._folder / _checked(name)
            if not path.is_file():
                raise StorageFailed(_MISSING)
            yield path
            return
        with temporary.named_file() as copy:
            for chunk in self.open(name):
                copy.write(chunk)
            copy.flush()
            yield Path(copy.name)

    def delete(self, name: str) -> None:
        """Destroy the bytes; deleting what is gone already is fine."""
        with _sentences():
            try:
                obstore.delete(self._store, _checked(name))
            except FileNotFoundError:
                return

    def list_older_than(self, moment: datetime) -> Iterator[str]:
        """Name every object last written before an instant; the caller finds which of them have no row."""
        with _sentences():
            for batch in obstore.list(self._store):
                for entry in batch:
                    if entry["last_modified"] < moment and len(entry["path"]) == _NAME_LENGTH:
                        yield entry["path"]

    def discard_unfinished(self, moment: datetime) -> int:
        """Remove what a killed process was writing before an instant; a local folder only."""
        if self._folder is None:
            return 0
        before = moment.timestamp()
        stale = [path for path in self._folder.glob("*/*#*") if path.stat().st_mtime < before]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def _sync(self, name: str) -> None:
        """Force file and folders to the disk; a remote store has answered only when it has them."""
        if self._folder is None:
            return
        path = self._folder / name
        for place in (path, path.parent, self._folder):
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


class _Meter:
    """Counts and digests a stream while it passes."""

    def __init__(self, content: BinaryIO | bytes) -> None:
        self._content = content
        self._hash = hashlib.sha256()
        self.size = 0

    def chunks(self) -> Iterator[bytes]:
        """Pass the content on in chunks."""
        for chunk in _chunks_of(self._content):
            self._hash.update(chunk)
            self.size += len(chunk)
            yield chunk

    @property
    def digest(self) -> bytes:
        """SHA-256 of what has passed."""
        return self._hash.digest()


_MISSING = say("The bytes of this document are missing from the document store. Tell the administrator.")
_FULL = say("The document store is full. Nothing was saved. Tell the administrator.")
_BROKEN = say("The document store cannot be reached. Nothing was saved. Try again in a few minutes.")


def _chunks_of(content: BinaryIO | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        for start in range(0, len(content), CHUNK):
            yield content[start : start + CHUNK]
        return
    while chunk := content.read(CHUNK):
        yield chunk


def _reading(stream: Iterable[object]) -> Iterator[bytes]:
    with _sentences():
        for chunk in stream:
            yield bytes(chunk)  # type: ignore[call-overload]


def _random_name() -> str:
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


def _checked(name: str) -> str:
    """Names come from our own rows; anything else must not become a path."""
    if len(name) != _NAME_LENGTH or name[2] != "/" or not set(name[:2] + name[3:]) <= set("0123456789abcdef"):
        raise StorageFailed(_MISSING)
    return name


@contextmanager
def _sentences() -> Iterator[None]:
    """Say what the store could not do; a full disk is named, the rest is for the log (``__cause__``)."""
    try:
        yield
    except FileNotFoundError as error:
        raise StorageFailed(_MISSING) from error
    except (BaseError, OSError) as error:
        text = str(error).lower()
        if "no space" in text or "quota" in text or "os error 28" in text:
            raise StorageFailed(_FULL) from error
        raise StorageFailed(_BROKEN) from error
