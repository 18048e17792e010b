"""PDFs that do something when they are opened are refused; reading needs none of it.

JavaScript, launched programs and hidden attachments are how a PDF harms the next reader, who trusts
it because it comes from the case. Printing to PDF removes all three, so the sentence says that. A
PDF with a password cannot be looked into, nor read by an auditor in ten years.

This looks at names, wherever they stand in the file and inside object streams, not at the structure:
a hostile file's structure means whatever its author wants. Readers find objects by other ways too, so
``engine.previews`` asks PDFium for a second opinion.
"""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import UnsupportedOperation
from typing import BinaryIO

from engine.errors import Sentence, say

_MAX_INFLATED = 64 << 20  # bytes, of all object streams together
_MAX_STREAMS = 100_000
_END_OF_NAME = rb"(?=[\s()<>\[\]{}/%]|$)"


def _name(*names: str) -> re.Pattern[bytes]:
    """Match PDF names, each character plain or written as #xx (ISO 32000-1, 7.3.5)."""
    spelled = (
        b"".join(b"(?:%s|#(?i:%02x))" % (re.escape(c.encode()), ord(c)) for c in name) for name in names
    )
    return re.compile(rb"/(?:" + b"|".join(spelled) + rb")" + _END_OF_NAME)


_ACTIVE = _name("JavaScript", "Launch", "Rendition", "RichMedia", "ImportData", "XFA")
_ATTACHED = _name("EmbeddedFile", "EmbeddedFiles", "GoToE")
_ENCRYPTED = _name("Encrypt")
_STREAM = re.compile(rb"stream\r?\n")
_OBJECTS = re.compile(rb"\s*\d+\s+\d+[\s\d]")


def problem(stream: BinaryIO) -> Sentence | None:
    """Say why a PDF may not be kept, or nothing."""
    with _bytes_of(stream) as content:
        if _ENCRYPTED.search(content):
            return say("%(name)s is protected by a password. Save it without one and upload that.")
        try:
            for part in _parts(content):
                if _ACTIVE.search(part):
                    return say("%(name)s contains a program (script). Print it to PDF and upload that.")
                if _ATTACHED.search(part):
                    return say("%(name)s has other files inside it. Print it to PDF and upload those apart.")
        except zlib.error:
            return say(
                "%(name)s is damaged or not what its name says. Open it, save it again and upload that."
            )
        except OverflowError:
            return say("%(name)s is packed too tightly to be checked. Print it to PDF and upload that.")
    return None


def _parts(content: bytes | mmap.mmap) -> Iterator[bytes | mmap.mmap]:
    """Give the file as it is, then each of its object streams unpacked; OverflowError beyond the limits.

    zlib.error where an object stream breaks off: readers make what they can of its rest.
    """
    yield content
    inflated = 0
    for count, start in enumerate(_STREAM.finditer(content)):
        at = start.end()
        objects = _inflated(content, at) if _is_zlib(content[at : at + 2]) else b""
        inflated += len(objects)
        if count > _MAX_STREAMS or inflated > _MAX_INFLATED:
            raise OverflowError
        if objects:
            yield objects


def _is_zlib(head: bytes) -> bool:
    return len(head) == 2 and head[0] & 15 == 8 and (head[0] * 256 + head[1]) % 31 == 0  # noqa: PLR2004


def _inflated(content: bytes | mmap.mmap, at: int) -> bytes:
    """Unpack a stream when it begins like an object stream: pairs of numbers."""
    unpacker = zlib.decompressobj()
    try:
        head = unpacker.decompress(content[at : at + 4096], 64)
    except zlib.error:
        return b""  # packed in another way
    if not _OBJECTS.match(head):
        return b""
    body = unpacker.decompress(unpacker.unconsumed_tail, _MAX_INFLATED)
    at += 4096
    while not unpacker.eof and len(body) < _MAX_INFLATED and (more := content[at : at + 65536]):
        body += unpacker.decompress(more, _MAX_INFLATED)
        at += 65536
    return head + body


@contextmanager
def _bytes_of(stream: BinaryIO) -> Iterator[bytes | mmap.mmap]:
    """Map a file that is on the disk, so that 50 MB are not copied into memory."""
    try:
        number = stream.fileno()
    except (UnsupportedOperation, AttributeError):
        yield stream.read()
        return
    with mmap.mmap(number, 0, access=mmap.ACCESS_READ) as content:
        yield content
