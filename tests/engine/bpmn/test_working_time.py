"""Timers that count the office's working time: drawn, checked, armed, told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from engine.bpmn.trace import TraceStatus, trace
from engine.bpmn.trail import Happening
from engine.bpmn.workflow import Runner
from engine.errors import ProcessFailed
from engine.expressions.sandbox import Sandbox
from engine.model.calendar import WorkCalendar
from tests.engine.bpmn.drawn import (
    Case,
    codes,
    diagram,
    element,
    flows,
    script,
    spec_of,
    start_end,
    tasks,
    timer,
)

FRIDAY = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)  # 15.00 WIB; work ends at 16.30
WORKING = '<bpmn:extensionElements><sop:Timer time="working"/></bpmn:extensionElements>'
HOLIDAY = WorkCalendar(holidays={date(2026, 11, 30): "Libur"})


def waiting(kind: str, text: str, own: str = WORKING, pause: str = "PT2H") -> bytes:
    """Draw an event that waits, then a task; the variable ``pause`` has a time."""
    return diagram(
        start_end(),
        tasks("done"),
        script("set", f'pause = "{pause}"'),
        element("intermediateCatchEvent", "wait", own + timer(kind, text)),
        flows("start", "set", "wait", "done", "end"),
    )


def armed(sandbox: Sandbox, content: bytes, calendar: WorkCalendar | None = None) -> datetime:
    text = spec_of(content, sandbox)
    runner = Runner(sandbox, lambda _version: text, lambda _version: calendar or WorkCalendar())
    [due] = Case(runner, uuid4(), now=FRIDAY).start().timers.values()
    return due


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("timeDuration", "PT1H", datetime(2026, 11, 27, 9, 0, tzinfo=UTC)),
        ("timeDuration", "PT2H", datetime(2026, 11, 30, 1, 0, tzinfo=UTC)),
        ("timeDuration", "pause", datetime(2026, 11, 30, 1, 0, tzinfo=UTC)),
        ("timeDuration", "P1D", datetime(2026, 11, 30, 9, 0, tzinfo=UTC)),
        ("timeCycle", "R2/P2D", datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
        ("timeDate", "2026-11-28T10:00+07:00", datetime(2026, 11, 30, 0, 30, tzinfo=UTC)),
        ("timeDate", "2026-11-30T10:00+07:00", datetime(2026, 11, 30, 3, 0, tzinfo=UTC)),
    ],
)
@pytest.mark.proves("expressions", "ISO 8601 times, in calendar or working time")
def test_it_is_due_by_the_offices_hours(sandbox: Sandbox, kind: str, text: str, due: datetime) -> None:
    assert armed(sandbox, waiting(kind, text)) == due


def test_the_offices_own_holidays_count(sandbox: Sandbox) -> None:
    assert armed(sandbox, waiting("timeDuration", "P1D"), HOLIDAY) == datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("own", ["", WORKING.replace("working", "calendar")])
def test_without_it_the_calendars_time_counts(sandbox: Sandbox, own: str) -> None:
    assert armed(sandbox, waiting("timeDuration", "PT2H", own)) == datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


def test_a_repetition_counts_working_time_each_time(sandbox: Sandbox) -> None:
    content = diagram(
        start_end(),
        tasks("write", "remind"),
        element(
            "boundaryEvent",
            "day",
            WORKING + timer("timeCycle", "R2/PT8H"),
            attachedToRef="write",
            cancelActivity="false",
        ),
        element("endEvent", "told"),
        flows("start", "write", "end"),
        flows("day", "remind", "told"),
    )
    text = spec_of(content, sandbox)
    case = Case(Runner(sandbox, lambda _version: text), uuid4(), now=FRIDAY, cached=False).start()
    assert list(case.timers.values()) == [datetime(2026, 11, 30, 8, 0, tzinfo=UTC)]
    case.fire("day")
    assert list(case.timers.values()) == [datetime(2026, 12, 1, 8, 30, tzinfo=UTC)]
    told = [item.value for item in case.history if item.what is Happening.TIMER_SET]
    assert [one["time"] for one in told] == ["working", "working"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [("timeDuration", "P1M"), ("timeDuration", "P1DT2H"), ("timeDuration", "PT30S"), ("timeCycle", "R/P1W")],
)
def test_what_is_no_working_time_is_found_when_it_is_drawn(sandbox: Sandbox, kind: str, text: str) -> None:
    assert codes(waiting(kind, text), sandbox) == {"timer-time"}
    assert codes(waiting(kind, text, ""), sandbox) == set()


def test_what_is_no_working_time_when_it_is_worked_out_names_the_timer(
    new_case: Callable[[bytes], Case],
) -> None:
    with pytest.raises(ProcessFailed, match="wait counts working time"):
        new_case(waiting("timeDuration", "pause", pause="P1M")).start()


def test_a_misspelt_one_is_found(sandbox: Sandbox) -> None:
    wrong = WORKING.replace('"working"', '"kerja"')
    assert codes(waiting("timeDuration", "P1D", wrong), sandbox) == {"sop-value"}
    place = WORKING.replace("time=", "Time=")
    assert codes(waiting("timeDuration", "P1D", place), sandbox) == {"sop-unknown"}


def test_it_belongs_to_a_timer(sandbox: Sandbox) -> None:
    plain = diagram(
        element("startEvent", "start", WORKING), element("endEvent", "end"), flows("start", "end")
    )
    assert codes(plain, sandbox) == {"sop-timer"}
    task = diagram(start_end(), element("userTask", "do", WORKING, name="Do"), flows("start", "do", "end"))
    assert codes(task, sandbox) == {"sop-unknown"}


def test_a_trace_counts_an_ordinary_week(sandbox: Sandbox) -> None:
    done = trace(waiting("timeDuration", "P3D"), sandbox=sandbox, variables={"done": {}})
    assert done.status is TraceStatus.COMPLETED
