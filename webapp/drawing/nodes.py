"""Every other shape of a diagram: gateways, pools and lanes, documents, notes."""

from __future__ import annotations

from markupsafe import Markup

from engine.model.definition import Bounds, Shape
from webapp.drawing import svg
from webapp.drawing.lettering import shortened, wrapped
from webapp.drawing.svg import NOTHING, element, group, path

BAND = 30.0  # width of the strip with a pool's or lane's name
_SIZE, _LINE = 14.0, 16.5

_GATEWAYS = {  # in a square of 50
    "exclusiveGateway": ("M17.5 16.5 32.5 33.5M32.5 16.5 17.5 33.5", "heavy"),
    "parallelGateway": ("M25 12.5v25M12.5 25h25", "heavy"),
    "inclusiveGateway": ("M25 14a11 11 0 1 0 .01 0Z", "heavy"),
    "complexGateway": ("M25 12v26M12 25h26M16 16l18 18M34 16 16 34", "heavy"),
    "eventBasedGateway": (
        "M25 11.5a13.5 13.5 0 1 0 .01 0ZM25 14.5a10.5 10.5 0 1 0 .01 0ZM25 18.5l6.5 4.7-2.5 7.6h-8l-2.5-7.6Z",
        "hollow",
    ),
}


def draw_gateway(shape: Shape) -> Markup:
    """Draw the diamond and the sign of its kind."""
    bounds = shape.bounds
    x, y, width, height = bounds.x, bounds.y, bounds.width, bounds.height
    corners = [
        (x + width / 2, y),
        (x + width, y + height / 2),
        (x + width / 2, y + height),
        (x, y + height / 2),
    ]
    diamond = element("polygon", points=svg.points(corners), class_="shape")
    if shape.type not in _GATEWAYS:
        return diamond
    sign, tone = _GATEWAYS[shape.type]
    place = f"translate({x:.2f} {y:.2f}) scale({width / 50:.3f} {height / 50:.3f})"
    return diamond + group(path(sign, class_=tone), transform=place, class_="marker")


def draw_container(shape: Shape) -> Markup:
    """Draw a pool or lane with its name upright in the band at its left, or a group's dashed edge."""
    bounds = shape.bounds
    if shape.type == "group":
        return _rectangle(bounds, "pool dashed", rx=8) + _above(shape)
    if shape.type == "participant" and not shape.expanded:
        lines = wrapped(shape.name, _SIZE, bounds.width - 20, 2)
        x, y = bounds.x + bounds.width / 2, bounds.y + bounds.height / 2
        top = y - len(lines) * _LINE / 2 + _LINE * 0.74
        return _rectangle(bounds, "pool") + svg.lines(lines, x, top, _LINE, class_="name")
    drawn = _rectangle(bounds, "pool")
    if shape.type == "participant":
        drawn += path(f"M{bounds.x + BAND:.2f} {bounds.y:.2f}v{bounds.height:.2f}", class_="pool")
    return drawn + _upright(shape.name, bounds)


def _upright(name: str, bounds: Bounds) -> Markup:
    """Write a name from bottom to top in the band; a longer one smaller, in two lines."""
    room = bounds.height - 10
    lines, step, class_ = wrapped(name, _SIZE, room, 1), 0.0, "name"
    if lines and lines[0].endswith("…"):
        lines, step, class_ = wrapped(name, 12, room, 2), 13.0, "name smaller"
    x, y = bounds.x + BAND / 2 + 4.5 - step * (len(lines) - 1) / 2, bounds.y + bounds.height / 2
    return group(svg.lines(lines, x, y, step, class_=class_), transform=f"rotate(-90 {x:.2f} {y:.2f})")


def draw_artifact(shape: Shape) -> Markup:
    """Draw a document, a store or a note."""
    bounds = shape.bounds
    x, y, width, height = bounds.x, bounds.y, bounds.width, bounds.height
    if shape.type == "textAnnotation":
        lines = wrapped(shape.name, 13, width - 10, max(1, int(height // 15)))
        bracket = path(f"M{x + 12:.2f} {y:.2f}H{x:.2f}v{height:.2f}h12", class_="bracket")
        return bracket + svg.lines(lines, x + 8, y + 14, 15, class_="note-text")
    if shape.type.startswith("dataStore"):
        bend = min(height / 6, 12)
        body = (
            f"M{x:.2f} {y + bend:.2f}a{width / 2:.2f} {bend:.2f} 0 0 1 {width:.2f} 0v{height - 2 * bend:.2f}"
            f"a{width / 2:.2f} {bend:.2f} 0 0 1 {-width:.2f} 0Z"
        )
        lid = f"M{x:.2f} {y + bend:.2f}a{width / 2:.2f} {bend:.2f} 0 0 0 {width:.2f} 0"
        return path(body, class_="shape") + path(lid, class_="ring")
    fold = min(12.0, width / 3)
    sheet = f"M{x:.2f} {y:.2f}h{width - fold:.2f}l{fold:.2f} {fold:.2f}v{height - fold:.2f}h{-width:.2f}Z"
    corner = f"M{x + width - fold:.2f} {y:.2f}v{fold:.2f}h{fold:.2f}"
    return path(sheet, class_="shape") + path(corner, class_="ring")


def draw_outer_name(shape: Shape) -> Markup:
    """Write the name of an event, gateway or document beside it, where the diagram says."""
    if not shape.name:
        return NOTHING
    bounds, label = shape.bounds, shape.label
    if label is None:
        place, top, room = bounds.x + bounds.width / 2, bounds.y + bounds.height + 4, 110.0
    else:
        place, top, room = label.x + label.width / 2, label.y, max(label.width, 90.0)
    lines = wrapped(shape.name, _SIZE, room, 4)
    return svg.lines(lines, place, top + _LINE * 0.74, _LINE, class_="name outer")


def outer_extent(shape: Shape) -> Bounds:
    """Give the room an outer name takes, for the edges of the drawing."""
    label = shape.label
    if label is None:
        middle = shape.bounds.x + shape.bounds.width / 2
        return Bounds(x=middle - 55, y=shape.bounds.y, width=110, height=shape.bounds.height + 24)
    wide = max(label.width, 90.0)
    return Bounds(x=label.x + label.width / 2 - wide / 2, y=label.y, width=wide, height=max(label.height, 18))


def _rectangle(bounds: Bounds, class_: str, rx: float | None = None) -> Markup:
    return element(
        "rect", x=bounds.x, y=bounds.y, width=bounds.width, height=bounds.height, rx=rx, class_=class_
    )


def _above(shape: Shape) -> Markup:
    name = shortened(shape.name, _SIZE, shape.bounds.width)
    return svg.line(name, shape.bounds.x + shape.bounds.width / 2, shape.bounds.y - 5, class_="name outer")
