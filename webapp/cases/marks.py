"""A case on its diagram and its strip, with the badges in words."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from engine.queries.case_asked import Asked, Awaited
from engine.queries.case_page import CaseStands
from engine.queries.case_tasks import TaskLine
from webapp import wording
from webapp.drawing.diagram import draw_diagram
from webapp.drawing.marks import DiagramMarks, ElementMark, MarkState
from webapp.drawing.strip import Strip, draw_strip
from webapp.drawing.told import StepState, legend_of, steps_told
from webapp.language import gettext
from webapp.standing import due_of_line
from webapp.stops import named, since_words


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """The two drawings of a case, and which kinds their legend explains."""

    diagram: Markup
    strip: Strip
    legend: tuple[str, ...]
    steps: tuple[StepState, ...]


def draw(case: CaseStands, sentence: str) -> Drawn:
    """Draw where a case stands; ``sentence`` says it."""
    states = {element: MarkState(state) for element, state in case.way.elements.items()}
    states |= {one.element: MarkState.OPEN for one in case.asked}
    marks = DiagramMarks(
        elements={element: _mark(case, element, state) for element, state in states.items()},
        flows=case.way.flows,
        stopped={stop.element: since_words(stop.since) for stop in case.stops},
    )
    current = next((line.task.element for line in case.open), None)
    definition = case.definition
    return Drawn(
        diagram=draw_diagram(
            definition.diagram, marks, title=case.facts.title, description=_described(case, sentence)
        ),
        strip=draw_strip(definition.lanes, definition.steps, states, current, case.ahead),
        legend=legend_of(marks, waiting=any(step.element not in marks.elements for step in definition.steps)),
        steps=steps_told(definition, states),
    )


def _described(case: CaseStands, sentence: str) -> str:
    """Say what the marks show besides where the case stands."""
    stopped = [
        gettext(
            "%(step)s: %(what)s",
            step=named(case.definition, one.element, one.name),
            what=since_words(one.since),
        )
        for one in case.stops
    ]
    return ". ".join([sentence, *stopped])


def _mark(case: CaseStands, element: str, state: MarkState) -> ElementMark:
    lines = [line for line in case.open if line.task.element == element]
    if state is MarkState.OPEN and lines:
        late = any(due_of_line(line).state == "late" for line in lines)
        return ElementMark(state=state, badge=_badge(lines), late=late)
    stopped = {one.element for one in case.stops}
    if waiting := [one for one in case.asked if one.element == element and element not in stopped]:
        return ElementMark(state=state, badge=_awaited(waiting[0]))
    is_step = any(step.element == element for step in case.definition.steps)
    badge = gettext("Returned") if state is MarkState.RETURNED and is_step else ""
    return ElementMark(state=state, badge=badge)


def _awaited(one: Asked) -> str:
    if one.at is None:
        return gettext("Waits for a message")
    if one.what is Awaited.TIME:
        return gettext("Until %(when)s", when=wording.moment_near(one.at))
    since = gettext("since %(day)s", day=wording.day(one.at))
    words = gettext("Alur's turn") if one.by_alur else gettext("Waits for an answer")
    return f"{words} · {since}"


def _badge(lines: list[TaskLine]) -> str:
    if len(lines) > 1:
        return gettext("%(count)s open tasks", count=len(lines))
    task = lines[0].task
    who = lines[0].role_label if task.delegated_by is None else lines[0].holder
    if task.round > 1:
        who = gettext("%(who)s, round %(round)s", who=who, round=task.round)
    since = gettext("since %(day)s", day=wording.day(task.opened_at))
    due = due_of_line(lines[0])
    words = due.words[:1].lower() + due.words[1:] if due.state != "none" else ""
    return " · ".join(part for part in (who, since, words) if part)
