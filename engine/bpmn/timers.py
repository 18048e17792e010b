"""Timers in ISO 8601: when they are due, counted from the step's own clock, in UTC.

They take the place of SpiffWorkflow's definitions, which read the system's clock.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.serializer.default.event_definition import TimerConditionalEventDefinitionConverter
from SpiffWorkflow.bpmn.specs.event_definitions import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
)

from engine.bpmn.failing import failed_at
from engine.bpmn.working_time import WORKING, read_standard_time
from engine.errors import ProcessFailed, say
from engine.model.calendar import NoWorkingTime, WorkCalendar
from engine.model.definition import StandardTime
from engine.model.incident import IncidentKind

if TYPE_CHECKING:
    from engine.bpmn.live_task import LiveTask

LONGEST = timedelta(days=366 * 100)
SHORTEST_CYCLE = timedelta(seconds=1)
MOST_CYCLES = 10_000

_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6}(?:[.,]\d{1,9})?)W)?(?:(\d{1,8}(?:[.,]\d{1,9})?)D)?"
    r"(?:T(?=.)(?:(\d{1,9}(?:[.,]\d{1,9})?)H)?(?:(\d{1,9}(?:[.,]\d{1,9})?)M)?"
    r"(?:(\d{1,9}(?:[.,]\d{1,9})?)S)?)?",
    re.ASCII,
)
_FRACTION_BEFORE_MORE = re.compile(r"[.,]\d+[A-Z]T?\d")  # ISO 8601, 4.4.3.2: only the last part may have one
_CYCLE = re.compile(r"R(\d{0,6})/(?:([^/]+)/)?(P[^/]+)(?:/([^/P]+))?", re.ASCII)
_BETWEEN = re.compile(r"(R\d{0,6})/([^/P]+)/([^/P]+)", re.ASCII)
_QUOTED = re.compile(r"\"([^\"\\]*)\"|'([^'\\]*)'")
# What looks like a time is one, right or wrong: ``-PT1H`` is no expression with a variable PT1H.
_BARE = re.compile(
    r"[-+]?P(?=[-+.,\dT]|$).*|R[-+]?\d*(?:/.*)?|\d{4}-\d{2}-\d{2}.*|\d{8}T\d{4}.*|[-+]?[\d.,]+",
    re.DOTALL | re.ASCII,
)


class TimerRefused(ValueError):
    """A text that is not a time, a duration or a cycle within the limits."""


@dataclass(frozen=True, kw_only=True)
class Duration:
    """A length of time; months are counted by the calendar."""

    months: int
    rest: timedelta

    def after(self, start: datetime) -> datetime:
        """Give the instant so long after another; the last day where a month is shorter."""
        month = start.month - 1 + self.months
        year = start.year + month // 12
        if year > 9999:  # noqa: PLR2004 - datetime ends there
            raise TimerRefused
        month = month % 12 + 1
        day = min(start.day, monthrange(year, month)[1])
        return start.replace(year=year, month=month, day=day) + self.rest


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """A repetition: how often (None is without end), from when, how far apart, until when."""

    times: int | None
    start: datetime | None
    every: Duration | StandardTime
    until: datetime | None = None


def literal_time(text: str) -> str | None:
    """Give the time a text says by itself, bare or quoted; None for an expression."""
    quoted = _QUOTED.fullmatch(text)
    if quoted is not None:
        return quoted.group(1) if quoted.group(1) is not None else quoted.group(2)
    return text if _BARE.fullmatch(text) else None


def read_duration(text: str) -> Duration:
    """Read ``P1Y2M10DT2H30M`` (weeks may stand beside the rest). At most a hundred years."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or _FRACTION_BEFORE_MORE.search(text):
        raise TimerRefused
    years, months = (int(part or 0) for part in match.groups()[:2])
    weeks, days, hours, minutes, seconds = (
        float((part or "0").replace(",", ".")) for part in match.groups()[2:]
    )
    try:
        rest = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        raise TimerRefused from None
    duration = Duration(months=12 * years + months, rest=rest)
    if duration.months > 1200 or rest > LONGEST:  # noqa: PLR2004 - a hundred years
        raise TimerRefused
    return duration


def read_instant(text: str) -> datetime:
    """Read a date and time; one without an offset is taken as UTC."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise TimerRefused from None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise TimerRefused from None


def read_working(text: str) -> StandardTime:
    """Read minutes, hours or days of working time, as a step's standard time is written."""
    standard = read_standard_time(text.strip())
    if standard is None:
        raise TimerRefused
    return standard


def read_cycle(text: str, *, working: bool = False) -> Cycle:
    """Read ``R3/PT10H``, ``R/2026-01-01T08:00+07:00/P1D``, ``R/P1D/2026-01-31``; at least a second apart."""
    between = _BETWEEN.fullmatch(text.strip())
    if between is not None and not working:
        return _read_interval(*between.groups())
    match = _CYCLE.fullmatch(text.strip())
    if match is None or (match.group(2) and match.group(4)):
        raise TimerRefused
    times = int(match.group(1)) if match.group(1) else None
    every = read_working(match.group(3)) if working else read_duration(match.group(3))
    if isinstance(every, Duration) and not every.months and every.rest < SHORTEST_CYCLE:
        raise TimerRefused
    if times is not None and not 0 < times <= MOST_CYCLES:
        raise TimerRefused
    start = read_instant(match.group(2)) if match.group(2) else None
    until = read_instant(match.group(4)) if match.group(4) else None
    return Cycle(times=times, start=start, every=every, until=until)


def _read_interval(repeated: str, first: str, second: str) -> Cycle:
    """Read ``R3/2026-01-01T08:00Z/2026-01-02T08:00Z``: the second instant tells how far apart (ISO 8601)."""
    start, apart = read_instant(first), read_instant(second) - read_instant(first)
    if apart < SHORTEST_CYCLE:
        raise TimerRefused
    cycle = read_cycle(f"{repeated}/{first}/PT1M")
    return Cycle(times=cycle.times, start=start, every=Duration(months=0, rest=apart))


class Timer:
    """What the three kinds of timers share. What is armed stays as it is when the calendar changes."""

    expression: str
    working: bool = False  # counts the office's working time

    def arm(self, task: LiveTask) -> None:
        """Set the time at which the waiting task is due; ProcessFailed where the text is no timer."""
        top = task.workflow.top_workflow
        text = top.script_engine.evaluate(task, self.expression)
        try:
            due = self.due(task, _text(text), top.now)
        except (TimerRefused, OverflowError, NoWorkingTime):
            raise _no_timer(task, self.expression, text, working=self.working) from None
        self.set(task, due)

    def set(self, task: LiveTask, due: datetime) -> None:
        """Let it happen at a time; the record says what was counted."""
        task.workflow.top_workflow.set_timer(task, due, WORKING if self.working else "")

    def after(self, task: LiveTask, every: Duration | StandardTime, now: datetime) -> datetime:
        """Count from now; days of working time end with the work of the last, as those of a step do."""
        if isinstance(every, Duration):
            return every.after(now)
        calendar: WorkCalendar = task.workflow.top_workflow.calendar()
        return calendar.due(now, every)

    def due(self, task: LiveTask, text: str, now: datetime) -> datetime:
        """Give the instant the text means."""
        raise NotImplementedError

    def repeats(self, _task: LiveTask) -> bool:
        """Tell whether it fires again after now."""
        return False

    def arm_again(self, task: LiveTask) -> None:
        """Set the next time of a repetition."""


class DateTimer(Timer, TimeDateEventDefinition):
    """At an instant."""

    def due(self, task: LiveTask, text: str, _now: datetime) -> datetime:
        """Give the instant, or when work begins again; dates alone mean their first moment in UTC."""
        at = read_instant(text)
        return task.workflow.top_workflow.calendar().add_minutes(at, 0) if self.working else at


class DurationTimer(Timer, DurationTimerEventDefinition):
    """So long after the element was reached."""

    def due(self, task: LiveTask, text: str, now: datetime) -> datetime:
        """Count from now."""
        return self.after(task, read_working(text) if self.working else read_duration(text), now)


class CycleTimer(Timer, CycleTimerEventDefinition):
    """Again and again; an interrupting event fires once."""

    def due(self, task: LiveTask, text: str, now: datetime) -> datetime:
        """Count the first time from the start given, else from now; remember what is left."""
        cycle = read_cycle(text, working=self.working)
        task.internal_data["cycle"] = [text, cycle.times]
        if cycle.start is not None and cycle.start > now:
            return cycle.start
        first = self.after(task, cycle.every, now)
        return first if cycle.until is None else min(first, max(cycle.until, now))

    def repeats(self, task: LiveTask) -> bool:
        """Tell whether another time is left, before its end."""
        text, left = task.internal_data["cycle"]
        cycle = read_cycle(text, working=self.working)
        now = task.workflow.top_workflow.now
        in_time = cycle.until is None or self.after(task, cycle.every, now) <= cycle.until
        return left != 1 and in_time

    def arm_again(self, task: LiveTask) -> None:
        """Set the next time, counted from now, so that a late worker does not fire a burst."""
        text, left = task.internal_data["cycle"]
        top = task.workflow.top_workflow
        task.internal_data["cycle"] = [text, None if left is None else left - 1]
        self.set(task, self.after(task, read_cycle(text, working=self.working).every, top.now))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TimerRefused
    return value


def _no_timer(task: LiveTask, source: str, text: Any, *, working: bool) -> ProcessFailed:  # noqa: ANN401 - whatever it gave
    name, found = task.task_spec.title or task.task_spec.element, repr(text)[:80]
    if working:
        sentence = say(
            "The timer %(name)s counts working time: minutes, hours or days such as PT90M or P3D,"
            " found %(found)s.",
            name=name,
            found=found,
        )
    else:
        sentence = say(
            "The timer %(name)s needs a time in ISO 8601 within a hundred years, found %(found)s.",
            name=name,
            found=found,
        )
    return failed_at(task, sentence, IncidentKind.TIMER, source)


class TimerConverter(TimerConditionalEventDefinitionConverter):
    """Keeps what a timer counts beside what the library keeps of it."""

    def to_dict(self, timer: Timer) -> dict[str, Any]:
        """Give it as JSON."""
        stored: dict[str, Any] = super().to_dict(timer)
        return stored | {"working": True} if timer.working else stored

    def from_dict(self, stored: dict[str, Any]) -> Timer:
        """Make it again."""
        working = stored.pop("working", False)
        timer: Timer = super().from_dict(stored)
        timer.working = working
        return timer
