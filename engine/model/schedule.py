"""When the clock of a step starts, and when the step is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from engine.model.calendar import WorkCalendar
from engine.model.definition import ClockStart, Step


def clock_start(
    step: Step,
    *,
    opened_at: datetime,
    claimed_at: datetime | None,
    variables: Mapping[str, Any],
    calendar: WorkCalendar,
) -> datetime | None:
    """Give the instant from which a step's standard time counts; None while nothing started it.

    A date that is missing or lies before the arrival counts as the arrival: nobody can have begun
    before the work was there.
    """
    if step.clock is ClockStart.STARTED:
        return claimed_at
    if step.clock is ClockStart.DATE and step.clock_field:
        started = _instant_of(step.clock_field, variables, calendar)
        return max(started, opened_at) if started else opened_at
    return opened_at


def due(
    step: Step, *, started_at: datetime | None, paused_minutes: int, calendar: WorkCalendar
) -> datetime | None:
    """Give the due time in UTC; None without a standard time or before the clock has started."""
    if step.standard_time is None or started_at is None:
        return None
    return calendar.due(started_at, step.standard_time, paused_minutes)


def times_spent(
    *,
    opened_at: datetime,
    started_at: datetime | None,
    paused_minutes: int,
    paused_at: datetime | None,
    ended_at: datetime,
    calendar: WorkCalendar,
) -> tuple[int, int]:
    """Split a task's life into working minutes (clock running) and waiting minutes (standing)."""
    started = min(started_at or opened_at, ended_at)
    standing = paused_minutes + (calendar.minutes_between(paused_at, ended_at) if paused_at else 0)
    whole = calendar.minutes_between(started, ended_at)
    worked = max(0, whole - standing)
    waited = calendar.minutes_between(opened_at, max(started, opened_at)) + min(standing, whole)
    return worked, waited


def _instant_of(path: str, variables: Mapping[str, Any], calendar: WorkCalendar) -> datetime | None:
    value: Any = variables
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if not isinstance(value, str) or not value:
        return None
    try:
        if "T" in value:
            instant = datetime.fromisoformat(value)
            return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(calendar.zone))
        day = date.fromisoformat(value)
    except ValueError:
        return None
    if calendar.is_working_day(day):
        return calendar.start_of_day(day)
    return datetime.combine(day, time(), tzinfo=ZoneInfo(calendar.zone))
