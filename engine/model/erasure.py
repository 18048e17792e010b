"""What of a case may be erased, and with what an administrator asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.model.event import EventKind

LONGEST_LETTER = 120  # characters
# They say which case and version it is, and what was erased: without them nothing could be read.
NEVER_ERASED = frozenset({EventKind.CASE_STARTED, EventKind.DATA_ERASED})


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What is to be erased: events by their number in the case, documents by theirs; and the demand."""

    events: frozenset[int] = frozenset()
    documents: frozenset[int] = frozenset()
    letter: str  # number and date of the demand
    reason: str
    attempt: UUID
