"""Elements of SVG as Markup: every value is escaped, numbers are short, no inline styles."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

Value = str | float | bool | None
NOTHING = Markup("")


def element(name: str, *children: str, **attributes: Value) -> Markup:
    """Make an element; ``class_`` becomes class, ``stroke_width`` stroke-width, None is left out."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{said}>{together(children)}</{name}>")  # noqa: S704 - children and values are escaped


def together(parts: Iterable[str]) -> Markup:
    """Put parts one after the other; what is not Markup is escaped."""
    return NOTHING.join(parts)


def number(value: Value) -> str:
    """Write a number with at most two decimals; anything else as it is."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


def group(*children: str, **attributes: Value) -> Markup:
    """Make a ``g``."""
    return element("g", *children, **attributes)


def path(way: str, **attributes: Value) -> Markup:
    """Make a ``path``."""
    return element("path", d=way, **attributes)


def line(text: str, x: float, y: float, **attributes: Value) -> Markup:
    """Make a line of text."""
    return element("text", text, x=x, y=y, **attributes)


def lines(texts: Iterable[str], x: float, y: float, height: float, **attributes: Value) -> Markup:
    """Make lines of text below each other; ``y`` is the base of the first."""
    return together(line(text, x, y + count * height, **attributes) for count, text in enumerate(texts))


def points(corners: Iterable[tuple[float, float]]) -> str:
    """Write corners for a polygon."""
    return " ".join(f"{number(float(x))},{number(float(y))}" for x, y in corners)
