"""How far a stream was followed, and what its events said of documents and versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.model.erasure import PAPERS_IN
from engine.model.event import GENESIS, EventKind
from engine.storage.record_subjects import Subject

_WITH_PAPERS = PAPERS_IN - {EventKind.DOCUMENT_ADDED}
_OF_VERSIONS = frozenset({EventKind.VERSION_DEPLOYED, EventKind.VERSION_SUBMITTED})
TELLING_OF_FILES = frozenset({EventKind.DOCUMENT_ADDED, EventKind.DATA_ERASED, *_WITH_PAPERS, *_OF_VERSIONS})


@dataclass(slots=True)
class Stream:
    """How far a stream was followed, and what its events said of documents and versions."""

    id: bytes
    subject: Subject | None
    end: int
    seq: int = 0
    link: bytes = GENESIS
    linked: int = 0  # the last event whose link is kept
    lost: bool = False  # events are missing: the link is not known until the next that is kept
    bare: bool = False  # the last event keeps no link
    silent: bool = False  # something that would have told of versions or documents cannot be read
    untold: set[int] = field(default_factory=set)  # erased events of whose documents nothing is kept
    gone: set[int] = field(default_factory=set)  # events without their text
    salted: set[int] = field(default_factory=set)  # those whose salt is left, by which a text can be guessed
    may_be_gone: set[int] = field(default_factory=set)  # those whose erasure is on record
    elsewhere: set[int] = field(default_factory=set)  # those whose text stands in an archive file
    papers_gone: set[int] = field(default_factory=set)  # documents whose erasure is on record
    # no -> name, or None where the event that told it is erased; digest
    papers: dict[int, tuple[str | None, str | None]] = field(default_factory=dict)
    versions: dict[int, set[str]] = field(default_factory=dict)
    runs: dict[int, set[str]] = field(default_factory=dict)  # not of versions of earlier releases


def note(stream: Stream, kind: str, said: Mapping[str, Any]) -> None:
    """Keep what an event says of documents or of a version."""
    try:
        if kind in _OF_VERSIONS:
            stream.versions.setdefault(said["number"], set()).add(said["sha256"])
            if "runs" in said:
                stream.runs.setdefault(said["number"], set()).add(said["runs"])
        elif kind == EventKind.DATA_ERASED:
            stream.may_be_gone.update(said["events"])
            stream.papers_gone.update(said["documents"])
            if "kept" in said:  # not by earlier releases
                stream.untold.difference_update(said["events"])
                stream.papers |= {no: (None, digest) for no, digest in said["kept"]}
        elif kind in _WITH_PAPERS:
            stream.papers |= {no: (name, digest) for no, name, _, digest in said.get("documents", ())}
        else:
            stream.papers[said["no"]] = said["name"], said["sha256"]
    except (ValueError, KeyError, TypeError):  # its digest fits: it was recorded so, and speaks of none
        stream.silent = True
