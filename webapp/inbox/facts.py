"""The facts beside a task, in words: its times, and whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from engine.model.definition import ClockStart, StandardTime, TimeUnit
from engine.model.task import TaskState
from engine.queries.task_page import TaskPage
from webapp import current, wording
from webapp.due import Due, step_due
from webapp.language import gettext, ngettext


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A labelled value; ``due`` draws it as a state."""

    label: str
    words: str
    due: Due | None = None


def waits_to_start(page: TaskPage) -> bool:
    """Tell whether the clock starts when somebody takes the task."""
    starts_late = page.step.clock is ClockStart.STARTED and page.step.standard_time is not None
    return starts_late and page.task.clock_started_at is None


def facts(page: TaskPage) -> list[Fact]:
    """Say when it came, how long it may take, and whose it is."""
    task = page.task
    found = []
    if task.state is TaskState.OPEN:
        due = step_due(task, task.office, waits_to_start=waits_to_start(page))
        found.append(Fact(label=gettext("Due time"), words=_due_at(page, due), due=due))
    found.append(Fact(label=gettext("Received"), words=_received(page)))
    found.append(Fact(label=gettext("Standard time"), words=standard_time(page.step.standard_time)))
    if task.state is TaskState.COMPLETED:
        found.append(Fact(label=gettext("Completed"), words=wording.moment(task.completed_at)))
        if task.done_on and task.completed_at and wording.day(task.done_on) != wording.day(task.completed_at):
            found.append(Fact(label=gettext("Done on"), words=wording.day_named(task.done_on)))
    found.append(Fact(label=gettext("Performer"), words=_performer(page)))
    if task.delegated_by:
        found.append(Fact(label=gettext("Assigned by"), words=_name(page, task.delegated_by)))
    if task.prepared_by:
        found.append(Fact(label=gettext("Prepared by"), words=_name(page, task.prepared_by)))
    return found


def _due_at(page: TaskPage, due: Due) -> str:
    """Say the moment; where the clock is still to start, that it comes after that."""
    at = wording.moment(page.task.due_at)
    return gettext("Then due on %(at)s", at=at) if at and due.state == "wait" else at


def standard_time(standard: StandardTime | None) -> str:
    """Put the standard time of a step in words."""
    if standard is None:
        return gettext("The SOP sets none")
    if standard.unit is TimeUnit.WORKING_DAY:
        return ngettext("%(num)s working day", "%(num)s working days", standard.value)
    return wording.working_time(standard.value)


def _received(page: TaskPage) -> str:
    at = wording.moment_short(page.task.opened_at)
    names = {lane.role: lane.name for lane in page.version.definition.lanes}
    if page.came_from not in names:
        return at
    return gettext("%(at)s from %(who)s", at=at, who=names[page.came_from])


def _performer(page: TaskPage) -> str:
    """Say whose task it is, and since when."""
    task, me = page.task, current.actor().person
    names = {lane.role: lane.name for lane in page.version.definition.lanes}
    role = names.get(task.role, task.role)
    holder = task.completed_by or task.assignee
    if holder is None:
        return gettext("%(role)s; nobody works on it yet", role=role)
    name = _name(page, holder)
    who = gettext("You") if holder == me else name
    if task.state is TaskState.OPEN and task.claimed_at:
        return gettext("%(who)s, since %(day)s", who=who, day=wording.day(task.claimed_at))
    return who


def _name(page: TaskPage, person: UUID) -> str:
    return page.names.get(person, "")


def why_reading(page: TaskPage) -> str:
    """Say why the reader sees no form."""
    task = page.task
    if page.rights.other_than:
        done = page.version.definition.step(page.rights.other_than).name
        return gettext(
            "You did “%(step)s” in this case, and this step is for somebody else. You can read it here.",
            step=done,
        )
    names: Mapping[str, str] = {lane.role: lane.name for lane in page.version.definition.lanes}
    if task.assignee is not None:
        who = _name(page, task.assignee)
        return gettext("%(who)s is working on this task. You can read it here.", who=who)
    return gettext(
        "This task waits for %(role)s. You can read it here.", role=names.get(task.role, task.role)
    )
