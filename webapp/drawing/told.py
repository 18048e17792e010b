"""What the drawing of a case shows, as text, and which of its marks a legend explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.definition import Definition
from webapp.drawing.marks import DiagramMarks, MarkState
from webapp.language import gettext


@dataclass(frozen=True, kw_only=True)
class StepState:
    """One step as text."""

    number: int
    name: str
    role: str
    state: str  # done, open, returned, waiting
    words: str


def legend_of(marks: DiagramMarks, *, waiting: bool) -> tuple[str, ...]:
    """Name what occurs, in the order of the pictures; ``waiting`` tells that some step was not reached."""
    states = {mark.state for mark in marks.elements.values()}
    found = {
        "done": MarkState.DONE in states,
        "open": MarkState.OPEN in states,
        "returned": MarkState.RETURNED in states,
        "late": any(mark.late for mark in marks.elements.values()),
        "stopped": bool(marks.stopped),
        "way_back": "returned" in {str(kind) for kind in marks.flows.values()},
        "waiting": waiting,
    }
    return tuple(kind for kind, occurs in found.items() if occurs)


def steps_told(definition: Definition, states: Mapping[str, MarkState]) -> tuple[StepState, ...]:
    """Say of every step how it stands."""
    words = {
        MarkState.DONE: gettext("Done"),
        MarkState.OPEN: gettext("Open now"),
        MarkState.RETURNED: gettext("Returned"),
        MarkState.NOT_REACHED: gettext("Not yet"),
    }
    roles = {lane.role: lane.name for lane in definition.lanes}
    return tuple(
        StepState(
            number=step.number,
            name=step.name,
            role=roles.get(step.role, step.role),
            state=(state := states.get(step.element, MarkState.NOT_REACHED)).value,
            words=words[state],
        )
        for step in definition.steps
    )
