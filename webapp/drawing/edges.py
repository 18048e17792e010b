"""Flows of a diagram: lines with rounded corners and an arrowhead of the same colour."""

from __future__ import annotations

from itertools import pairwise
from math import hypot

from markupsafe import Markup

from engine.model.definition import Bounds, Edge
from webapp.drawing import svg
from webapp.drawing.lettering import wrapped
from webapp.drawing.svg import NOTHING, element, group, path

Point = tuple[float, float]
_CORNER = 7.0
_HEAD = 11.0  # length of an arrowhead
_SIZE, _LINE = 14.0, 16.5
_DOTTED = {"association", "dataInputAssociation", "dataOutputAssociation"}


def draw_edge(edge: Edge, kind: str) -> Markup:
    """Draw a flow; ``kind`` is the class of its state: done, returned or waiting."""
    points = _apart(edge.waypoints)
    if len(points) < 2:  # noqa: PLR2004 - a line has two ends
        return NOTHING
    if edge.type in _DOTTED:
        head = NOTHING if edge.type == "association" else _open_head(points[-2], points[-1])
        return group(path(way(points), class_="line") + head, class_="edge dotted")
    if edge.type == "messageFlow":
        ring = element("circle", cx=points[0][0], cy=points[0][1], r=4, class_="hollow")
        return group(
            path(way(points), class_="line") + ring + _open_head(points[-2], points[-1]),
            class_=f"edge message {kind}",
        )
    short = [*points[:-1], towards(points[-1], points[-2], _HEAD - 2)]
    slash = _slash(points[0], points[1]) if edge.default else NOTHING
    return group(
        path(way(short), class_="line") + slash + arrowhead(points[-2], points[-1]), class_=f"edge {kind}"
    )


def draw_edge_name(edge: Edge) -> Markup:
    """Write a flow's name where the diagram says, else beside its first stretch."""
    if not edge.name or not edge.waypoints:
        return NOTHING
    place = edge_name_place(edge)
    lines = wrapped(edge.name, _SIZE, max(place.width, 90), 3)
    x = place.x + place.width / 2
    return svg.lines(lines, x, place.y + _LINE * 0.74, _LINE, class_="name outer")


def edge_name_place(edge: Edge) -> Bounds:
    """Find the room for a flow's name."""
    if edge.label is not None:
        return edge.label
    points = _apart(edge.waypoints)
    (x, y), (to_x, to_y) = points[0], points[min(1, len(points) - 1)]
    return Bounds(x=(x + to_x) / 2 - 45, y=(y + to_y) / 2 - 18, width=90, height=16)


def way(points: list[Point], corner: float = _CORNER) -> str:
    """Write a line through points for a ``path``, its corners rounded."""
    parts = [f"M{_at(points[0])}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(corner, distance(before, here) / 2, distance(here, after) / 2)
        start, end = towards(here, before, reach), towards(here, after, reach)
        parts.append(f"L{_at(start)}Q{_at(here)} {_at(end)}")
    parts.append(f"L{_at(points[-1])}")
    return "".join(parts)


def arrowhead(before: Point, end: Point, length: float = _HEAD) -> Markup:
    """Draw a filled head whose point is at the end of a line."""
    left, right = _sides(before, end, length)
    return element("polygon", points=svg.points([end, left, right]), class_="head")


def middle(points: tuple[Point, ...]) -> Point:
    """Find the middle of the longest stretch."""
    start, end = max(pairwise(points), key=lambda two: distance(*two))
    return ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)


def towards(start: Point, goal: Point, reach: float) -> Point:
    """Go so far from one point to another."""
    whole = distance(start, goal)
    if not whole:
        return start
    share = reach / whole
    return (start[0] + (goal[0] - start[0]) * share, start[1] + (goal[1] - start[1]) * share)


def distance(one: Point, other: Point) -> float:
    """Measure between two points."""
    return hypot(other[0] - one[0], other[1] - one[1])


def _sides(before: Point, end: Point, length: float) -> tuple[Point, Point]:
    whole = distance(before, end) or 1
    along = ((end[0] - before[0]) / whole, (end[1] - before[1]) / whole)
    foot = (end[0] - along[0] * length, end[1] - along[1] * length)
    half = length * 0.42
    return (
        (foot[0] - along[1] * half, foot[1] + along[0] * half),
        (foot[0] + along[1] * half, foot[1] - along[0] * half),
    )


def _open_head(before: Point, end: Point) -> Markup:
    left, right = _sides(before, end, _HEAD)
    return path(f"M{_at(left)}L{_at(end)}L{_at(right)}", class_="hollow")


def _slash(start: Point, after: Point) -> Markup:
    x, y = towards(start, after, 10)
    return path(f"M{x - 4:.2f} {y + 5:.2f}l8 -10", class_="line")


def _apart(waypoints: tuple[Point, ...]) -> list[Point]:
    """Leave out waypoints that repeat the one before."""
    points: list[Point] = []
    for point in waypoints:
        if not points or distance(points[-1], point) > 0.01:  # noqa: PLR2004 - nothing one could see
            points.append(point)
    return points


def _at(point: Point) -> str:
    return f"{svg.number(float(point[0]))} {svg.number(float(point[1]))}"
