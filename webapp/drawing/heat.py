"""Where time is lost, on the diagram: each step as hot as its time is beyond the standard, with the time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup

from engine.model.definition import Diagram
from engine.model.figures import Heat
from webapp.drawing.diagram import draw_diagram
from webapp.drawing.marks import DiagramMarks, ElementMark, MarkState

_STATES = {
    Heat.UNKNOWN: MarkState.NOT_REACHED,
    Heat.EASY: MarkState.HEAT_1,
    Heat.WITHIN: MarkState.HEAT_2,
    Heat.BEYOND: MarkState.HEAT_3,
    Heat.FAR_BEYOND: MarkState.HEAT_4,
}


@dataclass(frozen=True, kw_only=True)
class HotStep:
    """A step with its heat and what its badge says; without words it has none."""

    element: str
    heat: Heat
    words: str


def draw_heat(diagram: Diagram, steps: Iterable[HotStep], *, title: str, description: str) -> Markup:
    """Draw the diagram of a version; the badge of a step beyond its standard time has the warning sign."""
    marks = {
        one.element: ElementMark(
            state=_STATES[one.heat], badge=one.words, late=one.heat in {Heat.BEYOND, Heat.FAR_BEYOND}
        )
        for one in steps
    }
    return draw_diagram(diagram, DiagramMarks(elements=marks), title=title, description=description)


def heat_words(heat: Heat) -> str:
    """Say how hot a step is."""
    return {
        Heat.UNKNOWN: gettext("No time known or no standard time"),
        Heat.EASY: gettext("Up to half of the standard time"),
        Heat.WITHIN: gettext("Within the standard time"),
        Heat.BEYOND: gettext("Up to twice the standard time"),
        Heat.FAR_BEYOND: gettext("More than twice the standard time"),
    }[heat]


def heat_legend() -> tuple[tuple[str, str], ...]:
    """Give the classes of the scale with their words, from cool to hot."""
    return tuple((_STATES[one].value, heat_words(one)) for one in (*list(Heat)[1:], Heat.UNKNOWN))
