"""When a step is late, and how far: the one rule of replay, history, lists, charts and figures.

Done at its due time is done in time: late is only what comes after it. The statement of this rule over rows
is ``engine.queries.late_rows.is_late``.
"""

from __future__ import annotations

from datetime import datetime

from engine.model.calendar import WorkCalendar


def is_late(due_at: datetime | None, at: datetime) -> bool:
    """Tell whether a step done, or looked at, at an instant is late; without a due time none ever is."""
    return due_at is not None and at > due_at


def late_by(due_at: datetime | None, at: datetime, calendar: WorkCalendar) -> int | None:
    """Give the working minutes from the due time to the instant; None where it is in time.

    0 is late, too: no working time passed since, for it was done after hours or on a day off.
    """
    return calendar.minutes_between(due_at, at) if due_at is not None and is_late(due_at, at) else None


def allowed_until(
    due_at: datetime, *, started_at: datetime, paused_minutes: int, calendar: WorkCalendar
) -> int:
    """Count the standard time as a task's own due time gives it, in working minutes.

    "4 hari" ends with the work of the fourth day, so it depends on the hour the clock began; and a case that
    was moved to another version keeps the due times it had been given.
    """
    return max(0, calendar.minutes_between(started_at, due_at) - paused_minutes)
