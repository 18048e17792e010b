"""Where a case stands, in words: the open step, who has it, and when it is due."""

from __future__ import annotations

from uuid import UUID

from engine.model.instance import InstanceStatus
from engine.model.task import Task
from engine.queries.case_tasks import TaskLine
from engine.queries.cases import OpenStep
from webapp import current, wording
from webapp.language import gettext
from webapp.rendering import Due, due_state

Waits = OpenStep | Task


def due_of(step: Waits, office: UUID, *, waits_to_start: bool = False) -> Due:
    """Say when an open step is due, or why its clock does not run."""
    engine = current.engine()
    now, calendar = engine.clock.now(), engine.calendar_of(office)
    if step.paused_at is not None:
        since = gettext("Clock stopped since %(day)s", day=wording.day(step.paused_at))
        return due_state(None, now, calendar, waiting=step.pause_reason or "", waiting_detail=since)
    if waits_to_start:
        starts = gettext("It runs from the moment somebody takes the task")
        return due_state(None, now, calendar, waiting=gettext("Clock not running yet"), waiting_detail=starts)
    started = step.clock_started_at
    if started is not None and started > now and step.due_at is not None:
        starts = gettext("The clock runs from %(day)s", day=wording.day(started))
        return due_state(None, now, calendar, waiting=gettext("Clock not running yet"), waiting_detail=starts)
    return due_state(step.due_at, now, calendar)


def due_of_line(line: TaskLine) -> Due:
    """Say when an open task of a case is due."""
    return due_of(line.task, line.task.office, waits_to_start=line.waits_to_start)


def named_round(name: str, round_: int) -> str:
    """Name a step with its round, from the second one on."""
    return gettext("%(step)s, round %(round)s", step=name, round=round_) if round_ > 1 else name


def held_by(holder: str, role_label: str) -> str:
    """Say who has an open step."""
    return holder or gettext("%(role)s, nobody has taken it yet", role=role_label)


def status_words(status: InstanceStatus) -> str:
    """Say where a case is in its life."""
    return {
        InstanceStatus.RUNNING: gettext("Running"),
        InstanceStatus.FINISHED: gettext("Finished"),
        InstanceStatus.CANCELLED: gettext("Cancelled"),
    }[status]
