"""Archive files: where the texts of cases that ended long ago stand, and what stands in the record for them.

A file proves itself by what is written here: SHA-256 over its facts and where each of its cases ended, signed
by the key of the record (docs/record-format.md).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from engine.model.event import EventKind

FORMAT = "1"
CONTEXT = "archive"  # of the signature: it can be taken for no checkpoint, and for no bundle's
# Of a case: what is signed cannot be erased, and its first event says what it was called. The first files of
# this form have it; a title stays where it is signed.
NO_TITLE = ""
UNSIGNED = frozenset({"signature", "checkpoint"})  # facts that the signature does not cover: both are signed
# A text this short takes hardly more room than what would stand in its place.
SHORTEST = 48  # characters
# What says which case it is, and what was erased of it, is read without the file; the others are looked for
# by the database, which does not look into files.
STAYING = frozenset(
    {
        EventKind.CASE_STARTED,
        EventKind.DATA_ERASED,
        EventKind.ATTEMPT_REFUSED,
        EventKind.INCIDENT_OPENED,
        EventKind.INCIDENT_RETRIED,
        EventKind.INCIDENT_CORRECTED,
        EventKind.INCIDENT_SOLVED,
    }
)
_REFERENCE = re.compile(r"@([1-9][0-9]{0,8}):([1-9][0-9]{0,17})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Archive:
    """An archive as the database knows it."""

    number: int
    id: UUID
    name: str  # of the file
    until: date  # its cases ended before that day
    cases: int
    events: int
    size: int  # bytes of the file when it was made
    made_at: datetime
    settled_at: datetime | None  # since when the record says of all its texts that they stand there
    abandoned_at: datetime | None = (
        None  # since when it is none: its file was lost before any text was read there
    )

    @property
    def is_cut_off(self) -> bool:
        """Tell whether it is on record, and not all its texts are read from there yet."""
        return self.settled_at is None and self.abandoned_at is None


@dataclass(frozen=True, kw_only=True)
class End:
    """Where the record of a case ended when it was archived."""

    case: str  # 32 hexadecimal digits
    events: int
    chain: str  # the last link, in hexadecimal
    facts: tuple[str, ...]  # number, SOP, when it was started, when it ended, title (empty, see NO_TITLE)

    def __str__(self) -> str:
        """Write the line that is signed."""
        told = hashlib.sha256("\n".join(self.facts).encode()).hexdigest()
        return f"{self.case} {self.events} {self.chain} {told}"


def reference(number: int, row: int) -> str:
    """Write what stands in the record for a text: JSON begins otherwise."""
    return f"@{number}:{row}"


def read_reference(text: str) -> tuple[int, int] | None:
    """Give archive and row that a reference names; None where it is none."""
    found = _REFERENCE.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def file_name(number: int) -> str:
    """Name the file of an archive."""
    return f"archive-{number}.alur"


def vouched(facts: Mapping[str, str], ends: Iterable[End]) -> str:
    """Give what is signed: SHA-256 of the facts, a line each, an empty line, and the cases, a line each."""
    lines = [f"{name} {facts[name]}" for name in sorted(facts) if name not in UNSIGNED]
    text = "\n".join([*lines, "", *sorted(map(str, ends)), ""])
    return hashlib.sha256(text.encode()).hexdigest()
