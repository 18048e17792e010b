"""When a task is due, in words; and why its clock does not run, where it does not."""

from __future__ import annotations

from dataclasses import replace

from engine.model.calendar import WorkCalendar
from engine.model.task import Task
from webapp import current, wording
from webapp.language import gettext
from webapp.rendering import Due, due_state


def task_due(task: Task, *, waits_to_start: bool = False) -> Due:
    """Say when an open task is due.

    Where the day that starts its clock is still to come it stays among the tasks of its due time,
    as it is sorted.
    """
    engine = current.engine()
    now, calendar = engine.clock.now(), engine.calendar_of(task.office)
    if task.paused_at is not None:
        since = gettext("Clock stopped since %(day)s", day=wording.day(task.paused_at))
        return due_state(None, now, calendar, waiting=task.pause_reason or "", waiting_detail=since)
    if waits_to_start:
        starts = gettext("It runs from the moment somebody takes the task")
        return due_state(None, now, calendar, waiting=gettext("Clock not running yet"), waiting_detail=starts)
    due = due_state(task.due_at, now, calendar)
    if task.clock_started_at is None or task.clock_started_at <= now or task.due_at is None:
        return due
    return replace(_not_yet(task, calendar), group=due.group)


def _not_yet(task: Task, calendar: WorkCalendar) -> Due:
    starts = gettext("The clock runs from %(day)s", day=wording.day(task.clock_started_at))
    now = current.engine().clock.now()
    return due_state(None, now, calendar, waiting=gettext("Clock not running yet"), waiting_detail=starts)
