"""When a step is due, in words; and why its clock does not run, where it does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from engine.model.calendar import WorkCalendar
from engine.model.lateness import is_late
from webapp import current, wording
from webapp.language import gettext, ngettext

_HOUR = 60  # minutes
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Due:
    """A due time in words. ``group`` is the heading's key in a list sorted by due time."""

    state: str  # late soon ok wait none: key of rendering.STATE_ICONS
    words: str
    detail: str
    group: str  # late today week later none


class Step(Protocol):
    """What is asked of an open step: a task, or a line that stands for one."""

    @property
    def due_at(self) -> datetime | None: ...  # noqa: D102 - as a task says it
    @property
    def clock_started_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def paused_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def pause_reason(self) -> str | None: ...  # noqa: D102


def group_heading(group: str) -> str:
    """Say the heading of a group of due times."""
    return {
        "late": gettext("Overdue"),
        "today": gettext("Today"),
        "week": gettext("This week"),
        "later": gettext("Later"),
        "none": gettext("Clock stopped or no due time"),
    }[group]


def step_due(step: Step, office: UUID, *, waits_to_start: bool = False) -> Due:
    """Say when an open step is due.

    Where the day that starts its clock is still to come it stays in the group of its due time, as it
    is sorted.
    """
    engine = current.engine()
    now, calendar = engine.clock.now(), engine.calendar_of(office)
    if step.paused_at is not None:
        since = gettext("Clock stopped since %(day)s", day=wording.day(step.paused_at))
        return _waits(step.pause_reason or "", since)
    if waits_to_start:
        return _waits(
            gettext("Clock not running yet"), gettext("It runs from the moment somebody takes the task")
        )
    due = due_state(step.due_at, now, calendar)
    started = step.clock_started_at
    if started is None or started <= now or step.due_at is None:
        return due
    starts = gettext("The clock runs from %(day)s", day=wording.day(started))
    return replace(_waits(gettext("Clock not running yet"), starts), group=due.group)


def _waits(why: str, detail: str) -> Due:
    return Due(state="wait", words=why, detail=detail, group="none")


def due_state(due_at: datetime | None, now: datetime, calendar: WorkCalendar) -> Due:
    """Put a due time in words, in working time."""
    if due_at is None:
        return Due(state="none", words=gettext("No due time"), detail="", group="none")
    minutes = calendar.minutes_between(now, due_at)
    if is_late(due_at, now):
        words = _late(-minutes, now - due_at, calendar)
        return Due(state="late", words=words, detail=wording.moment_named(due_at), group="late")
    left = _left(minutes, due_at - now, calendar)
    today, there = calendar.local(now).date(), calendar.local(due_at).date()
    if there == today:
        detail = gettext("Today at %(time)s", time=wording.clock(due_at))
        return Due(state="soon", words=left, detail=detail, group="today")
    sunday = today + timedelta(days=6 - today.weekday())
    group, detail = "week" if there <= sunday else "later", wording.moment_named(due_at)
    if there == today + timedelta(days=1):
        detail = gettext("Tomorrow, %(at)s", at=detail)
    return Due(state="ok", words=left, detail=detail, group=group)


def late_words(late_by: int | None, day_minutes: int) -> str:
    """Say how late a step is or was, in working minutes past its due time; nothing where it was in time."""
    if late_by is None:
        return ""
    if late_by == 0:
        return gettext("late, outside working hours")
    return gettext("late by %(time)s", time=wording.working_time(late_by, day_minutes))


def _left(minutes: int, wall: timedelta, calendar: WorkCalendar) -> str:
    if minutes == 0 and wall >= _MINUTE:
        return gettext("Due as soon as work begins")
    return gettext("%(time)s left", time=_time(max(1, minutes), wall, calendar))


def _late(minutes: int, wall: timedelta, calendar: WorkCalendar) -> str:
    if minutes <= 0:  # the due time passed after work ended
        return gettext("Overdue")
    return gettext("Overdue by %(time)s", time=_time(minutes, wall, calendar))


def _time(minutes: int, wall: timedelta, calendar: WorkCalendar) -> str:
    """Say a working time; minutes that a clock on the wall would not count are said to be working minutes."""
    if minutes < _HOUR and abs(wall - minutes * _MINUTE) > _MINUTE:
        return ngettext("%(num)s working minute", "%(num)s working minutes", minutes)
    return wording.working_time(minutes, calendar.day_length, coarse=True)
