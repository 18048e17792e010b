"""Events of a diagram: the circle, and the marker that says what they wait for or cause."""

from __future__ import annotations

from markupsafe import Markup

from engine.model.definition import Shape
from webapp.drawing.svg import NOTHING, element, group, path

_BOX = 36  # markers are drawn in a square of this size, as in most tools
_THROWING = {"endEvent", "intermediateThrowEvent"}
_TWO_RINGS = {"intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}

_SENT = "M10 12h16l-8 6.5ZM10 14.4v10.1h16V14.4l-8 6.5Z"
_RECEIVED = "M9.5 12h17v12.5h-17ZM9.5 12l8.5 7 8.5-7"

# Markers that are one closed outline: hollow where the event waits, filled where it causes.
_OUTLINES = {
    "signal": "M18 9.5 26.5 24h-17Z",
    "error": "M10 26.5 14.8 11l6.2 8L26 9.5 21.4 25l-6-8Z",
    "escalation": "M18 8.5 24.5 26 18 19.5 11.5 26Z",
    "compensation": "M17 12v12l-8-6ZM26 12v12l-8-6Z",
    "link": "M10 15h9v-4l8 7-8 7v-4h-9Z",
    "multiple": "M18 9 26.5 15.3 23.3 25.5H12.7L9.5 15.3Z",
    "parallelMultiple": "M15.5 9.5h5v6h6v5h-6v6h-5v-6h-6v-5h6Z",
    "cancel": "M11 13 13 11 18 16 23 11 25 13 20 18 25 23 23 25 18 20 13 25 11 23 16 18Z",
}


def draw_event(shape: Shape) -> Markup:
    """Draw the circle and its marker in the colour of its state."""
    bounds = shape.bounds
    radius = min(bounds.width, bounds.height) / 2
    x, y = bounds.x + bounds.width / 2, bounds.y + bounds.height / 2
    dashes = "4 3" if not shape.interrupting else None
    kind = "shape thick" if shape.type == "endEvent" else "shape"
    rings = element("circle", cx=x, cy=y, r=radius, class_=kind, stroke_dasharray=dashes)
    if shape.type in _TWO_RINGS:
        rings += element("circle", cx=x, cy=y, r=radius - 3.5, class_="ring", stroke_dasharray=dashes)
    return rings + _marker(shape, x, y, radius * 2)


def _marker(shape: Shape, x: float, y: float, size: float) -> Markup:
    drawn = _drawn(shape.marker, throwing=shape.type in _THROWING)
    if not drawn:
        return NOTHING
    scale = size / _BOX
    place = f"translate({x - size / 2:.2f} {y - size / 2:.2f}) scale({scale:.3f})"
    return group(drawn, transform=place, class_="marker")


def _drawn(marker: str, *, throwing: bool) -> Markup:
    tone = "filled" if throwing else "hollow"
    match marker:
        case "timer":
            hours = "M18 9.5v2.2M26.5 18h-2.2M18 26.5v-2.2M9.5 18h2.2"
            return element("circle", cx=18, cy=18, r=10, class_="hollow") + path(
                f"{hours}M18 18l3.5-6M18 18h4"
            )
        case "message":
            return path(_SENT if throwing else _RECEIVED, class_=tone)
        case "terminate":
            return element("circle", cx=18, cy=18, r=10, class_="filled")
        case "conditional":
            return path("M11 9.5h14v17H11ZM13.5 13h9M13.5 16.3h9M13.5 19.7h9M13.5 23h9", class_="hollow")
        case _ if marker in _OUTLINES:
            return path(_OUTLINES[marker], class_=tone)
        case _:
            return NOTHING
