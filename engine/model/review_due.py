"""When an SOP is due to be monitored or evaluated (PermenPAN-RB 35/2012: every six months, every year)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ReviewKind(StrEnum):
    """What is done with an SOP from time to time."""

    MONITORING = "monitoring"  # pemantauan: does each step run well?
    EVALUATION = "evaluation"  # evaluasi: is it still the SOP that is needed? Monitoring is part of it


@dataclass(frozen=True, kw_only=True)
class Due:
    """One review and the day from which it is due."""

    kind: ReviewKind
    on: date


def due_now(since: date, today: date, *, monitoring: int, evaluation: int) -> Due | None:
    """Give the last review that fell due since a version is in force; intervals in months, 0 is never.

    What was due earlier and never done is not made up for. On one day the evaluation counts for both.
    """
    found = [
        Due(kind=kind, on=day)
        for kind, months in ((ReviewKind.EVALUATION, evaluation), (ReviewKind.MONITORING, monitoring))
        if (day := _last(since, today, months)) is not None
    ]
    return max(found, key=lambda one: (one.on, one.kind is ReviewKind.EVALUATION), default=None)


def _last(since: date, today: date, months: int) -> date | None:
    if months < 1:
        return None
    times = ((today.year - since.year) * 12 + today.month - since.month) // months
    for count in (times, times - 1):
        if count > 0 and (day := add_months(since, count * months)) <= today:
            return day
    return None


def add_months(day: date, months: int) -> date:
    """Give the same day of a later month, or its last day where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
