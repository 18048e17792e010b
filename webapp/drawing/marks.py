"""What is said on a diagram about one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class MarkState(StrEnum):
    """How an element stands in a case; also its class in ``drawing.css``."""

    DONE = "done"
    OPEN = "open"
    RETURNED = "returned"
    NOT_REACHED = "waiting"


class FlowKind(StrEnum):
    """How a flow was taken."""

    DONE = "done"
    RETURNED = "returned"


@dataclass(frozen=True, kw_only=True)
class ElementMark:
    """The state of one element; the badge is in the reader's language: "Kasub, putaran 2 · besok"."""

    state: MarkState
    badge: str = ""
    late: bool = False  # the badge turns red, the shape never


@dataclass(frozen=True, kw_only=True)
class DiagramMarks:
    """Marks by element id and by flow id; what is not named was not reached."""

    elements: Mapping[str, ElementMark] = field(default_factory=lambda: MappingProxyType({}))
    flows: Mapping[str, FlowKind | str] = field(default_factory=lambda: MappingProxyType({}))
    stopped: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # element -> since when
