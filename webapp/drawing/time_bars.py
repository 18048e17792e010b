"""Working and waiting time of steps as bars beside the standard time, with the value in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext
from markupsafe import Markup

from webapp.drawing import svg
from webapp.drawing.svg import NOTHING, element

_HEIGHT = 14
_TRACK = 62.0  # percent of the room that the longest bar takes; its words follow it
_TICKS = 5


@dataclass(frozen=True, kw_only=True)
class TimeBar:
    """One step: its name and its time in words, and the same in working minutes."""

    label: str  # "9 Membuat draft (2)"
    words: str  # "2 hari 4 jam, terlambat 2 jam, masih berjalan"
    worked: int
    waited: int = 0
    standard: int | None = None  # None: the SOP sets none


def draw_time_bars(bars: Sequence[TimeBar], *, day_minutes: int) -> Markup:
    """Draw the bars as a list; ``day_minutes`` is the length of a working day, for the scale below."""
    longest = max((_length(bar) for bar in bars), default=0)
    if not longest:
        longest = 1
    rows = svg.together(_row(bar, longest) for bar in bars)
    return element("ul", rows, class_="time-bars") + _scale(longest, day_minutes)


def _length(bar: TimeBar) -> int:
    return max(bar.worked + bar.waited, bar.standard or 0, 0)


def _row(bar: TimeBar, longest: int) -> Markup:
    label = element("span", bar.label, class_="bar-label")
    words = element("span", bar.words, class_="bar-words")
    track = element("span", _bar(bar, longest), words, class_="bar-track")
    return element("li", label, " ", track)


def _bar(bar: TimeBar, longest: int) -> Markup:
    """Draw one bar; its width is a share of the track, so that it needs no script and no style."""
    length = max(_length(bar), 1)
    within = bar.worked if bar.standard is None else min(bar.worked, bar.standard)
    over = bar.worked - within
    parts = [
        _part("within", 0, within, length),
        _part("over", within, over, length),
        _part("waited", bar.worked, bar.waited, length),
    ]
    if bar.standard is not None:
        at = 100 * bar.standard / length
        parts.append(element("rect", x=f"{at:.2f}%", y=-2, width=2.5, height=_HEIGHT + 4, class_="standard"))
    return element(
        "svg",
        *parts,
        class_="time-bar",
        width=f"{max(_TRACK * length / longest, 0.5):.2f}%",
        height=_HEIGHT,
        aria_hidden="true",
        focusable="false",
    )


def _part(kind: str, start: int, minutes: int, length: int) -> Markup:
    if minutes <= 0:
        return NOTHING
    x, width = f"{100 * start / length:.2f}%", f"{100 * minutes / length:.2f}%"
    return element("rect", x=x, y=0, width=width, height=_HEIGHT, class_=kind)


def _scale(longest: int, day_minutes: int) -> Markup:
    """Write the scale below, in days, or in hours where everything took less than a day."""
    in_days = longest >= day_minutes
    unit = day_minutes if in_days else 60
    count = longest // unit
    step = max(1, -(-count // _TICKS))
    ticks = svg.together(
        _tick(number, 100 * number * unit / longest, in_days=in_days) for number in range(0, count + 1, step)
    )
    axis = element("svg", ticks, class_="time-bar", width=f"{_TRACK:.2f}%", height=22, focusable="false")
    return element("div", element("span", axis, class_="bar-track"), class_="bar-scale", aria_hidden="true")


def _tick(number: int, at: float, *, in_days: bool) -> Markup:
    if number == 0:
        words = "0"
    elif in_days:
        words = ngettext("%(num)s day", "%(num)s days", number)
    else:
        words = ngettext("%(num)s hour", "%(num)s hours", number)
    mark = element("rect", x=f"{at:.2f}%", y=0, width=1, height=4, class_="scale-mark")
    return mark + element("text", words, x=f"{at:.2f}%", y=18)


def legend_words() -> tuple[tuple[str, str], ...]:
    """Give the classes of the bars' parts with their words, for a legend."""
    return (
        ("within", gettext("Working time")),
        ("over", gettext("Beyond the standard time")),
        ("waited", gettext("Waiting time")),
        ("standard", gettext("Standard time")),
    )
