"""What comes after the open steps, as far as the diagram says it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.definition import Definition, NextSteps, Step
from engine.queries.case_page import CaseStands

_MOST_LATER = 12


@dataclass(frozen=True, kw_only=True)
class AheadStep:
    """A step that will be open."""

    name: str
    role: str
    step: Step


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What one answer (or any, where it is empty) of an open step leads to."""

    answer: str
    steps: tuple[AheadStep, ...]
    ends: bool


@dataclass(frozen=True, kw_only=True)
class AheadOf:
    """What follows an open step at once, and the steps after that until the end."""

    step: str
    ways: tuple[Ahead, ...]
    later: tuple[AheadStep, ...]


def ahead(case: CaseStands) -> tuple[AheadOf, ...]:
    """Look ahead from every open step; decisions later on are taken to be accepted."""
    elements = dict.fromkeys(line.task.element for line in case.open)
    known = {step.element: step for step in case.definition.steps}
    last = len(case.open) == 1 and not case.asked
    found = [_after(case.definition, known, known[one], last=last) for one in elements if one in known]
    return tuple(one for one in found if any(way.steps or way.ends for way in one.ways))


def _after(definition: Definition, known: dict[str, Step], step: Step, *, last: bool) -> AheadOf:
    roles = {lane.role: lane.name for lane in definition.lanes}

    def told(element: str) -> AheadStep:
        found = known[element]
        return AheadStep(name=found.name, role=roles.get(found.role, found.role), step=found)

    ways = tuple(
        Ahead(
            answer=way.answer or "",
            steps=tuple(told(one) for one in way.elements if one in known),
            ends=way.ends and last,  # else other branches go on
        )
        for way in step.next
    )
    return AheadOf(step=step.name, ways=ways, later=tuple(told(one) for one in _later(known, step)))


def _later(known: dict[str, Step], step: Step) -> list[str]:
    """Walk on from the first way, taking the first way each time, until the end or a step seen before."""
    seen = {step.element}
    here = _first(step.next, known)
    seen.update(here)
    found: list[str] = []
    while here and len(found) < _MOST_LATER:
        here = [one for name in here for one in _first(known[name].next, known) if one not in seen]
        seen.update(here)
        found += dict.fromkeys(here)
    return found


def _first(ways: tuple[NextSteps, ...], known: dict[str, Step]) -> list[str]:
    return [one for one in ways[0].elements if one in known] if ways else []
