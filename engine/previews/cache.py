"""Pictures kept in a folder, the least lately used removed first."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


class PictureCache:
    """Files named by document and page; shared by processes, which only ever replace whole files."""

    def __init__(self, folder: Path, *, limit: int) -> None:
        """Keep at most about ``limit`` bytes."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._limit = limit

    def find(self, name: str, key: str) -> bytes | None:
        """Give a picture that was kept."""
        path = self._path(name, key)
        try:
            picture = path.read_bytes()
            os.utime(path)  # the hit, for the order in which pictures make room
        except OSError:
            return None
        return picture

    def keep(self, name: str, key: str, picture: bytes) -> None:
        """Keep a picture; a full disk costs only the next reader's time."""
        try:
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix="new-", delete=False) as file:
                file.write(picture)
            Path(file.name).replace(self._path(name, key))
            self._prune()
        except OSError:
            return

    def forget(self, name: str) -> None:
        """Remove every picture of a document."""
        for path in self._folder.glob(f"{_hashed(name)}-*"):
            path.unlink(missing_ok=True)

    def _path(self, name: str, key: str) -> Path:
        return self._folder / f"{_hashed(name)}-{key}"

    def _prune(self) -> None:
        entries = []
        with os.scandir(self._folder) as found:
            for entry in found:
                facts = entry.stat()
                entries.append((facts.st_mtime, facts.st_size, entry.path))
        total = sum(size for _at, size, _path in entries)
        for _at, size, path in sorted(entries):
            if total <= self._limit:
                return
            Path(path).unlink(missing_ok=True)
            total -= size


def _hashed(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]
