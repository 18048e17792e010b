"""Working and waiting time at a moment of a case's past: a bar for each pass through a step."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from engine.model.task import TaskState
from engine.queries.replay import Replay
from engine.queries.replay_tasks import HeldLine
from webapp import wording
from webapp.drawing.time_bars import TimeBar, draw_time_bars, legend_words
from webapp.due import late_words
from webapp.language import gettext


@dataclass(frozen=True, kw_only=True)
class TimesThen:
    """Bars with their legend, and the passes as rows; ``left_out`` counts earlier ones."""

    bars: Markup
    legend: tuple[tuple[str, str], ...]
    passes: tuple[PassThen, ...]
    left_out: int


@dataclass(frozen=True, kw_only=True)
class PassThen:
    """A pass through a step as text; ``seq`` is the event that ended it, 0 while it was open."""

    step: str
    round: int
    who: str
    opened: str
    words: str
    seq: int


def times_then(found: Replay) -> TimesThen:
    """Put the time that the passes through the steps had taken into bars and words."""
    day = found.calendar.day_length
    several = {line.task.key.element for line in found.timed if line.task.key.round > 1}
    bars = [_bar(line, day, repeated=line.task.key.element in several) for line in found.timed]
    kinds = {
        "over": any(_beyond(line) for line in found.timed),
        "waited": any(line.waited for line in found.timed),
        "standard": any(line.allowed for line in found.timed),
    }
    return TimesThen(
        bars=draw_time_bars(bars, day_minutes=day),
        legend=tuple(part for part in legend_words() if kinds.get(part[0], True)),
        passes=tuple(_pass(line, day) for line in found.timed),
        left_out=found.left_out,
    )


def _bar(line: HeldLine, day: int, *, repeated: bool) -> TimeBar:
    name = f"{line.number} {line.name}" if line.number is not None else line.name
    return TimeBar(
        label=f"{name} ({line.task.key.round})" if repeated else name,
        words=_words(line, day),
        worked=line.worked,
        waited=line.waited,
        standard=line.allowed,
    )


def _pass(line: HeldLine, day: int) -> PassThen:
    return PassThen(
        step=line.name,
        round=line.task.key.round,
        who=line.holder or line.role_label,
        opened=wording.moment_short(line.task.opened_at),
        words=_words(line, day),
        seq=line.seq,
    )


def _words(line: HeldLine, day: int) -> str:
    parts = [_time(line.worked, day) if line.worked else _why_nothing(line)]
    if line.waited:
        parts.append(gettext("waiting %(time)s", time=_time(line.waited, day)))
    if late := late_words(line.late_by, day):
        parts.append(late)
    if line.is_open:
        parts.append(gettext("still open"))
    if line.state is TaskState.RETURNED:
        parts.append(gettext("the case was sent back"))
    if line.taken_back:
        parts.append(gettext("withdrawn, not in the sums"))
    return ", ".join(parts)


def _why_nothing(line: HeldLine) -> str:
    if line.is_open:
        return gettext("no working time yet")
    return gettext("no working time") if line.waited else gettext("less than a minute")


def _beyond(line: HeldLine) -> int:
    return max(0, line.worked - line.allowed) if line.allowed is not None else 0


def _time(minutes: int, day: int) -> str:
    return wording.working_time(minutes, day)
