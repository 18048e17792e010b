"""What people may upload: checked by name, signature and content before a byte is stored.

Nothing here opens a file with a library that was written for friendly input: archives are read by
their directory, PDFs by their names, and both within limits.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from engine.errors import Sentence, UploadRefused, say
from engine.model.file_kind import MAX_BYTES, MEDIA_TYPES, kinds, media_types
from engine.uploads import office, pdf, text
from engine.uploads.names import clean_filename, extension_of

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office before 2007, and every Office file with a password

ACCEPTED = ", ".join(f".{ending}" for ending in MEDIA_TYPES)
_MODERN = {"doc": ".docx", "xls": ".xlsx", "ppt": ".pptx", "docm": ".docx", "xlsm": ".xlsx", "pptm": ".pptx"}


@dataclass(frozen=True, kw_only=True)
class CheckedUpload:
    """What is kept of an upload beside its bytes."""

    filename: str  # cleaned: safe to show, to send back and to save on any system
    media_type: str
    size: int  # bytes


def check(filename: str, stream: BinaryIO, accept: Sequence[str] = ()) -> CheckedUpload:
    """Look at a whole seekable file; UploadRefused, or what to keep, with the stream at its start again.

    ``accept`` are the endings that its place takes (".pdf"); empty takes every kind that is kept.
    """
    name = clean_filename(filename)
    extension = extension_of(name)
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    problem = (
        _of_name_and_size(extension, size) or _of_place(extension, accept) or _of_content(extension, stream)
    )
    stream.seek(0)
    if problem is not None:
        raise UploadRefused(Sentence(problem.template, {"name": name, **problem.values}))
    return CheckedUpload(filename=name, media_type=MEDIA_TYPES[extension], size=size)


def _of_name_and_size(extension: str, size: int) -> Sentence | None:
    if extension in _MODERN:
        return say(
            "%(name)s is an older Office format or one with macros. Save it as %(modern)s and upload that.",
            modern=_MODERN[extension],
        )
    if extension not in MEDIA_TYPES:
        return say("%(name)s cannot be uploaded. These kinds of files can: %(accepted)s.", accepted=ACCEPTED)
    if size == 0:
        return say("%(name)s is empty. Choose the file again.")
    if size > MAX_BYTES:
        return say(
            "%(name)s is larger than %(limit)s MB. Make it smaller or split it.", limit=MAX_BYTES >> 20
        )
    return None


def _of_place(extension: str, accept: Sequence[str]) -> Sentence | None:
    """Compare with what the place takes; that the content is what the name says is looked at after."""
    if not accept or MEDIA_TYPES[extension] in media_types(accept):
        return None
    return say(
        "%(name)s is a %(found)s file. Choose one of this kind: %(expected)s.",
        found=kinds([extension]),
        expected=kinds(accept),
    )


def _of_content(extension: str, stream: BinaryIO) -> Sentence | None:
    head = stream.read(1024)
    stream.seek(0)
    if head.startswith(_OLE):
        return say("%(name)s is an older or password-protected Office file. Save it without a password.")
    if not _looks_like(extension, head):
        return say("%(name)s is not what its name says. Open it, save it again and upload that.")
    if extension == "pdf":
        return pdf.problem(stream)
    if extension in office.KINDS:
        return office.problem(stream, extension)
    if extension in {"csv", "txt"}:
        return text.problem(stream)
    return None


def _looks_like(extension: str, head: bytes) -> bool:
    """Compare the first bytes with the extension; text has no signature."""
    match extension:
        case "pdf":
            return b"%PDF-" in head
        case "png":
            return head.startswith(b"\x89PNG\r\n\x1a\n")
        case "jpg" | "jpeg":
            return head.startswith(b"\xff\xd8\xff")
        case "webp":
            return head[:4] == b"RIFF" and head[8:12] == b"WEBP"
        case "csv" | "txt":
            return True
        case _:
            return head.startswith(b"PK\x03\x04")
