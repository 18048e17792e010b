"""How a flow is drawn from one shape to another: at right angles, in the simplest way that crosses no shape.

Ways are tried from the simplest on; the best is the one that crosses the fewest shapes, then the one that
lies on no other line, then the one with the fewest corners.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
Way = tuple[Point, ...]

_GAP = 12.0  # between a shape and a line that passes it
_NEAR = 6.0  # so near no line should pass a shape
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
    boxes = [*others, source, target]
    ways = [_straightened(way) for way in _ways(source, target)]
    near = [
        Box(box.x - _NEAR, box.y - _NEAR, box.width + 2 * _NEAR, box.height + 2 * _NEAR) for box in others
    ]

    def cost(way: Way) -> tuple[float, ...]:
        covered = max(0.0, _covered(way, lines) - _GAP)  # two may leave or enter a shape together
        return _crossed(way, boxes), _crossed(way, near), covered, len(way), _length(way)

    return min(ways, key=cost)


def around(boxes: Sequence[Box]) -> Box:
    """Give the box around several."""
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(x, y, max(box.right for box in boxes) - x, max(box.bottom for box in boxes) - y)


def crosses(way: Way, boxes: Sequence[Box]) -> bool:
    """Tell whether a line goes through one of several boxes."""
    return _crossed(way, boxes) > 0


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


def _parts(way: Way) -> Iterable[tuple[Point, Point]]:
    return pairwise(way)


def _crossed(way: Way, boxes: Sequence[Box]) -> int:
    return sum(
        Box(min(ax, bx), min(ay, by), abs(ax - bx), abs(ay - by)).meets(_inside(box))
        for (ax, ay), (bx, by) in _parts(way)
        for box in boxes
    )


def _inside(box: Box) -> Box:
    """Give a box without its edge: a flow may touch what it comes from or leads to."""
    return Box(box.x + _SAME, box.y + _SAME, box.width - 2 * _SAME, box.height - 2 * _SAME)


def _covered(way: Way, lines: Sequence[Way]) -> float:
    """Measure how much of a way lies on other lines."""
    return sum(_shared(mine, theirs) for mine in _parts(way) for line in lines for theirs in _parts(line))


def _shared(mine: tuple[Point, Point], theirs: tuple[Point, Point]) -> float:
    for across, along in ((0, 1), (1, 0)):
        places = [point[across] for point in (*mine, *theirs)]
        if max(places) - min(places) < _SAME * 3:
            start = max(min(p[along] for p in mine), min(p[along] for p in theirs))
            stop = min(max(p[along] for p in mine), max(p[along] for p in theirs))
            return max(0.0, stop - start)
    return 0.0


def _length(way: Way) -> float:
    return sum(abs(ax - bx) + abs(ay - by) for (ax, ay), (bx, by) in _parts(way))
