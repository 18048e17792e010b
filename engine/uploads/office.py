"""Office documents are zip archives: looked at by their directory, unpacked only where they must be."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import BinaryIO

from engine.errors import Sentence, say

_MAX_ENTRIES = 5_000
_ENTRY = b"PK\x01\x02"  # begins each entry of the directory
_MAX_UNPACKED = 500 << 20  # bytes, as the directory says
_MAX_RATIO = 200  # beyond 10 MB; text packs 10 to 20 times
_MAX_READ = 20 << 20  # bytes of one part that we read ourselves
_MAX_DEPTH = 2  # a chart's workbook inside a document
_RUNNABLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ", b"\x7fELF")  # OLE (macros, packages), programs

_OOXML = {"docx": b"wordprocessingml.document", "xlsx": b"spreadsheetml.sheet", "pptx": b"presentationml."}
_ODF = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
}
KINDS = frozenset(_OOXML) | frozenset(_ODF)
_FETCHED = re.compile(  # a relationship that loads something from elsewhere when the file is opened
    rb"relationships/(?:attachedTemplate|oleObject|subDocument|frame|attachedToolbars)[\"']"
)

_UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError)
_BROKEN = say("%(name)s is damaged or not what its name says. Open it, save it again and upload that.")
_BOMB = say("%(name)s unpacks to far more than a document holds. Save it again and upload that.")
_MACROS = say("%(name)s contains macros or a program. Save it without them and upload that.")
_LOCKED = say("%(name)s is protected by a password. Save it without one and upload that.")
_REMOTE = say("%(name)s loads a template or object from elsewhere. Save it without that and upload it.")


def problem(stream: BinaryIO, extension: str, depth: int = 0) -> Sentence | None:
    """Say why an office document may not be kept, or nothing."""
    if _has_too_many_entries(stream):
        return _BOMB
    try:
        with zipfile.ZipFile(stream) as archive:
            return (
                _of_directory(archive.infolist())
                or _of_kind(archive, extension)
                or _of_parts(archive, archive.infolist(), depth)
            )
    except _UNREADABLE:
        return _BROKEN


def _has_too_many_entries(stream: BinaryIO) -> bool:
    """Count the directory's entries before ``zipfile`` makes an object of each, however many there are."""
    count, end = 0, b""
    stream.seek(0)
    while piece := stream.read(1 << 20):
        count += (end + piece).count(_ENTRY)
        end = piece[-len(_ENTRY) + 1 :]
    stream.seek(0)
    return count > _MAX_ENTRIES


def _of_directory(entries: list[zipfile.ZipInfo]) -> Sentence | None:
    names = [entry.filename for entry in entries]
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > _MAX_ENTRIES or unpacked > _MAX_UNPACKED:
        return _BOMB
    if unpacked > _MAX_READ // 2 and unpacked > packed * _MAX_RATIO:
        return _BOMB
    if any(entry.flag_bits & 1 for entry in entries):
        return _LOCKED
    if len(set(names)) != len(names) or any(_leaves_the_archive(name) for name in names):
        return _BROKEN
    return None


def _leaves_the_archive(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/")


def _of_kind(archive: zipfile.ZipFile, extension: str) -> Sentence | None:
    """Compare what the archive says it is with the extension."""
    if extension in _ODF:
        said = _read(archive, archive.getinfo("mimetype")) if "mimetype" in archive.namelist() else b""
        return None if said.strip() == _ODF[extension] else _BROKEN
    if "[Content_Types].xml" not in archive.namelist():
        return _BROKEN
    types = _read(archive, archive.getinfo("[Content_Types].xml"))
    if b"macroEnabled" in types or b"vbaProject" in types:
        return _MACROS
    return None if _OOXML[extension] in types else _BROKEN


def _of_parts(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], depth: int) -> Sentence | None:
    for entry in entries:
        if entry.is_dir():
            continue
        found = _of_part(archive, entry, depth)
        if found is not None:
            return found
    return None


def _of_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> Sentence | None:
    name = entry.filename.lower()
    if "vbaproject" in name or "/activex/" in f"/{name}" or name.startswith(("basic/", "scripts/")):
        return _MACROS
    with archive.open(entry) as part:
        if part.read(8).startswith(_RUNNABLE):
            return _MACROS
    if name.endswith(".rels"):
        return _of_relationships(_read(archive, entry))
    extension = name.rpartition(".")[2]
    if "/embeddings/" in name and extension in KINDS:
        if depth >= _MAX_DEPTH:
            return _BOMB
        return problem(io.BytesIO(_read(archive, entry)), extension, depth + 1)
    return None


def _of_relationships(xml: bytes) -> Sentence | None:
    # Split, not one pattern over the whole: that would go back and forth in a part made to be slow.
    for piece in xml.split(b"<"):
        element = piece.partition(b">")[0]
        if b"External" in element and _FETCHED.search(element):
            return _REMOTE
    return None


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Read a part within the limit, whatever the directory says of its size."""
    with archive.open(entry) as part:
        content = part.read(_MAX_READ + 1)
    if len(content) > _MAX_READ:
        msg = "a part is larger than any such part should be"
        raise ValueError(msg)
    return content
