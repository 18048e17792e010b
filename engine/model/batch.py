"""Work on many cases of an SOP at once, done by the worker in slices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class BatchKind(StrEnum):
    """What is done with the cases."""

    SURVEY = "survey"  # what a draft or version means for each open case; changes nothing
    REPLAY = "replay"  # what a draft would have made of the answers on record; changes nothing
    MOVE = "move"  # the chosen ones go on by another version
    UNDO = "undo"  # those that a batch moved go back


class BatchState(StrEnum):
    """How far it is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # nothing more is done of it; ``result`` has the sentence


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A batch as it was read."""

    id: UUID
    office: UUID
    kind: BatchKind
    process: UUID
    draft: UUID | None
    draft_revision: int | None
    version: UUID | None
    asked_by: UUID
    asked_at: datetime
    parameters: Mapping[str, Any]
    total: int
    done: int
    cursor: UUID | None
    state: BatchState
    result: Mapping[str, Any]
    ended_at: datetime | None
