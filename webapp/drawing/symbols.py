"""The symbols of the official table, drawn cell by cell so that they meet whatever a row's height.

A cell's lines run in percent of the cell, but for the bend of a hand-over, which stands a fixed way below
the cell's top; its symbol is of fixed size, at the middle. Five symbols
(PermenPAN-RB 35/2012): capsule, box, diamond, arrow; the pentagon is for page breaks of the PDF.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from markupsafe import Markup

from webapp.drawing import svg
from webapp.drawing.svg import element, group, path

TOP, MIDDLE, BOTTOM = "0%", "50%", "100%"  # heights in a cell
BEND = "7"  # pixels below the top: where a hand-over runs to the next column, above the arrow's head
_WIDTH, _HEIGHT = 22.0, 13.0  # half of a symbol's
_HEADS = {  # at the edge of the symbol, pointing at it
    "top": "M0 -13l-4 -8h8Z",
    "left": "M-22 0l-8 -4v8Z",
    "right": "M22 0l8 -4v8Z",
}


class Symbol(StrEnum):
    """What stands for a step."""

    CAPSULE = "capsule"
    BOX = "box"
    DIAMOND = "diamond"


@dataclass(kw_only=True)
class Cell:
    """One cell of the role columns; x in percent of the cell, y as one of the heights above."""

    symbol: Symbol | None = None
    across: list[tuple[str, float, float]] = field(default_factory=list)  # level: at y, from x to x
    along: list[tuple[float, str, str]] = field(default_factory=list)  # upright: at x, from y to y
    heads: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)  # side (left, right, bottom) -> words

    @property
    def empty(self) -> bool:
        """Tell whether nothing is drawn."""
        return not (self.symbol or self.across or self.along)


def draw_cell(cell: Cell) -> Markup:
    """Draw a cell: lines first, so that the symbol covers where they begin and end."""
    lines = [
        *(_line(f"{x:g}%", y, f"{to:g}%", y) for y, x, to in sorted(set(cell.across))),
        *(_line(f"{x:g}%", y, f"{x:g}%", to) for x, y, to in sorted(set(cell.along))),
    ]
    middle = svg.NOTHING
    if cell.symbol is not None:
        heads = (path(_HEADS[side], class_="head") for side in sorted(cell.heads))
        labels = (_label(side, words) for side, words in cell.labels.items())
        middle = element(
            "svg", group(_symbol(cell.symbol), *heads, *labels), x="50%", y="50%", overflow="visible"
        )
    return element(
        "svg",
        *lines,
        middle,
        class_="sop-symbols",
        width="100%",
        height="100%",
        aria_hidden="true",
        focusable="false",
    )


def _line(x: str, y: str, to_x: str, to_y: str) -> Markup:
    return element("line", x1=x, y1=y, x2=to_x, y2=to_y)


def _symbol(symbol: Symbol) -> Markup:
    if symbol is Symbol.DIAMOND:
        return element("polygon", points=f"0,{-_HEIGHT} {_WIDTH},0 0,{_HEIGHT} {-_WIDTH},0", class_="symbol")
    round_ = _HEIGHT if symbol is Symbol.CAPSULE else None
    return element(
        "rect", x=-_WIDTH, y=-_HEIGHT, width=2 * _WIDTH, height=2 * _HEIGHT, rx=round_, class_="symbol"
    )


def _label(side: str, words: str) -> Markup:
    match side:
        case "left":
            return svg.line(words, -_WIDTH - 3, -5, class_="before")
        case "right":
            return svg.line(words, _WIDTH + 3, -5, class_="after")
        case _:
            return svg.line(words, 5, _HEIGHT + 13, class_="after")
