"""A rehearsal as its page shows it: where it stands, what can be done, what happened."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from markupsafe import Markup

from engine.errors import Problem
from engine.forms.definition import FormDefinition
from engine.model.definition import Definition
from engine.model.rehearsal import Rehearsal, RehearsedTask
from engine.model.task import TaskKey
from engine.queries.rehearsal import Rehearsed, RehearsedForm, RehearsedSlot
from webapp import current, wording
from webapp.answers import Answer, answers
from webapp.drawing.diagram import draw_diagram
from webapp.drawing.marks import DiagramMarks, ElementMark, MarkState
from webapp.due import Due, due_state
from webapp.editor.rehearsal_log import LogEntry, log_entries
from webapp.editor.rehearsal_outside import MOST_OUTSIDE, Outside, jobs_of, message_of
from webapp.forms.drawing import draw_form, problem_links
from webapp.forms.views import FormView, ProblemLink
from webapp.language import gettext
from webapp.rendering import sentence
from webapp.stops import named

_MOST_NAMED = 10  # tasks, in the sentence
_MOST_TASKS = 100  # in the list


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What stood in the way of a step, with what was typed for it."""

    problems: Sequence[Problem] = ()
    failure: str = ""
    fields: Mapping[str, Sequence[str]] | None = None
    typed: Mapping[str, str] = field(default_factory=dict)  # of an answer or a message


NO_TROUBLE = Trouble()


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """An open task in the list."""

    key: TaskKey
    name: str
    role: str
    holder: str  # whom a form named
    due: Due
    moment: str
    here: bool


@dataclass(frozen=True, kw_only=True)
class SlotRow:
    """A file that the step must leave behind."""

    slot: RehearsedSlot
    checked: bool
    problem: str


@dataclass(frozen=True, kw_only=True)
class TaskPart:
    """The form of the chosen task, ready to draw."""

    found: RehearsedForm
    role: str
    view: FormView | None
    slots: tuple[SlotRow, ...]
    answers: tuple[Answer, ...]
    back_to: tuple[tuple[str, str], ...]  # element and name
    four_eyes: str  # steps that somebody else must have done in a real case
    is_wide: bool


@dataclass(frozen=True, kw_only=True)
class RehearsalView:
    """Everything the page shows."""

    rehearsal: Rehearsal
    sentence: str  # where it stands
    diagram: Markup
    legend: tuple[str, ...]
    tasks: tuple[TaskRow, ...]
    task: TaskPart | None
    next_timer: str
    jobs: tuple[Outside, ...]
    messages: tuple[Outside, ...]
    entries: tuple[LogEntry, ...]
    problems: tuple[ProblemLink, ...]
    trouble: Trouble
    changed: bool


def rehearsal_view(found: Rehearsed, trouble: Trouble, *, changed: bool) -> RehearsalView:
    """Put a rehearsal in words."""
    chosen, definition, stand = found.chosen, found.version.definition, found.rehearsal.now
    raw = trouble.fields if trouble.fields is not None else chosen.raw if chosen else {}
    where, marks = _where(found), _marks(found)
    title = gettext("Rehearsal of %(name)s", name=found.version.name)
    return RehearsalView(
        rehearsal=found.rehearsal,
        sentence=where,
        diagram=draw_diagram(definition.diagram, marks, title=title, description=where),
        legend=_legend(definition, marks),
        tasks=tuple(_row(found, one) for one in _listed(stand.tasks, chosen)),
        task=_part(found, chosen, raw, trouble) if chosen else None,
        next_timer=_next_timer(found),
        jobs=tuple(jobs_of(found, trouble.typed)),
        messages=tuple(message_of(one, found, trouble.typed) for one in stand.waits[:MOST_OUTSIDE]),
        entries=tuple(log_entries(found)),
        problems=problem_links(chosen.form if chosen else None, raw, trouble.problems),
        trouble=trouble,
        changed=changed,
    )


def _listed(tasks: Sequence[RehearsedTask], chosen: RehearsedForm | None) -> list[RehearsedTask]:
    """Give the tasks of the list: the first ones, and the chosen one in any case."""
    first = list(tasks[:_MOST_TASKS])
    return first if chosen is None or chosen.task in first else [*first, chosen.task]


def _where(found: Rehearsed) -> str:
    stand, definition = found.rehearsal.now, found.version.definition
    if stand.finished:
        return gettext("The rehearsal is at the end of the SOP.")
    if stand.tasks:
        steps = [
            gettext("%(step)s by %(role)s", step=one.name, role=found.roles.get(one.role, one.role))
            for one in stand.tasks[:_MOST_NAMED]
        ]
        steps += ["…"] if len(stand.tasks) > _MOST_NAMED else []
        return gettext("Open now: %(steps)s.", steps="; ".join(steps))
    waits = [*(one.key.element for one in stand.jobs), *(one.key.element for one in stand.waits)]
    waits += [key.element for key, _due in stand.timers]
    names = dict.fromkeys(named(definition, element) for element in waits)
    return gettext("Waits for: %(what)s.", what=", ".join(list(names)[:_MOST_NAMED]))


def _marks(found: Rehearsed) -> DiagramMarks:
    stand = found.rehearsal.now
    states = {element: MarkState(state) for element, state in found.way.elements.items()}
    marks = {element: ElementMark(state=state) for element, state in states.items()}
    for job in stand.jobs:
        marks[job.key.element] = ElementMark(state=MarkState.OPEN, badge=gettext("Waits for an answer"))
    for wait in stand.waits:
        if not wait.begins:
            badge = gettext("Waits for a message")
            marks[wait.key.element] = ElementMark(state=MarkState.OPEN, badge=badge)
    for key, at in stand.timers:
        badge = gettext("Until %(when)s", when=wording.moment_short(at))
        marks[key.element] = ElementMark(state=MarkState.OPEN, badge=badge)
    for task in stand.tasks:
        due = _due(found, task)
        words = due.words[:1].lower() + due.words[1:] if due.state != "none" else ""
        badge = " · ".join(part for part in (found.roles.get(task.role, task.role), words) if part)
        marks[task.key.element] = ElementMark(state=MarkState.OPEN, badge=badge, late=due.state == "late")
    return DiagramMarks(elements=marks, flows=found.way.flows)


def _legend(definition: Definition, marks: DiagramMarks) -> tuple[str, ...]:
    states = {mark.state for mark in marks.elements.values()}
    if not definition.diagram.shapes:
        return ()
    found = {
        "done": MarkState.DONE in states,
        "open": MarkState.OPEN in states,
        "returned": MarkState.RETURNED in states,
        "late": any(mark.late for mark in marks.elements.values()),
        "way_back": "returned" in {str(kind) for kind in marks.flows.values()},
        "waiting": any(step.element not in marks.elements for step in definition.steps),
    }
    return tuple(kind for kind, occurs in found.items() if occurs)


def _due(found: Rehearsed, task: RehearsedTask) -> Due:
    calendar = current.engine().calendar_of(found.rehearsal.office)
    return due_state(task.due_at, found.rehearsal.now.at, calendar)


def _row(found: Rehearsed, task: RehearsedTask) -> TaskRow:
    return TaskRow(
        key=task.key,
        name=task.name,
        role=found.roles.get(task.role, task.role),
        holder=found.names.get(task.assignee, ""),
        due=_due(found, task),
        moment=wording.moment_named(task.due_at),
        here=found.chosen is not None and found.chosen.task is task,
    )


def _part(
    found: Rehearsed, chosen: RehearsedForm, raw: Mapping[str, Sequence[str]], trouble: Trouble
) -> TaskPart:
    form, stand, definition = chosen.form, found.rehearsal.now, found.version.definition
    alone = len(stand.tasks) == 1 and not (stand.timers or stand.jobs or stand.waits)
    view = _drawn(chosen, form, raw, trouble) if form else None
    steps = {step.element: step for step in definition.steps}
    said = {one.field: sentence(one.sentence) for one in trouble.problems}
    return TaskPart(
        found=chosen,
        role=found.roles.get(chosen.task.role, chosen.task.role),
        view=view,
        slots=tuple(
            SlotRow(
                slot=one,
                checked=trouble.fields is None or one.field in trouble.fields,
                problem=said.get(one.field, ""),
            )
            for one in chosen.slots
        ),
        # As who does the step would read them.
        answers=answers(
            chosen.step,
            definition,
            form.decision if form else None,
            {chosen.task.role},
            is_last=alone,
        ),
        back_to=tuple((one, steps[one].name) for one in chosen.step.return_to if one in steps),
        four_eyes=", ".join(steps[one].name for one in chosen.step.not_same_as if one in steps),
        is_wide=view is not None and any(one.is_broad for one in view.sections),
    )


def _drawn(
    found: RehearsedForm, form: FormDefinition, raw: Mapping[str, Sequence[str]], trouble: Trouble
) -> FormView:
    files = {one.key for one in form.files}
    pretended: Collection[str] = files if trouble.fields is None else files & trouble.fields.keys()
    return draw_form(form, raw, options=found.options, problems=trouble.problems, pretended=pretended)


def _next_timer(found: Rehearsed) -> str:
    """Name the earliest timer, with its time."""
    stand = found.rehearsal.now
    if not stand.timers:
        return ""
    key, at = min(stand.timers, key=_at)
    when = wording.moment_named(max(at, stand.at))
    return gettext("%(name)s, on %(when)s", name=named(found.version.definition, key.element), when=when)


def _at(timer: tuple[Any, datetime]) -> datetime:
    return timer[1]
