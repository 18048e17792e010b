"""The position strip: the steps of an SOP as one line through its lanes.

Drawn twice, for wide and for narrow pages; the style sheet shows one. What it shows is also said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from engine.model.definition import Lane, Step
from webapp.drawing import svg
from webapp.drawing.edges import Point, way
from webapp.drawing.lettering import shortened
from webapp.drawing.marks import MarkState
from webapp.drawing.strip_words import Stand
from webapp.drawing.svg import NOTHING, element, group, path

_ALL = 20  # steps that are shown together; of more, a window
_WINDOW = 13
_MOST_LANES = 8


@dataclass(frozen=True, kw_only=True)
class Strip:
    """The drawing, the heading over it ("Step 9 of 13") and what it shows, in a sentence or two."""

    markup: Markup
    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class _Form:
    """The measures of one of the two drawings."""

    name: str
    width: float
    names: float  # room for the lanes' names
    lane: float  # height
    dot: float  # radius
    numbers: bool


_WIDE = _Form(name="wide", width=1200, names=100, lane=31, dot=11, numbers=True)
_NARROW = _Form(name="narrow", width=340, names=62, lane=24, dot=6, numbers=False)


def draw_strip(
    lanes: Sequence[Lane],
    steps: Sequence[Step],
    states: Mapping[str, MarkState],
    current: str | None,
    ahead: Collection[str] | None = None,
) -> Strip:
    """Draw where a case stands; ``states`` by element (not reached where missing), ``current`` an element.

    ``ahead`` are the elements of the steps that are open or can still be opened; None where nobody knows.
    """
    place = next((count for count, step in enumerate(steps) if step.element == current), None)
    kinds = [MarkState(states.get(step.element, MarkState.NOT_REACHED)) for step in steps]
    stand = Stand(steps=steps, kinds=kinds, place=place, ahead=ahead)
    shown = _window(steps, place)
    rows = _lanes_of(lanes, shown if len(lanes) > _MOST_LANES else steps)
    text, off = stand.said(lanes), stand.left_out
    cut = (shown[:1] != steps[:1], shown[-1:] != steps[-1:])
    drawings = [_drawing(form, rows, shown, states, current, cut=cut, off=off) for form in (_WIDE, _NARROW)]
    markup = element("div", *drawings, class_="strip", role="img", aria_label=text)
    return Strip(markup=markup if steps else NOTHING, heading=stand.heading, text=text)


def _window(steps: Sequence[Step], place: int | None) -> Sequence[Step]:
    if len(steps) <= _ALL:
        return steps
    first = min(max(0, (place or 0) - _WINDOW // 2), len(steps) - _WINDOW)
    return steps[first : first + _WINDOW]


def _lanes_of(lanes: Sequence[Lane], steps: Sequence[Step]) -> list[Lane]:
    """Keep the lanes in which somebody works, in the order of the official table."""
    roles = {step.role for step in steps}
    return [lane for lane in lanes if lane.role in roles] or list(lanes[:1])


def _drawing(  # noqa: PLR0913 - everything that is drawn
    form: _Form,
    lanes: list[Lane],
    steps: Sequence[Step],
    states: Mapping[str, MarkState],
    current: str | None,
    *,
    cut: tuple[bool, bool],
    off: set[str],
) -> Markup:
    rows = {lane.role: count for count, lane in reversed(list(enumerate(lanes)))}
    dots = _places(form, steps, rows)
    kinds = [MarkState(states.get(step.element, MarkState.NOT_REACHED)) for step in steps]
    returns = MarkState.RETURNED in states.values()
    left_out = [step.element in off for step in steps]
    drawing = svg.together(
        (
            *(_lane(form, lane, row) for row, lane in enumerate(lanes)),
            *_ends(form, dots, kinds, cut),
            *(
                _segment(
                    dots[n],
                    dots[n + 1],
                    _segment_kind(kinds[n], kinds[n + 1], returns=returns).value
                    + (" more" if left_out[n] or left_out[n + 1] else ""),
                )
                for n in range(len(dots) - 1)
            ),
            *(
                _dot(form, step, at, "off" if out else kind.value, current=step.element == current)
                for step, at, kind, out in zip(steps, dots, kinds, left_out, strict=True)
            ),
        )
    )
    height = form.lane * max(1, len(lanes)) + 4
    return element(
        "svg",
        drawing,
        class_=f"strip-{form.name}",
        viewBox=f"0 0 {svg.number(form.width)} {svg.number(height)}",
        aria_hidden="true",
        focusable="false",
    )


def _places(form: _Form, steps: Sequence[Step], rows: Mapping[str, int]) -> list[Point]:
    left, right = form.names + form.dot + 10, form.width - form.dot - 8
    gap = min((right - left) / max(1, len(steps) - 1), 160)
    return [
        (left + count * gap, (rows.get(step.role, 0) + 0.5) * form.lane + 2)
        for count, step in enumerate(steps)
    ]


def _lane(form: _Form, lane: Lane, row: int) -> Markup:
    size = 13 if form.numbers else 12
    bottom = (row + 1) * form.lane + 2
    name = shortened(lane.name, size, form.names - 6, bold=True)
    rule = path(f"M0 {svg.number(bottom)}H{svg.number(form.width)}", class_="rule")
    return rule + svg.line(name, 0, bottom - form.lane / 2 + size * 0.34, class_="lane-name")


def _segment_kind(before: MarkState, after: MarkState, *, returns: bool) -> MarkState:
    """Say how the way between two neighbours was gone."""
    gone = (MarkState.DONE, MarkState.OPEN)
    back = after == MarkState.RETURNED or (before == MarkState.RETURNED and after in gone)
    if back or (returns and before == MarkState.OPEN and after == MarkState.DONE):
        return MarkState.RETURNED
    return MarkState.DONE if before == MarkState.DONE and after in gone else MarkState.NOT_REACHED


def _segment(start: Point, end: Point, kind: str) -> Markup:
    """Draw from dot to dot, changing lane half-way."""
    middle = (start[0] + end[0]) / 2
    points = [start, end] if start[1] == end[1] else [start, (middle, start[1]), (middle, end[1]), end]
    return path(way(points), class_=f"way {kind}")


def _ends(form: _Form, dots: list[Point], kinds: list[MarkState], cut: tuple[bool, bool]) -> list[Markup]:
    """Draw a dotted stub where steps before or after the window are left out."""
    stubs = []
    if cut[0] and dots:
        x, y = dots[0]
        stubs.append(
            path(f"M{svg.number(x - form.dot - 9)} {svg.number(y)}H{svg.number(x)}", class_="way more")
        )
    if cut[1] and dots:
        x, y = dots[-1]
        kind = "way more" if kinds[-1] == MarkState.DONE else "way more waiting"
        stubs.append(path(f"M{svg.number(x)} {svg.number(y)}h{svg.number(form.dot + 8)}", class_=kind))
    return stubs


def _dot(form: _Form, step: Step, at: Point, kind: str, *, current: bool) -> Markup:
    x, y = at
    here = current or kind == MarkState.OPEN.value
    radius = form.dot + 3 if here else form.dot
    disc = element("circle", cx=x, cy=y, r=radius, class_="dot")
    if here:
        disc = element("circle", cx=x, cy=y, r=radius + 2, class_="halo") + disc
    number = NOTHING
    if form.numbers or here:
        number = svg.line(str(step.number), x, y + 4, class_="dot-number")
    return group(disc, number, class_=f"at {'here' if here else kind}")
