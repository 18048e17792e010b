"""Large files that somebody asks for and comes back for: made by the worker, kept for a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from engine.errors import Sentence

KEPT = timedelta(hours=24)  # from when it was ready
HELD = "held"  # beside what goes on record of a log: which cases it has, as SHA-256 and last id


class TakeoutKind(StrEnum):
    """What it is made of."""

    BUNDLE = "bundle"  # the evidence of a case
    LOG = "log"  # an event log


class TakeoutState(StrEnum):
    """How far it is."""

    MAKING = "making"  # or waiting for a worker
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Takeout:
    """A file as it was asked for, and what came of it so far."""

    id: UUID
    office: UUID
    kind: TakeoutKind
    asked: Mapping[str, Any]  # of a bundle the case; of a log its format and selection
    asked_by: UUID
    asked_at: datetime
    # Letters of assignment by which it was made; None where none was needed.
    letters: tuple[UUID, ...] | None
    state: TakeoutState
    done: int  # of ``total``: files of a bundle, events of a log
    total: int  # 0 before it is known
    tries: int
    object: str | None  # its bytes in the store
    filename: str
    size: int  # bytes
    facts: Mapping[str, Any]  # what goes on record when it is handed out
    problem: Sentence | None
    ended_at: datetime | None
