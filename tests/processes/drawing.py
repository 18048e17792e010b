"""A diagram as it is drawn: boxes, labels and lines, for the rules that every drawing keeps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SOP = "{urn:alur:sop:1}"
_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
_WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
_NODES = ("Task", "task", "Event", "Gateway", "subProcess", "transaction", "callActivity")

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: Box) -> bool:
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def holds(self, other: Box) -> bool:
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def has_on_edge(self, point: Point) -> bool:
        x, y = point
        beside = x in (self.x, self.right) and self.y <= y <= self.bottom
        above = y in (self.y, self.bottom) and self.x <= x <= self.right
        return beside or above


@dataclass(frozen=True)
class Line:
    """One straight piece of a flow."""

    start: Point
    end: Point

    @property
    def is_straight(self) -> bool:
        return (self.start[0] == self.end[0]) != (self.start[1] == self.end[1])

    def covers(self, other: Line) -> bool:
        """Tell whether both run along a common stretch, not just through a common point."""
        for across, along in ((0, 1), (1, 0)):
            level = {point[across] for point in (self.start, self.end, other.start, other.end)}
            if len(level) == 1:
                mine = sorted(point[along] for point in (self.start, self.end))
                others = sorted(point[along] for point in (other.start, other.end))
                return max(mine[0], others[0]) < min(mine[1], others[1])
        return False

    def crosses(self, box: Box) -> bool:
        (x1, y1), (x2, y2) = self.start, self.end
        return (
            min(x1, x2) < box.right
            and max(x1, x2) > box.x
            and min(y1, y2) < box.bottom
            and max(y1, y2) > box.y
        )


class Drawing:
    """A file's elements with what is drawn for them."""

    def __init__(self, path: Path) -> None:
        self.root = etree.parse(path).getroot()
        self.elements = {one.get("id"): one for one in self.root.iter() if one.tag.startswith(BPMN)}

    def all(self, *names: str) -> list[etree._Element]:
        return [one for name in names for one in self.root.iter(BPMN + name)]

    @cached_property
    def nodes(self) -> list[str]:
        """Flow nodes, outermost first."""
        return [
            one.get("id")
            for one in self.root.iter()
            if isinstance(one.tag, str) and one.tag.startswith(BPMN) and one.tag.endswith(_NODES)
        ]

    @cached_property
    def flows(self) -> list[etree._Element]:
        return self.all("sequenceFlow", "messageFlow")

    @cached_property
    def boxes(self) -> dict[str, Box]:
        return {
            shape.get("bpmnElement"): _box(shape.find(_BOUNDS)) for shape in self.root.iter(_DI + "BPMNShape")
        }

    @cached_property
    def labels(self) -> dict[str, Box]:
        """Labels with a place of their own: those of events, gateways and flows."""
        bounds = {
            drawn.get("bpmnElement"): drawn.find(f"{_DI}BPMNLabel/{_BOUNDS}")
            for drawn in self.root.iter(_DI + "BPMNShape", _DI + "BPMNEdge")
        }
        return {element: _box(found) for element, found in bounds.items() if found is not None}

    @cached_property
    def waypoints(self) -> dict[str, list[Point]]:
        return {
            edge.get("bpmnElement"): [_point(one) for one in edge.iter(_WAYPOINT)]
            for edge in self.root.iter(_DI + "BPMNEdge")
        }

    def lines(self, flow: str) -> list[Line]:
        return [Line(*ends) for ends in pairwise(self.waypoints[flow])]

    def stands_in(self, inner: str, outer: str) -> bool:
        """Tell whether a node is inside a subprocess, or sits on the edge of an activity."""
        element = self.elements[inner]
        holders = {one.get("id") for one in element.iterancestors()}
        return outer in holders or element.get("attachedToRef") == outer


def _box(bounds: etree._Element) -> Box:
    return Box(*(float(bounds.get(name)) for name in ("x", "y", "width", "height")))


def _point(waypoint: etree._Element) -> Point:
    return float(waypoint.get("x")), float(waypoint.get("y"))
