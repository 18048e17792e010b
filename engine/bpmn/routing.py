"""How a flow is drawn from one shape to another: at right angles, in the simplest way that crosses no shape.

Ways are tried from the simplest on; the best is the one that crosses the fewest shapes, then the one that
lies on no other line, then the one with the fewest corners.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
Way = tuple[Point, ...]

_GAP = 12.0  # between a shape and a line that passes it
_NEAR = 6.0  # so near no line should pass a shape
_LOOKED_AT = 60  # shapes and lines on the way: a drawing with more between two ends is past help
_FIELD = 60.0  # how far beyond its ends a flow may go
_SAME = 1.0  # what counts as the same height


@dataclass(frozen=True)
class Box:
    """A shape's rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Give the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Give the lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """Give the point in the middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> Box:
        """Give the box at another place."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def grown(self, by: float) -> Box:
        """Give the box with as much more on each side."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def meets(self, other: Box, gap: float = 0.0) -> bool:
        """Tell whether two boxes overlap, or lie nearer than a gap."""
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.bottom + gap
            and other.y < self.bottom + gap
        )


def routed(source: Box, target: Box, others: Sequence[Box], lines: Sequence[Way] = ()) -> Way:
    """Give the waypoints of a flow from one box to another, beside all others and what is drawn already."""
    field = around((source, target)).grown(_FIELD)
    passed = [box for box in others if box.meets(field)][:_LOOKED_AT]
    solid = [_inside(box) for box in (*passed, source, target)]
    near = [box.grown(_NEAR) for box in passed]
    ways = list(dict.fromkeys(_straightened(way) for way in _ways(source, target)))
    hits = [(_hits(way, solid), _hits(way, near)) for way in ways]
    clear = [way for way, found in zip(ways, hits, strict=True) if found == min(hits)]
    parts = [part for line in lines for part in pairwise(line) if _box_of(part).meets(field)]
    parts = parts[:_LOOKED_AT]

    def cost(way: Way) -> tuple[float, ...]:
        covered = max(0.0, _covered(way, parts) - _GAP)  # two may leave or enter a shape together
        return covered, len(way), _length(way)

    return min(clear, key=cost)


def around(boxes: Sequence[Box]) -> Box:
    """Give the box around several."""
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(x, y, max(box.right for box in boxes) - x, max(box.bottom for box in boxes) - y)


def crosses(way: Way, boxes: Sequence[Box]) -> bool:
    """Tell whether a line goes through one of several boxes."""
    return _hits(way, [_inside(box) for box in boxes]) > 0


def _ways(source: Box, target: Box) -> Iterator[Way]:
    (sx, sy), (tx, ty) = source.middle, target.middle
    if abs(sy - ty) < _SAME:
        yield ((source.right, sy), (target.x, sy)) if sx < tx else ((source.x, sy), (target.right, sy))
    side, other = (source.right, target.x) if sx < tx else (source.x, target.right)
    end, near = (source.bottom, target.y) if sy < ty else (source.y, target.bottom)
    if abs(sx - tx) < _SAME:
        yield (sx, end), (sx, near)
    yield (side, sy), (tx, sy), (tx, near)
    yield (sx, end), (sx, ty), (other, ty)
    for x in (other - _GAP if sx < tx else other + _GAP, side + _GAP if sx < tx else side - _GAP):
        yield (side, sy), (x, sy), (x, ty), (other, ty)
    yield from _around(source, target)


def _around(source: Box, target: Box) -> Iterator[Way]:
    """Give the ways that leave a box above or below."""
    (sx, _sy), (tx, ty) = source.middle, target.middle
    below, above = max(source.bottom, target.bottom), min(source.y, target.y)
    for step in (1, 1.5, 2, 3):
        yield (sx, source.bottom), (sx, below + step * _GAP), (tx, below + step * _GAP), (tx, target.bottom)
        yield (sx, source.y), (sx, above - step * _GAP), (tx, above - step * _GAP), (tx, target.y)
    for start, y in (
        (edge, edge + sign * step * _GAP)
        for step in (1, 2)
        for edge, sign in ((source.bottom, 1), (source.y, -1))
    ):
        for x, enter in ((target.x - _GAP, target.x), (target.right + _GAP, target.right)):
            yield (sx, start), (sx, y), (x, y), (x, ty), (enter, ty)
            for leave, gap in ((source.right, source.right + _GAP), (source.x, source.x - _GAP)):
                middle = source.middle[1]
                yield (leave, middle), (gap, middle), (gap, y), (x, y), (x, ty), (enter, ty)


def _straightened(way: Way) -> Way:
    """Leave out points that are no corners."""
    points: list[Point] = []
    for point in way:
        if points and abs(points[-1][0] - point[0]) < _SAME and abs(points[-1][1] - point[1]) < _SAME:
            continue
        if len(points) > 1 and _in_line(points[-2], points[-1], point):
            points.pop()
        points.append(point)
    return tuple(points)


def _in_line(one: Point, two: Point, three: Point) -> bool:
    return (abs(one[0] - two[0]) < _SAME and abs(two[0] - three[0]) < _SAME) or (
        abs(one[1] - two[1]) < _SAME and abs(two[1] - three[1]) < _SAME
    )


def _hits(way: Way, boxes: Sequence[Box]) -> int:
    edges = [(box.x, box.y, box.right, box.bottom) for box in boxes]
    found = 0
    for (ax, ay), (bx, by) in pairwise(way):
        left, right, top, bottom = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        found += sum(x < right and left < end and y < bottom and top < low for x, y, end, low in edges)
    return found


def _box_of(part: tuple[Point, Point]) -> Box:
    (ax, ay), (bx, by) = part
    return Box(min(ax, bx), min(ay, by), abs(ax - bx), abs(ay - by))


def _inside(box: Box) -> Box:
    """Give a box without its edge: a flow may touch what it comes from or leads to."""
    return box.grown(-_SAME)


def _covered(way: Way, parts: Sequence[tuple[Point, Point]]) -> float:
    """Measure how much of a way lies on parts of other lines."""
    return sum(_shared(mine, theirs) for mine in pairwise(way) for theirs in parts)


def _shared(mine: tuple[Point, Point], theirs: tuple[Point, Point]) -> float:
    for across, along in ((0, 1), (1, 0)):
        places = [point[across] for point in (*mine, *theirs)]
        if max(places) - min(places) < _SAME * 3:
            start = max(min(p[along] for p in mine), min(p[along] for p in theirs))
            stop = min(max(p[along] for p in mine), max(p[along] for p in theirs))
            return max(0.0, stop - start)
    return 0.0


def _length(way: Way) -> float:
    return sum(abs(ax - bx) + abs(ay - by) for (ax, ay), (bx, by) in pairwise(way))
