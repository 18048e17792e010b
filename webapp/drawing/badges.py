"""What is written on the diagram about the open, returned and stopped steps; the tick of the done ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from engine.model.definition import Bounds, Shape
from webapp.drawing import svg
from webapp.drawing.lettering import width, wrapped
from webapp.drawing.marks import DIFFERENCES, ElementMark, MarkState
from webapp.drawing.svg import element, group, path

_SIZE, _LINE = 13.0, 16.0
_ROOM = 270.0  # of a line in a badge
_ICON = 20.0
_ABOVE = {"returned", "stopped"}  # their shape
_SIGNS = {  # in a square of 14
    "late": "M7 1.2 13.3 12.5H.7ZM7 5.2v3.5M7 10.6v.2",
    "open": "M7 1a6 6 0 1 0 .01 0ZM7 3.8V7l2 1.5",
    "returned": "M4.5 2 1.5 5l3 3M1.5 5h7a3.5 3.5 0 0 1 0 7H6",
    "added": "M7 1.5v11M1.5 7h11",
    "changed": "M10.2 1.8l2 2-7.4 7.4-2.8.8.8-2.8Z",
    "moved": "M1 4.5h10.5L8.7 1.7M13 9.5H2.5l2.8 2.8",
    "removed": "M1.5 7h11",
    "stopped": "M4.6 1h4.8L13 4.6v4.8L9.4 13H4.6L1 9.4V4.6ZM7 3.9v3.7M7 9.9v.2",
}


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A badge and where it goes."""

    kind: str  # late, open, returned, stopped, or what became of an element
    lines: tuple[str, ...]
    place: Bounds


def lay_badges(
    marked: list[tuple[Shape, ElementMark]],
    stopped: list[tuple[Shape, str]],
    flows: Sequence[tuple[Shape, ElementMark]] = (),
    shapes: Sequence[Shape] = (),
) -> list[Badge]:
    """Give each badge its place, below its shape or above it, none on another; those of flows on no shape."""
    placed = _beside_shapes(marked, stopped)
    for spot, mark in flows:
        taken = [badge.place for badge in placed] + [shape.bounds for shape in shapes]
        wanted = _moved(_badge(spot, mark), -_LINE)
        tries = (_moved(wanted, by * step) for step in range(0, 60, 4) for by in (-1, 1))
        free = (one for one in tries if not any(_overlap(one.place, other) for other in taken))
        placed.append(next(free, wanted))
    return placed


def _beside_shapes(marked: list[tuple[Shape, ElementMark]], stopped: list[tuple[Shape, str]]) -> list[Badge]:
    placed: list[Badge] = []
    badges = [_stop(shape, words) for shape, words in stopped]
    for wanted in badges + [_badge(shape, mark) for shape, mark in marked]:
        badge = wanted
        while any(_overlap(badge.place, other.place) for other in placed):
            badge = _moved(badge, -4 if badge.kind in _ABOVE else 4)
        placed.append(badge)
    return placed


def draw_badge(badge: Badge) -> Markup:
    """Draw a badge: icon and words, white on its colour."""
    place = badge.place
    back = element("rect", x=place.x, y=place.y, width=place.width, height=place.height, rx=4, class_="plate")
    at = f"translate({place.x + 7:.2f} {place.y + 4.5:.2f})"
    icon = group(path(_SIGNS[badge.kind]), transform=at, class_="icon-line")
    text = svg.lines(badge.lines, place.x + 7 + _ICON, place.y + 15.5, _LINE, class_="flag-text")
    return group(back, icon, text, class_=f"flag {badge.kind}")


def draw_tick(shape: Shape) -> Markup:
    """Draw the tick of a done step at its lower left."""
    x, y = shape.bounds.x + 2, shape.bounds.y + shape.bounds.height
    disc = element("circle", cx=x, cy=y, r=9.5, class_="disc")
    return group(disc, path(f"M{x - 4.2:.2f} {y + 0.3:.2f}l3 3.2 5.6-6.2", class_="sign"), class_="tick")


def draw_stop(shape: Shape) -> Markup:
    """Draw the octagon of a step that could not go on at its upper right."""
    x, y = shape.bounds.x + shape.bounds.width - 2, shape.bounds.y
    plate = path(f"M{x - 4.6:.2f} {y - 11:.2f}h9.2l6.4 6.4v9.2l-6.4 6.4h-9.2l-6.4-6.4v-9.2Z", class_="plate")
    sign = path(f"M{x:.2f} {y - 6.5:.2f}v7M{x:.2f} {y + 4.6:.2f}v.4", class_="sign")
    return group(plate, sign, class_="stop")


def _stop(shape: Shape, words: str) -> Badge:
    bounds = shape.bounds
    lines = tuple(wrapped(words, _SIZE, _ROOM, 2, bold=True))
    wide, high = _extent(lines)
    middle = bounds.x + bounds.width / 2
    place = Bounds(x=middle - wide / 2, y=bounds.y - high - 14, width=wide, height=high)
    return Badge(kind="stopped", lines=lines, place=place)


def _extent(lines: tuple[str, ...]) -> tuple[float, float]:
    return max(width(line, _SIZE, bold=True) for line in lines) + _ICON + 16, len(lines) * _LINE + 7


def _badge(shape: Shape, mark: ElementMark) -> Badge:
    bounds = shape.bounds
    lines = wrapped(mark.badge, _SIZE, _ROOM, 2, bold=True)
    wide, high = _extent(lines)
    if mark.state == MarkState.RETURNED:
        place = Bounds(x=bounds.x, y=bounds.y - high - 3, width=wide, height=high)
        return Badge(kind="returned", lines=lines, place=place)
    middle = bounds.x + bounds.width / 2
    place = Bounds(x=middle - wide / 2, y=bounds.y + bounds.height + 4, width=wide, height=high)
    state = mark.state.value if mark.state in DIFFERENCES else "open"
    return Badge(kind="late" if mark.late else state, lines=lines, place=place)


def _moved(badge: Badge, by: float) -> Badge:
    place = badge.place
    moved = Bounds(x=place.x, y=place.y + by, width=place.width, height=place.height)
    return Badge(kind=badge.kind, lines=badge.lines, place=moved)


def _overlap(one: Bounds, other: Bounds) -> bool:
    return (
        one.x < other.x + other.width + 3
        and other.x < one.x + one.width + 3
        and one.y < other.y + other.height + 3
        and other.y < one.y + one.height + 3
    )
