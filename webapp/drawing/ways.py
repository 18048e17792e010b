"""The way a case took as a line of numbered steps; one that was done again stands out by edge and mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.drawing import svg
from webapp.drawing.svg import NOTHING, element, group

_STEP, _RADIUS, _HEIGHT = 34.0, 12.0, 36.0
_MOST = 30  # steps that are drawn; what stands beside the drawing has all


@dataclass(frozen=True, kw_only=True)
class WayStop:
    """A step on the way: what is written in its dot, and whether it was done before."""

    sign: str
    again: bool


def draw_way(stops: Sequence[WayStop]) -> Markup:
    """Draw the way; the same must stand beside it in words."""
    shown = stops[:_MOST]
    more = len(stops) - len(shown)
    width = _STEP * len(shown) + (44 if more else 4)
    dots = svg.together(_dot(stop, place) for place, stop in enumerate(shown))
    rest = (
        svg.line(f"+{more}", _STEP * len(shown) + 16, _HEIGHT / 2 + 4.5, class_="way-more")
        if more
        else NOTHING
    )
    return element(
        "svg",
        dots,
        rest,
        class_="way-line",
        viewBox=f"0 0 {svg.number(width)} {svg.number(_HEIGHT)}",
        width=round(width),
        height=round(_HEIGHT),
        aria_hidden="true",
        focusable="false",
    )


def _dot(stop: WayStop, place: int) -> Markup:
    x, y = _STEP * place + 17, _HEIGHT / 2
    line = (
        element("line", x1=x - _STEP + _RADIUS, y1=y, x2=x - _RADIUS, y2=y, class_="way-flow")
        if place
        else NOTHING
    )
    dot = element("circle", cx=x, cy=y, r=_RADIUS, class_="way-dot")
    words = svg.line(stop.sign, x, y + 4.5, class_="way-sign")
    return group(line, dot, words, class_="again" if stop.again else "once")
