"""What is said on a diagram about one case, or about a difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class MarkState(StrEnum):
    """How an element stands in a case, or what became of it; also its class in ``drawing.css``."""

    DONE = "done"
    OPEN = "open"
    RETURNED = "returned"
    NOT_REACHED = "waiting"
    ADDED = "added"  # of a difference between two diagrams, as all that follow
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"
    HEAT_1 = "heat-1"  # of figures: a step's time against its standard, from cool to hot
    HEAT_2 = "heat-2"
    HEAT_3 = "heat-3"
    HEAT_4 = "heat-4"


DIFFERENCES = frozenset({MarkState.ADDED, MarkState.CHANGED, MarkState.MOVED, MarkState.REMOVED})


class FlowKind(StrEnum):
    """How a flow was taken, or what became of it."""

    DONE = "done"
    RETURNED = "returned"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


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
    flow_badges: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    stopped: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # element -> since when
