"""What of a case may be erased, and with what an administrator asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.model.event import EventKind

LONGEST_LETTER = 120  # characters
NEVER_ERASED = frozenset({EventKind.DATA_ERASED})  # what was erased: without it nothing could be read

# What an erasure keeps of how a case began, which names nobody: its title and what it began with are gone.
_BEGUN = ("number", "year", "key", "version", "state", "start", "sop")

# Those that speak of documents: an erasure keeps their numbers and SHA-256, which name nobody.
PAPERS_IN = frozenset({EventKind.DOCUMENT_ADDED, EventKind.TASK_COMPLETED, EventKind.TASK_AMENDED})


def papers_of(said: Mapping[str, Any]) -> Iterator[tuple[int, str | None]]:
    """Give number and SHA-256 of each document that an event brought; without bytes it has none."""
    if "no" in said:
        yield said["no"], said["sha256"]
    for no, _name, _version, digest in said.get("documents") or ():
        yield no, digest


def begun_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """Give of what began a case what is kept when it is erased."""
    return {name: said[name] for name in _BEGUN if name in said}


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What is to be erased: events by their number in the case, documents by theirs; and the demand."""

    events: frozenset[int] = frozenset()
    documents: frozenset[int] = frozenset()
    letter: str  # number and date of the demand
    reason: str
    attempt: UUID
