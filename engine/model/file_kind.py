"""The kinds of files an office keeps, named by their endings. A place for files may take only some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

MAX_BYTES = 50 * 1024 * 1024
MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "csv": "text/csv",
    "txt": "text/plain",
}


def read_accept(text: str) -> tuple[str, ...] | None:
    """Read ``.pdf, .docx`` to its endings; None where one is no ending that is ever kept."""
    parts = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    known = all(part[:1] == "." and part[1:] in MEDIA_TYPES for part in parts)
    return parts if known else None


def media_types(accept: Iterable[str]) -> frozenset[str]:
    """Give the media types of endings: ``.jpg`` takes a ``.jpeg`` too."""
    return frozenset(MEDIA_TYPES[ending.lstrip(".")] for ending in accept)


def kinds(accept: Sequence[str]) -> str:
    """Name kinds for people: ``PDF, JPG, PNG``; one kind has one name."""
    named: dict[str, str] = {}
    for ending in accept:
        named.setdefault(MEDIA_TYPES[ending.lstrip(".")], ending.lstrip(".").upper())
    return ", ".join(named.values())
