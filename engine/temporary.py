"""Files and folders that need a name while they are written, in the temporary folder of the system.

They are gone as soon as they were used. What a killed process leaves may hold texts of the record: the
worker's hourly clean-up removes it when it is a day old.
"""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory, _TemporaryFileWrapper, gettempdir

from engine.clock import Clock

_PREFIX = "alur-temporary-"
_KEPT = timedelta(days=1)  # nothing is written for so long


def named_file(suffix: str = "") -> _TemporaryFileWrapper[bytes]:
    """Make a file that is gone when it is closed."""
    return NamedTemporaryFile(prefix=_PREFIX, suffix=suffix)


def named_folder() -> TemporaryDirectory[str]:
    """Make a folder that is gone with the end of its block."""
    return TemporaryDirectory(prefix=_PREFIX)


def discard_left() -> None:
    """Remove what processes of this account left a day ago, by the clock that stamps files."""
    before = (Clock().now() - _KEPT).timestamp()
    found = [path for path in Path(gettempdir()).glob(f"{_PREFIX}*") if _is_left(path, before)]
    for path in found:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _is_left(path: Path, before: float) -> bool:
    try:
        about = path.lstat()
    except FileNotFoundError:
        return False
    return about.st_uid == os.geteuid() and about.st_mtime < before
