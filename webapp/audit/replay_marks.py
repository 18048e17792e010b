"""A case at a moment of its past on the diagram of that moment, and the same facts as text."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from engine.model.instance import InstanceStatus
from engine.queries.replay import Replay
from engine.queries.replay_tasks import MOST_OPEN, HeldLine
from webapp import wording
from webapp.drawing.diagram import draw_diagram
from webapp.drawing.marks import DiagramMarks, ElementMark, MarkState
from webapp.drawing.told import StepState, legend_of, steps_told
from webapp.due import Due, due_state
from webapp.language import gettext, ngettext
from webapp.standing import held_by, named_round
from webapp.stops import named, since_words


@dataclass(frozen=True, kw_only=True)
class OpenThen:
    """An open step: who had it since when, and how it stood with its due time."""

    step: str
    holder: str
    more: str  # lent by whom, prepared by whom
    due: Due


@dataclass(frozen=True, kw_only=True)
class DrawnThen:
    """The diagram, which kinds its legend explains, and the same as text."""

    diagram: Markup
    legend: tuple[str, ...]
    sentence: str
    open: tuple[OpenThen, ...]
    more: int  # open steps that are not among them
    steps: tuple[StepState, ...]


def drawn_then(found: Replay) -> DrawnThen:
    """Draw how a case stood."""
    states = {element: MarkState(state) for element, state in found.way.elements.items()}
    states |= {key.element: MarkState.OPEN for key in found.moment.asked}
    marks = DiagramMarks(
        elements={element: _mark(found, element, state) for element, state in states.items()},
        flows=found.way.flows,
        stopped={element: since_words(since) for element, since in found.moment.stops.values()},
    )
    said = standing_then(found)
    return DrawnThen(
        diagram=draw_diagram(
            found.version.definition.diagram, marks, title=found.facts.title, description=said
        ),
        legend=legend_of(marks, waiting=True),
        sentence=said,
        open=tuple(_open_then(found, line) for line in found.told_open),
        more=len(found.open) - len(found.told_open),
        steps=steps_told(found.version.definition, states),
    )


def standing_then(found: Replay) -> str:
    """Say in a sentence where a case stood."""
    if found.moment.status is InstanceStatus.FINISHED:
        return gettext("The case was finished.")
    if found.moment.status is InstanceStatus.CANCELLED:
        return gettext("The case was cancelled.")
    held = [gettext("%(step)s with %(who)s", step=_step_of(line), who=_holder(line)) for line in found.open]
    asked = [
        gettext("%(step)s waits for an answer", step=named(found.version.definition, key.element))
        for key in found.moment.asked
    ]
    steps = list(wording.counted([*held, *asked]))
    if not steps:
        return gettext("No step was open: the case waited for a message or a set time.")
    more = len(steps) - MOST_OPEN
    steps[MOST_OPEN:] = [gettext("%(count)s more", count=more)] if more > 0 else []
    count = len(held) + len(asked)
    return ngettext("Open step: %(steps)s.", "Open steps: %(steps)s.", count, steps="; ".join(steps))


def due_then(found: Replay, line: HeldLine) -> Due:
    """Say how an open task stood with its due time."""
    task = line.task
    if task.paused_at is not None:
        since = gettext("Clock stopped since %(day)s", day=wording.day(task.paused_at))
        return Due(state="wait", words=since, detail="", group="none")
    if task.due_at is None and line.allowed is not None:
        return Due(state="wait", words=gettext("Clock not running yet"), detail="", group="none")
    due = due_state(task.due_at, found.at, found.calendar)
    # Today and tomorrow are words of the day the page is read on.
    detail = wording.moment_named(task.due_at) if task.due_at else ""
    return Due(state=due.state, words=due.words, detail=detail, group=due.group)


def _step_of(line: HeldLine) -> str:
    return named_round(line.name, line.task.key.round)


def _holder(line: HeldLine) -> str:
    return held_by(line.holder, line.role_label)


def _open_then(found: Replay, line: HeldLine) -> OpenThen:
    more = [gettext("since %(when)s", when=wording.moment_named(line.task.opened_at))]
    if line.lender:
        more.append(gettext("handed out by %(who)s", who=line.lender))
    if line.preparer:
        more.append(gettext("prepared by %(who)s", who=line.preparer))
    return OpenThen(
        step=_step_of(line), holder=_holder(line), more=", ".join(more), due=due_then(found, line)
    )


def _mark(found: Replay, element: str, state: MarkState) -> ElementMark:
    lines = [line for line in found.open if line.task.key.element == element]
    if state is MarkState.OPEN and lines:
        return ElementMark(state=state, badge=_badge(found, lines), late=any(one.is_late for one in lines))
    since = next((at for key, at in found.moment.asked.items() if key.element == element), None)
    if since is not None:
        return ElementMark(state=state, badge=gettext("Waits for an answer"))
    is_step = any(step.element == element for step in found.version.definition.steps)
    badge = gettext("Returned") if state is MarkState.RETURNED and is_step else ""
    return ElementMark(state=state, badge=badge)


def _badge(found: Replay, lines: list[HeldLine]) -> str:
    if len(lines) > 1:
        return gettext("%(count)s open tasks", count=len(lines))
    line = lines[0]
    who = line.holder or line.role_label
    if line.task.key.round > 1:
        who = gettext("%(who)s, round %(round)s", who=who, round=line.task.key.round)
    due = due_then(found, line)
    words = due.words[:1].lower() + due.words[1:] if due.state != "none" else ""
    taken = gettext("taken") if line.holder else gettext("not taken yet")
    return " · ".join(part for part in (who, taken, words) if part)
