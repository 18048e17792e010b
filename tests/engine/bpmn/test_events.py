"""Timers, boundary events, signals, errors, subprocesses, called processes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from engine.bpmn.trail import Happening
from engine.errors import Conflict, ProcessFailed
from engine.model.task import TaskKey
from tests.engine.bpmn.drawn import (
    MONDAY,
    Case,
    diagram,
    element,
    flow,
    flows,
    logs,
    script,
    start_end,
    tasks,
    timer,
)

NewCase = Callable[[bytes], Case]
ERROR = '<bpmn:errorEventDefinition errorRef="wrong"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="bell"/>'
BESIDE = (
    '<bpmn:error id="wrong" name="Wrong" errorCode="W"/><bpmn:signal id="bell" name="Bell"/>'
    '<bpmn:escalation id="up" name="Up"/>'
)


def boundary(id_: str, at: str, what: str, *, interrupts: bool = True) -> str:
    return element("boundaryEvent", id_, what, attachedToRef=at, cancelActivity=str(interrupts).lower())


def late(what: str, *, interrupts: bool = True) -> bytes:
    return diagram(
        start_end(),
        # Variables that somebody sets: a word that nobody can have set is no time.
        element("dataObject", "when"),
        element("dataObject", "how_long"),
        tasks("work", "late"),
        boundary("bell", "work", what, interrupts=interrupts),
        flows("start", "work", "end"),
        flows("bell", "late", "end"),
    )


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("timeDuration", "PT1H", MONDAY + timedelta(hours=1)),
        ("timeDuration", '"P1DT2H"', MONDAY + timedelta(days=1, hours=2)),
        ("timeDuration", "'P1M'", datetime(2026, 12, 23, 2, 0, tzinfo=UTC)),
        ("timeDuration", '"PT" + str(hours) + "H"', MONDAY + timedelta(hours=5)),
        ("timeDate", "2026-12-01T09:00:00+07:00", datetime(2026, 12, 1, 2, 0, tzinfo=UTC)),
        ("timeDate", "when", datetime(2026, 12, 2, tzinfo=UTC)),
    ],
)
@pytest.mark.proves("intermediate events", "timer: date, duration, cycle")
def test_a_timer_is_due_by_the_clock_passed_in(
    new_case: NewCase, kind: str, text: str, due: datetime
) -> None:
    case = new_case(late(timer(kind, text))).start(hours=5, when="2026-12-02")
    assert list(case.timers.values()) == [due]
    case.fire("bell")
    assert case.open_elements == ["late"]
    assert case.seen(Happening.CANCELLED) == ["work"]
    case.complete("late")
    assert case.finished


@pytest.mark.proves("boundary events", "timer, also repeating")
def test_work_in_time_clears_the_timer(new_case: NewCase) -> None:
    case = new_case(late(timer("timeDuration", "PT1H"))).start()
    case.complete("work")
    assert case.finished
    assert case.timers == {}
    assert "bell" not in case.seen(Happening.ENTERED) + case.seen(Happening.CANCELLED)


def test_a_timer_does_not_fire_before_its_time_nor_twice(new_case: NewCase) -> None:
    case = new_case(late(timer("timeDuration", "PT1H"))).start()
    (key,) = case.timers
    with pytest.raises(Conflict, match="not due"):
        case.runner.fire(case.saved, key, now=MONDAY + timedelta(minutes=59))
    case.fire("bell")
    with pytest.raises(Conflict, match="no longer"):
        case.runner.fire(case.saved, key, now=MONDAY + timedelta(days=1))


@pytest.mark.proves("boundary events", "timer, also repeating")
def test_a_reminder_leaves_the_work_open_and_repeats(new_case: NewCase) -> None:
    case = new_case(late(timer("timeCycle", "R3/PT1H"), interrupts=False)).start()
    for count in range(1, 4):
        assert list(case.timers.values()) == [MONDAY + timedelta(hours=count)]
        case.fire("bell")
        assert case.open_elements == ["late"] * count + ["work"]
    assert case.timers == {}
    assert [
        item.round for item in case.history if (item.element, item.what) == ("bell", Happening.ENTERED)
    ] == [1, 2, 3]
    case.complete("work")
    for _ in range(3):
        case.complete("late")
    assert case.finished


def test_a_late_worker_does_not_send_a_burst_of_reminders(new_case: NewCase) -> None:
    case = new_case(late(timer("timeCycle", "R/PT1H"), interrupts=False)).start()
    case.later(days=3)
    case.fire("bell")
    assert list(case.timers.values()) == [case.now + timedelta(hours=1)]


def test_a_computed_time_that_is_none_is_named(new_case: NewCase) -> None:
    with pytest.raises(ProcessFailed, match="ISO 8601"):
        new_case(late(timer("timeDuration", "how_long"))).start(how_long="soon")


@pytest.mark.proves("gateways and flows", "event-based (also with receive tasks, two timers)")
def test_of_two_timers_behind_an_event_gateway_the_first_wins(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        element("eventBasedGateway", "race"),
        element("intermediateCatchEvent", "quick", timer("timeDuration", "PT1H")),
        element("intermediateCatchEvent", "slow", timer("timeDuration", "PT2H")),
        logs("a", "b"),
        flows("start", "race", "quick", "a", "end"),
        flows("race", "slow", "b", "end"),
    )
    case = new_case(content).start(log=[])
    assert sorted(case.timers.values()) == [MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2)]
    case.fire("quick")
    assert case.finished
    assert case.variables["log"] == ["a"]
    assert "slow" not in case.seen(Happening.ENTERED) + case.seen(Happening.CANCELLED)


@pytest.mark.proves("intermediate events", "signal")
def test_a_signal_reaches_whoever_waits_for_it(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        tasks("t"),
        element("parallelGateway", "split"),
        element("intermediateCatchEvent", "hears", SIGNAL),
        element("intermediateThrowEvent", "rings", SIGNAL),
        logs("a", "b"),
        flows("start", "split", "hears", "a", "end"),
        flows("split", "t", "rings", "b", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(log=[])
    assert "hears" in case.seen(Happening.ENTERED)
    case.complete("t")
    assert case.finished
    assert sorted(case.variables["log"]) == ["a", "b"]


def inside(*body: str, at: str = "", kind: str = "subProcess") -> bytes:
    """Draw a subprocess, with a boundary event ``caught`` that leads to the task ``rescue``."""
    rescue = (at, tasks("rescue"), flows("caught", "rescue", "end")) if at else ()
    return diagram(
        start_end(),
        element(kind, "sub", "".join(body)),
        tasks("after"),
        flows("start", "sub", "after", "end"),
        *rescue,
        beside=BESIDE,
    )


INNER = element("startEvent", "s") + tasks("work") + flows("s", "work")


@pytest.mark.proves("subprocesses", "embedded")
def test_a_subprocess_works_on_the_variables_around_it(new_case: NewCase) -> None:
    body = INNER + element("endEvent", "e") + script("sc", "total = total + 1") + flows("work", "sc", "e")
    case = new_case(inside(body)).start(total=1)
    assert case.open_elements == ["work"]
    case.complete("work", {"x": 1})
    assert case.open_elements == ["after"]
    assert case.variables == {"total": 2, "work": {"x": 1}}
    assert {item.process for item in case.history if item.element == "work"} == {"sub"}


@pytest.mark.proves("boundary events", "error")
def test_an_error_leaves_the_subprocess_by_its_boundary_event(new_case: NewCase) -> None:
    body = (
        INNER
        + tasks("other")
        + element("parallelGateway", "both")
        + element("endEvent", "fails", ERROR)
        + element("endEvent", "e")
        + flows("work", "both", "other", "e")
        + flows("both", "fails")
    )
    case = new_case(inside(body, at=boundary("caught", "sub", ERROR))).start()
    case.complete("work")
    assert case.open_elements == ["rescue"]
    assert set(case.seen(Happening.CANCELLED)) == {"sub", "other"}


@pytest.mark.proves("subprocesses", "embedded")
def test_a_timer_on_a_subprocess_takes_its_tasks_away(new_case: NewCase) -> None:
    body = INNER + element("endEvent", "e") + flows("work", "e")
    case = new_case(inside(body, at=boundary("caught", "sub", timer("timeDuration", "PT1H")))).start()
    outcome = case.fire("caught")
    assert [key.element for key in outcome.closed] == ["work"]
    assert case.open_elements == ["rescue"]


@pytest.mark.proves("boundary events", "escalation")
def test_an_escalation_need_not_interrupt(new_case: NewCase) -> None:
    up = '<bpmn:escalationEventDefinition escalationRef="up"/>'
    body = (
        INNER
        + element("intermediateThrowEvent", "tells", up)
        + tasks("more")
        + element("endEvent", "e")
        + flows("work", "tells", "more", "e")
    )
    case = new_case(inside(body, at=boundary("caught", "sub", up, interrupts=False))).start()
    case.complete("work")
    assert case.open_elements == ["more", "rescue"]
    case.complete("more")
    assert case.open_elements == ["after", "rescue"]


@pytest.mark.proves("end events", "terminate")
def test_a_terminate_end_ends_only_what_it_stands_in(new_case: NewCase) -> None:
    body = (
        INNER
        + tasks("other")
        + element("parallelGateway", "both")
        + element("endEvent", "stop", "<bpmn:terminateEventDefinition/>")
        + element("endEvent", "e")
        + flows("work", "both", "other", "e")
        + flows("both", "stop")
    )
    case = new_case(inside(body)).start()
    case.complete("work")
    assert case.open_elements == ["after"]
    assert case.seen(Happening.CANCELLED) == ["other"]


@pytest.mark.proves("subprocesses", "transactions with cancel")
def test_a_transaction_can_be_cancelled(new_case: NewCase) -> None:
    cancel = "<bpmn:cancelEventDefinition/>"
    body = (
        INNER
        + element("endEvent", "no", cancel)
        + element("endEvent", "e")
        + element("exclusiveGateway", "g", default="g_e")
        + flows("work", "g", "e")
        + flow("g", "no", "work['stop']")
    )
    content = inside(body, at=boundary("caught", "sub", cancel), kind="transaction")
    case = new_case(content).start()
    case.complete("work", {"stop": True})
    assert case.open_elements == ["rescue"]
    case = new_case(content).start()
    case.complete("work", {"stop": False})
    assert case.open_elements == ["after"]


@pytest.mark.proves("subprocesses", "call activities within the file")
def test_a_called_process_has_variables_of_its_own_and_gives_them_back(new_case: NewCase) -> None:
    body = element("startEvent", "qs") + element("endEvent", "qe") + tasks("inner")
    body += script("sc", "total = total + 10") + flows("qs", "inner", "sc", "qe")
    called = element("process", "q", body, isExecutable="false")
    content = diagram(
        start_end(),
        element("callActivity", "call", calledElement="q"),
        tasks("after"),
        flows("start", "call", "after", "end"),
        beside=called,
    )
    case = new_case(content).start(total=1)
    case.complete("inner", {"x": 1})
    assert case.variables == {"total": 11, "inner": {"x": 1}}
    assert case.open == [TaskKey(element="after", round=1)]


def test_one_signal_moves_only_one_of_the_events_behind_a_gateway(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        tasks("t"),
        element("parallelGateway", "split"),
        element("eventBasedGateway", "race"),
        element("intermediateCatchEvent", "one", SIGNAL),
        element("intermediateCatchEvent", "two", SIGNAL),
        element("intermediateThrowEvent", "rings", SIGNAL),
        logs("a", "b"),
        flows("start", "split", "race", "one", "a", "end"),
        flows("race", "two", "b", "end"),
        flows("split", "t", "rings", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(log=[])
    case.complete("t")
    assert case.finished
    assert case.variables["log"] == ["a"]


def test_an_error_in_one_of_several_ends_all_of_them(new_case: NewCase) -> None:
    several = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    body = INNER + element("endEvent", "fails", ERROR) + flows("work", "fails") + several
    case = new_case(inside(body, at=boundary("caught", "sub", ERROR))).start()
    assert case.open_elements == ["work"] * 3
    case.complete("work")
    assert case.open_elements == ["rescue"]


@pytest.mark.proves("boundary events", "error")
def test_the_nearest_fitting_boundary_event_catches_an_error(new_case: NewCase) -> None:
    other = '<bpmn:errorEventDefinition errorRef="other"/>'
    content = inside(
        INNER + element("endEvent", "fails", ERROR) + flows("work", "fails"),
        at=boundary("caught", "sub", ERROR)
        + boundary("any", "sub", "<bpmn:errorEventDefinition/>")
        + boundary("wrong_one", "sub", other)
        + tasks("b", "c")
        + flows("any", "b", "end")
        + flows("wrong_one", "c", "end"),
    ).replace(b"<bpmn:error ", b'<bpmn:error id="other" name="Other"/><bpmn:error ', 1)
    case = new_case(content).start()
    case.complete("work")
    assert case.open_elements == ["rescue"]


@pytest.mark.proves("end events", "error, escalation")
def test_an_error_that_nobody_catches_ends_the_process_and_those_that_call_it(new_case: NewCase) -> None:
    body = element("startEvent", "qs") + element("endEvent", "fails", ERROR) + flows("qs", "fails")
    content = diagram(
        start_end(),
        tasks("t"),
        element("callActivity", "call", calledElement="q"),
        tasks("never"),
        flows("start", "t", "call", "never", "end"),
        beside=BESIDE + element("process", "q", body),
    )
    case = new_case(content).start()
    case.complete("t")
    assert case.finished
    assert case.seen(Happening.FAILED) == ["fails"]
    assert case.seen(Happening.CANCELLED) == ["call"]


@pytest.mark.proves("intermediate events", "escalation")
def test_an_escalation_that_nobody_catches_changes_nothing(new_case: NewCase) -> None:
    up = '<bpmn:escalationEventDefinition escalationRef="up"/>'
    content = diagram(
        element("startEvent", "start"),
        element("intermediateThrowEvent", "tells", up),
        element("endEvent", "end", up),
        flows("start", "tells", "end"),
        beside=BESIDE,
    )
    assert new_case(content).start().finished
