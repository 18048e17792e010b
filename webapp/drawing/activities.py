"""Tasks and subprocesses: the box, what kind of work it is, and whether it repeats."""

from __future__ import annotations

from markupsafe import Markup

from engine.model.definition import Bounds, Shape
from webapp.drawing import svg
from webapp.drawing.lettering import wrapped
from webapp.drawing.svg import NOTHING, element, group, path

_SIZE, _SMALLER, _LINE = 14.0, 12.0, 16.5
_SUBPROCESSES = {"subProcess", "transaction", "adHocSubProcess"}

# In a square of 20; a user task has none: its lane says who works.
_KINDS = {
    "manualTask": "M3 10.5V8.6c0-.5.3-.8.7-1L8 5c.9-.5 1.7.4 1 1.2L7.8 7.6h9c1 0 1 1.7 0 1.7h-5 6c1 0 1 "
    "1.7 0 1.7h-6 5c1 0 1 1.7 0 1.7h-5 3.6c1 0 1 1.7 0 1.7H7.2c-2 0-4.2-1.4-4.2-3.6Z",
    "scriptTask": "M7 3h9c-3 2.5-3 4.5-1 7s2 4.5 0 7H5c2-2.5 2-4.5 0-7s-1-4.5 2-7Z"
    "M8 6.5h5M7.8 10h5M8.5 13.5h5",
    "serviceTask": "M8.7 3h2.6l.4 2 1.7.7 1.7-1.1 1.8 1.8-1.1 1.7.7 1.7 2 .4v2.6l-2 .4-.7 1.7 1.1 "
    "1.7-1.8 1.8-1.7-1.1-1.7.7-.4 2H8.7l-.4-2-1.7-.7-1.7 1.1-1.8-1.8 1.1-1.7-.7-1.7-2-.4v-2.6l2-.4.7-1.7"
    "-1.1-1.7 1.8-1.8 1.7 1.1 1.7-.7ZM10 8.5a3 3 0 1 0 .01 0Z",
    "receiveTask": "M2.5 5h15v10.5h-15ZM2.5 5l7.5 6 7.5-6",
    "sendTask": "M2.5 5h15L10 10.8ZM2.5 7v8.5h15V7L10 12.8Z",
    "businessRuleTask": "M2.5 4h15v12h-15ZM2.5 8h15M2.5 12h15M7.5 8v8",
}


def draw_activity(shape: Shape) -> Markup:
    """Draw the box with its marks; its name is drawn apart, above everything."""
    bounds = shape.bounds
    kind = "shape thick" if shape.type == "callActivity" else "shape"
    box = _box(bounds, 0, kind, dashes=None if shape.interrupting else "2 4")
    if shape.type == "transaction":
        box += _box(bounds, 3, "ring")
    if shape.type in _KINDS:
        tone = "filled" if shape.type == "sendTask" else "hollow"
        place = f"translate({bounds.x + 6:.2f} {bounds.y + 5:.2f}) scale(0.85)"
        box += group(path(_KINDS[shape.type], class_=tone), transform=place, class_="marker kind")
    return box + _foot(shape)


def draw_activity_name(shape: Shape) -> Markup:
    """Write name and step number; an open subprocess has its name at the top."""
    bounds = shape.bounds
    at_top = shape.type in _SUBPROCESSES and shape.expanded
    above = 14 if shape.type in _KINDS else 0
    below = 14 if shape.repeats or shape.undoes or (shape.type in _SUBPROCESSES and not shape.expanded) else 0
    room, height = bounds.width - 12, bounds.height - 8 - above - below
    free = height - (14 if shape.number is not None else 0)  # the number stays clear of a third line
    size, most = _SIZE, max(1, int(free // _LINE))
    lines = wrapped(shape.name, size, room, most)
    if lines and lines[-1].endswith("…"):
        size, most = _SMALLER, max(1, int(free // (_LINE - 2.2)))
        lines = wrapped(shape.name, size, room, most)
    step = _LINE * size / _SIZE
    top = bounds.y + 4 + above + (4 if at_top else (height - len(lines) * step) / 2)
    x = bounds.x + bounds.width / 2
    small = "name smaller" if size == _SMALLER else "name"
    text = svg.lines(lines, x, top + step * 0.74, step, class_=small)
    if shape.number is not None:
        place = (bounds.x + bounds.width - 6, bounds.y + 13.5)
        text += svg.line(str(shape.number), *place, class_="step-number")
    return text


def _box(bounds: Bounds, inset: float, class_: str, *, dashes: str | None = None) -> Markup:
    return element(
        "rect",
        x=bounds.x + inset,
        y=bounds.y + inset,
        width=max(0, bounds.width - 2 * inset),
        height=max(0, bounds.height - 2 * inset),
        rx=8 - inset,
        class_=class_,
        stroke_dasharray=dashes,
    )


def _foot(shape: Shape) -> Markup:
    """Draw what stands at the middle of the lower edge: the plus of a closed subprocess, the repetition."""
    marks = []
    if shape.repeats:
        marks.append(_repetition(shape.repeats))
    if shape.undoes:
        marks.append(path("M7 2v10L1 7ZM13 2v10L7 7Z", class_="hollow"))
    if shape.type in _SUBPROCESSES and not shape.expanded:
        marks.append(path("M0 0h14v14H0ZM7 3v8M3 7h8", class_="hollow"))
    if shape.type == "adHocSubProcess":
        marks.append(path("M0 9c2-5 5-5 7-2s5 3 7-2", class_="hollow"))
    bounds = shape.bounds
    left = bounds.x + bounds.width / 2 - len(marks) * 9 + 2
    drawn = NOTHING
    for count, mark in enumerate(marks):
        place = f"translate({left + count * 18:.2f} {bounds.y + bounds.height - 17:.2f})"
        drawn += group(mark, transform=place, class_="marker")
    return drawn


def _repetition(repeats: str) -> Markup:
    match repeats:
        case "parallel":
            return path("M3 1v12M7 1v12M11 1v12", class_="heavy")
        case "sequential":
            return path("M1 3h12M1 7h12M1 11h12", class_="heavy")
        case _:
            return path("M4.5 12.5a6 6 0 1 1 4 .3M4.8 8.8v4H1", class_="hollow")
