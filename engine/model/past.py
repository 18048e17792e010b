"""What a draft would have made of a case that is on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.errors import Sentence
from engine.model.event import EventKind


class Outcome(StrEnum):
    """How the recorded answers fare."""

    SAME = "same"  # the case would have gone the same way
    ASKED = "asked"  # the same way, but asked for something that was never asked before
    OTHER = "other"  # another way
    STALLS = "stalls"  # it would have come to stand where nothing on record brings it on
    UNKNOWN = "unknown"  # its record cannot be played: something of it was erased


@dataclass(frozen=True, kw_only=True)
class Told:
    """The outcome with its reason."""

    outcome: Outcome
    reason: Sentence


@dataclass(frozen=True, kw_only=True)
class RecordedAct:
    """One thing that somebody or something did in a case, from its record."""

    kind: EventKind
    element: str
    round: int
    iteration: int
    at: datetime
    said: Mapping[str, Any] = field(default_factory=dict)  # the payload
