"""What of the record may be erased, and with what an administrator asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.model.event import EventKind

LONGEST_LETTER = 120  # characters
NEVER_ERASED = frozenset({EventKind.DATA_ERASED})  # what was erased: without it nothing could be read

# What an erasure keeps of how a case began, which names nobody: its title and what it began with are gone.
_BEGUN = ("number", "year", "key", "version", "state", "trial", "start", "sop", "calendar", "software")

ERASED = "[dihapus]"  # in rows of audits, in the place of a text

# Of the office's own stream: what somebody wrote or looked for. By the rest of it people work.
OF_OFFICE = frozenset(
    {
        EventKind.FINDING_DRAFTED,
        EventKind.FINDING_CHANGED,
        EventKind.FINDING_REVIEWED,
        EventKind.FINDING_DELIVERED,
        EventKind.FINDING_ANSWERED,
        EventKind.FINDING_FOLLOWED_UP,
        EventKind.FINDING_CLOSED,
        EventKind.INQUIRY_ASKED,
        EventKind.INQUIRY_ANSWERED,
        EventKind.SAMPLE_DRAWN,
        EventKind.SAMPLE_CASE_NOTED,
        EventKind.SAMPLE_CONCLUSION_DRAFTED,
        EventKind.SAMPLE_CONCLUDED,
        EventKind.SAMPLE_REVIEWED,
        EventKind.RECORD_LISTED,
        EventKind.RECORD_EXPORTED,
        EventKind.ATTEMPT_REFUSED,
    }
)

# What an erasure keeps of an event of the office, which names nobody: what it was about, how it was judged.
_ABOUT = ("finding", "inquiry", "sample", "case", "status", "verdict", "accepted")

# Those that speak of documents: an erasure keeps their numbers and SHA-256, which name nobody.
PAPERS_IN = frozenset({EventKind.DOCUMENT_ADDED, EventKind.TASK_COMPLETED, EventKind.TASK_AMENDED})


def papers_of(said: Mapping[str, Any]) -> Iterator[tuple[int, str | None]]:
    """Give number and SHA-256 of each document that an event brought; without bytes it has none."""
    if "no" in said:
        yield said["no"], said["sha256"]
    for no, _name, _version, digest in said.get("documents") or ():
        yield no, digest


def begun_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """Give of what began a case what is kept when it is erased.

    ``whole`` tells that the case went on from nothing else: what it was begun with (``case``) is not kept.
    """
    return {name: said[name] for name in _BEGUN if name in said} | {"whole": "case" not in said}


def begun_in(said: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Give how a case began, where one of its erasures keeps all that it went on from; else nothing."""
    kept = (dict(one["begun"]) for one in said if "begun" in one)
    return next((one for one in kept if one.get("whole")), {})


def values_in(said: object) -> Iterator[str]:
    """Give what was entered, piece by piece, without the names of fields."""
    if isinstance(said, Mapping | list):
        for inner in said.values() if isinstance(said, Mapping) else said:
            yield from values_in(inner)
    elif said is not None:
        yield str(said)


def about_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """Give of an event of the office what is kept when it is erased."""
    return {name: said[name] for name in _ABOUT if name in said}


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What is to be erased: events by number in their stream, documents of a case by theirs; the demand."""

    events: frozenset[int] = frozenset()
    documents: frozenset[int] = frozenset()
    letter: str  # number and date of the demand
    reason: str
    attempt: UUID
