"""An SOP as one file: a ZIP archive with its diagram, forms, decisions and notes.

    process.bpmn   forms/<key>.json   <name>.dmn   README.md

An archive comes from anywhere: what is in it counts only after every name and size was looked at, and
nothing of it is ever written to a disk under a name of its own.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from engine.actions.deployment import LARGEST_FILE, Package
from engine.errors import Finding, Refused, Sentence, say
from engine.storage.versions import VersionFiles

LARGEST_ARCHIVE: Final = 20_000_000  # bytes
_MOST_ENTRIES = 500
_MOST_LISTED = 4 * _MOST_ENTRIES  # with the folders, and with what systems leave beside each file
_LISTED = b"PK\x01\x02"  # begins each entry of an archive's list
_MOST_BYTES = 30_000_000  # of all files together, unpacked
_DIAGRAM, _NOTES = "process.bpmn", "README.md"
_FORM = re.compile(r"forms/([A-Za-z0-9][A-Za-z0-9_-]{0,79})\.json", re.ASCII)
_DECISION = re.compile(r"[^/\\\x00-\x1f]{1,120}\.dmn")
_MOST_NAMED = 5
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,79}", re.ASCII)
_LEFT_BY_SYSTEMS = re.compile(r"(__MACOSX/.*|(.*/)?(\.DS_Store|Thumbs\.db|desktop\.ini))", re.DOTALL)
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_OTHER_ARCHIVES: Final = (
    ("word/", say("This is a Word document; no diagram can be read from it.")),
    ("xl/", say("This is an Excel workbook; no diagram can be read from it.")),
    ("ppt/", say("This is a PowerPoint file; no diagram can be read from it.")),
    ("visio/", say("This is a Visio drawing. Save it in Visio as BPMN 2.0 (.bpmn), and upload that.")),
    ("META-INF/manifest.xml", say("This is a LibreOffice document; no diagram can be read from it.")),
)
_ENCRYPTED = 0x1
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the first time that an archive can say


def read_zip(content: bytes, key: str = "") -> Package:
    """Read an archive, or raise Refused. ``key`` names the SOP; where it is empty, the only folder does."""
    if len(content) > LARGEST_ARCHIVE:
        raise _refused(
            "too-large",
            say(
                "The archive has %(found)s bytes; at most %(most)s are read",
                found=len(content),
                most=LARGEST_ARCHIVE,
            ),
        )
    # Looked at before the list is read, which takes a second and much memory where it is endless; how many
    # entries the archive says it has can be a lie.
    listed = content.count(_LISTED)
    if listed > _MOST_LISTED:
        raise _too_many(listed)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            folder, files = _files(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError):
        raise _refused("bad-zip", say("The file is not a ZIP archive that can be read")) from None
    return _package(key or folder, files)


def version_zip(key: str, files: VersionFiles) -> bytes:
    """Write a version of an SOP as an archive."""
    decisions = {name: text.encode() for name, text in files.decisions.items()}
    return package_zip(
        Package(key=key, bpmn=files.bpmn.encode(), forms=files.forms, notes=files.notes, decisions=decisions)
    )


def package_zip(package: Package) -> bytes:
    """Write a package as an archive; the same package gives the same bytes."""
    files = {_DIAGRAM: package.bpmn}
    files |= {f"forms/{key}.json": text.encode() for key, text in package.forms.items()}
    files |= dict(package.decisions)
    if package.notes:
        files[_NOTES] = package.notes.encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same bytes on every system
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name], compresslevel=9)
    return buffer.getvalue()


def _files(archive: zipfile.ZipFile) -> tuple[str, dict[str, bytes]]:
    """Give the folder that all files stand in, if they do, and the files by their names in it."""
    entries = [entry for entry in archive.infolist() if not _LEFT_BY_SYSTEMS.fullmatch(entry.orig_filename)]
    if len(entries) > _MOST_ENTRIES:
        raise _too_many(len(entries))
    names = {entry.filename for entry in entries}
    other = next(
        (said for start, said in _OTHER_ARCHIVES if any(one.startswith(start) for one in names)), None
    )
    if other is not None:
        raise _refused("no-package", other)
    for entry in entries:
        _check_name(entry)
    _must_have_one_diagram(names)
    told = sum(entry.file_size for entry in entries)
    if told > _MOST_BYTES:
        raise _too_much(told)
    kept = [entry for entry in entries if not entry.is_dir()]
    folder = _only_folder([entry.filename for entry in kept])
    files: dict[str, bytes] = {}
    for entry in kept:
        name = entry.filename.removeprefix(f"{folder}/") if folder else entry.filename
        if name in files:
            raise _entry("file-twice", name, say("The archive holds %(file)s twice", file=name))
        _check_place(name)
        files[name] = _read(archive, entry)
    return folder, files


def _must_have_one_diagram(names: set[str]) -> None:
    diagrams = sorted(name for name in names if name.lower().endswith(".bpmn"))
    if len(diagrams) > 1:
        sentence = say(
            "The archive holds %(count)s diagrams (%(files)s); a package holds one, called process.bpmn",
            count=len(diagrams),
            files=", ".join(name[:80] for name in diagrams[:_MOST_NAMED]),
        )
        raise _refused("diagrams", sentence)
    if not diagrams:
        raise _refused("no-diagram", say("The archive holds no process.bpmn"))


def _shown(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name)[:80]


def _check_name(entry: zipfile.ZipInfo) -> None:
    """Refuse names that lead out of the archive, or that readers of archives take differently."""
    name = entry.orig_filename
    parts = name.split("/")
    is_odd = (
        name != entry.filename
        or "\\" in name
        or ":" in name
        or name.startswith("/")
        or any(part in {"", ".", ".."} for part in parts[:-1])
        or parts[-1] in {".", ".."}
        or any(ord(character) < ord(" ") for character in name)
    )
    if is_odd or not name:
        shown = _shown(name)
        raise _entry("file-name", shown, say("The archive holds a file with the name “%(file)s”", file=shown))
    if entry.flag_bits & _ENCRYPTED:
        raise _entry("encrypted", name, say("%(file)s is encrypted", file=name))
    if entry.compress_type not in _PACKED:
        raise _entry("packing", name, say("%(file)s is packed in a way that is not read", file=name))
    if entry.external_attr >> 28 == 0xA:  # noqa: PLR2004 - what Unix writes for a symbolic link
        raise _entry("link", name, say("%(file)s is a link", file=name))


def _only_folder(names: list[str]) -> str:
    """Find the folder that was packed as a whole, as programs of the desktop do it."""
    if _DIAGRAM in names:
        return ""
    tops = {PurePosixPath(name).parts[0] for name in names}
    only = next(iter(tops)) if len(tops) == 1 else ""
    return only if f"{only}/{_DIAGRAM}" in names else ""


def _check_place(name: str) -> None:
    if name in {_DIAGRAM, _NOTES} or _FORM.fullmatch(name) or _DECISION.fullmatch(name):
        return
    raise _entry(
        "file-unknown",
        name,
        say(
            "The archive holds %(file)s; it may hold process.bpmn, forms/….json, ….dmn and README.md",
            file=name,
        ),
    )


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Unpack one file, no further than may be: the size that an archive tells can be a lie."""
    if entry.file_size > LARGEST_FILE:
        raise _large(entry.filename)
    with archive.open(entry) as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise _large(entry.filename)
    return content


def _package(key: str, files: dict[str, bytes]) -> Package:
    if _DIAGRAM not in files:
        raise _refused("no-diagram", say("The archive holds no process.bpmn"))
    if _KEY.fullmatch(key) is None:
        raise _refused(
            "key",
            say("“%(key)s” cannot be the key of an SOP: small letters, digits and hyphens are", key=key[:80]),
        )
    return Package(
        key=key,
        bpmn=files[_DIAGRAM],
        forms=dict(_forms(files)),
        notes=_text(_NOTES, files.get(_NOTES, b"")),
        decisions={name: files[name] for name in sorted(files) if _DECISION.fullmatch(name)},
    )


def _forms(files: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    for name in sorted(files):
        form = _FORM.fullmatch(name)
        if form is not None:
            yield form.group(1), _text(name, files[name])


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise _entry("encoding", name, say("Expected UTF-8 text in %(path)s.", path=name)) from None


def _large(name: str) -> Refused:
    return _entry(
        "too-large", name, say("%(file)s has more than %(most)s bytes", file=name, most=LARGEST_FILE)
    )


def _too_many(found: int) -> Refused:
    sentence = say(
        "The archive holds %(found)s files; at most %(most)s are read", found=found, most=_MOST_ENTRIES
    )
    return _refused("too-many-files", sentence)


def _too_much(found: int) -> Refused:
    sentence = say(
        "Unpacked the archive has %(found)s bytes; at most %(most)s are read", found=found, most=_MOST_BYTES
    )
    return _refused("too-large", sentence)


def _entry(code: str, name: str, sentence: Sentence) -> Refused:
    return Refused((Finding(code=code, element=name, name="", sentence=sentence),), sentence)


def _refused(code: str, sentence: Sentence) -> Refused:
    return _entry(code, "", sentence)
