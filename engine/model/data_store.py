"""Data stores: values that the cases of an office share (BPMN 2.0, 10.3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A value for a store; ``seen`` is the revision it was worked out from, 0 where there was none."""

    name: str
    value: Any
    seen: int
