"""The archive of a bundle: a ZIP of which every byte follows from its files, so that none can be changed.

Nothing is packed, no time is told, no field is free: who reads it writes it again and compares. What is
written streams; only the list of the files is kept in memory.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from struct import Struct
from typing import BinaryIO, Final

from engine.errors import Conflict, say

# PKWARE's APPNOTE 6.3.10: 4.3.7 local header, 4.3.12 central header after its first six bytes, 4.3.16 end.
_LOCAL, _LISTED, _END = Struct("<4s5H3L2H"), Struct("<3H2L"), Struct("<4s4H2LH")
_VERSION, _UTF_8, _STORED, _MIDNIGHT, _FIRST_DAY = 20, 0x800, 0, 0, 0x21
_FILE: Final = 0o100644 << 16  # an ordinary file that all may read
_MOST_BYTES, _MOST_FILES = 0xFFFFFFFE, 0xFFFE  # what the fields of an archive without extensions hold


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file as it stands in the archive."""

    name: str
    size: int
    sha256: str


class Archive:
    """An archive that is being written to a file which can be read and written anywhere."""

    def __init__(self, file: BinaryIO) -> None:
        """Begin at the beginning of the file."""
        self._file = file
        self._listed: list[bytes] = []
        self.files: list[Written] = []

    def add(self, name: str, content: bytes | Iterable[bytes]) -> Written:
        """Write one file; Conflict where the archive would become larger than its fields can say."""
        file, raw, at = self._file, name.encode(), self._file.tell()
        file.write(_head(raw, 0, 0))
        crc, size, digest = 0, 0, hashlib.sha256()
        for chunk in (content,) if isinstance(content, bytes) else content:
            file.write(chunk)
            digest.update(chunk)
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            if at + size > _MOST_BYTES or len(self.files) >= _MOST_FILES:
                raise Conflict(
                    say("This case is too large for one file: a bundle holds up to 4 GB and 65,000 files.")
                )
        end, head = file.tell(), _head(raw, crc, size)
        file.seek(at)
        file.write(head)
        file.seek(end)
        fixed = b"PK\1\2\x14\3" + head[4 : _LOCAL.size]
        self._listed.append(fixed + _LISTED.pack(0, 0, 0, _FILE, at) + raw)
        self.files.append(Written(name=name, size=size, sha256=digest.hexdigest()))
        return self.files[-1]

    def close(self) -> None:
        """Write the list of the files, which ends the archive."""
        listed, count = b"".join(self._listed), len(self.files)
        at = self._file.tell()
        self._file.write(listed + _END.pack(b"PK\5\6", 0, 0, count, count, len(listed), at, 0))


def _head(name: bytes, crc: int, size: int) -> bytes:
    fixed = (b"PK\3\4", _VERSION, _UTF_8, _STORED, _MIDNIGHT, _FIRST_DAY)
    return _LOCAL.pack(*fixed, crc, size, size, len(name), 0) + name
