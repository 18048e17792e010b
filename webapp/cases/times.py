"""The working and waiting time of a case: a bar per task, and a sentence with the totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from engine.model.task import TaskState
from engine.queries.case_page import CasePage
from engine.queries.case_tasks import TaskLine
from webapp import wording
from webapp.drawing.time_bars import TimeBar, draw_time_bars, legend_words
from webapp.due import late_words
from webapp.language import gettext


@dataclass(frozen=True, kw_only=True)
class TimesTaken:
    """Bars, their legend, and the sentence above; ``left_out`` counts older tasks without a bar."""

    bars: Markup
    legend: tuple[tuple[str, str], ...]
    sentence: str
    left_out: int


def times_taken(case: CasePage) -> TimesTaken:
    """Put the time a case took into bars and words."""
    day = case.calendar.day_length
    several = {line.task.element for line in case.tasks if line.task.round > 1}
    bars = [_bar(line, day, repeated=line.task.element in several) for line in case.tasks]
    kinds = {
        "within": True,
        "over": any(_beyond(line) for line in case.tasks),
        "waited": any(line.waited for line in case.tasks),
        "standard": any(line.allowed for line in case.tasks),
    }
    return TimesTaken(
        bars=draw_time_bars(bars, day_minutes=day),
        legend=tuple(part for part in legend_words() if kinds.get(part[0], True)),
        sentence=_sentence(case, day),
        left_out=case.times.tasks - sum(not line.taken_back for line in case.tasks),
    )


def _sentence(case: CasePage, day: int) -> str:
    times = case.times
    if not times.elapsed:
        return gettext("No working time has passed yet; it is counted in working hours only.")
    whole, worked, waited = (_words(minutes, day) for minutes in (times.elapsed, times.worked, times.waited))
    if case.facts.is_running:
        begun = gettext("This case has been running for %(time)s.", time=whole)
    else:
        begun = gettext("This case took %(time)s.", time=whole)
    if not times.waited:
        return begun + " " + gettext("Its steps were worked on for %(worked)s.", worked=worked)
    return (
        begun
        + " "
        + gettext(
            "Its steps were worked on for %(worked)s and waited for %(waited)s.", worked=worked, waited=waited
        )
    )


def _bar(line: TaskLine, day: int, *, repeated: bool) -> TimeBar:
    name = f"{line.number} {line.task.name}" if line.number is not None else line.task.name
    parts = [_words(line.worked, day) if line.worked else _why_nothing(line)]
    if line.waited:
        parts.append(gettext("waiting %(time)s", time=_words(line.waited, day)))
    if late := late_words(line.late_by, day):
        parts.append(late)
    if line.is_open:
        parts.append(gettext("still open"))
    if line.task.state is TaskState.RETURNED:
        parts.append(gettext("the case was sent back"))
    if line.taken_back:
        parts.append(gettext("withdrawn, not in the sums"))
    return TimeBar(
        label=f"{name} ({line.task.round})" if repeated else name,
        words=", ".join(parts),
        worked=line.worked,
        waited=line.waited,
        standard=line.allowed,
    )


def _why_nothing(line: TaskLine) -> str:
    """Say why no working time was counted: a bare zero looks like a mistake."""
    task = line.task
    if line.is_open:
        return gettext("no working time yet")
    ended = task.completed_at
    if ended is None:
        return gettext("no working time")
    if ended - task.opened_at < timedelta(minutes=1):
        return gettext("less than a minute")
    if line.waited:
        return gettext("no working time")
    return gettext("no working time: it was done outside working hours")


def _beyond(line: TaskLine) -> int:
    return max(0, line.worked - line.allowed) if line.allowed is not None else 0


def _words(minutes: int, day: int) -> str:
    return wording.working_time(minutes, day)
