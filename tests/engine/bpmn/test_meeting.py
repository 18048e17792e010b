"""What BPMN 2.0 says where its parts meet: conditions among steps, global tasks, cycles, signals."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.bpmn.drawn import (
    MONDAY,
    Case,
    diagram,
    element,
    flows,
    logs,
    script,
    start_end,
    tasks,
    timer,
)
from tests.engine.bpmn.test_calls import mapped, process_io
from tests.engine.bpmn.test_data import computed, data_object
from tests.engine.bpmn.test_handlers import BESIDE, WHAT, handler

NewCase = Callable[[bytes], Case]


def subprocess(id_: str, *body: str) -> str:
    return element("subProcess", id_, "".join(body))


# Conditional events (10.5.5, 13.5.3)


@pytest.mark.parametrize("kind", ["event subprocess", "boundary event"])
def test_a_condition_that_becomes_true_interrupts_before_the_next_step(new_case: NewCase, kind: str) -> None:
    inside = element("startEvent", "s") + script("sets", "x = 6") + logs("no") + element("endEvent", "e")
    inside += flows("s", "sets", "no", "e")
    if kind == "event subprocess":
        sub, beside = subprocess("sub", inside, handler("conditional", id_="handler")), ""
    else:
        sub = subprocess("sub", inside)
        beside = element("boundaryEvent", "b", WHAT["conditional"], attachedToRef="sub") + logs("handler_log")
        beside += flows("b", "handler_log", "after")
    content = diagram(start_end(), sub, beside, logs("after"), flows("start", "sub", "after", "end"))
    case = new_case(content).start(log=[], x=0)
    assert case.finished
    assert case.variables["log"] == ["handler_log", "after"]


@pytest.mark.parametrize("condition", ["x &gt; 5", "x"])
def test_a_condition_waits_for_data_that_has_no_value_yet(new_case: NewCase, condition: str) -> None:
    what = WHAT["conditional"].replace("x &gt; 5", condition)
    content = diagram(
        data_object("x", "x"),
        start_end(),
        element("parallelGateway", "split"),
        element("intermediateCatchEvent", "sees", what),
        tasks("ask"),
        script("sets", 'x = ask["x"]'),
        flows("start", "split", "sees", "end"),
        flows("split", "ask", "sets", "end"),
    )
    case = new_case(content).start()
    case.complete("ask", {"x": True if condition == "x" else 6})
    assert case.finished


def test_a_condition_that_stays_true_happens_once(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        script("a", "x = 6"),
        script("b", "x = 7"),
        script("c", "x = 0"),
        script("d", "x = 8"),
        handler("conditional", interrupts=False),
        flows("start", "a", "b", "c", "d", "end"),
    )
    case = new_case(content).start(log=[], x=0)
    assert case.variables["log"] == ["handler_log", "handler_log"]


# Global tasks (10.3.4)


def test_a_global_task_knows_what_a_call_gives_it_by_its_own_names(new_case: NewCase) -> None:
    own = process_io("p", "r")
    work = element("globalScriptTask", "work", own + "<bpmn:script>r = p * 2</bpmn:script>")
    inside = mapped("x", "y").replace(
        "</bpmn:dataOutputAssociation>", computed("y + r") + "</bpmn:dataOutputAssociation>"
    )
    content = diagram(
        data_object("a", "before") + data_object("b", "result"),
        start_end(),
        element("callActivity", "call", inside, calledElement="work"),
        flows("start", "call", "end"),
        after=work,
    )
    assert new_case(content).start(before=4).variables == {"before": 4, "result": 16}


# Timers (10.5.5: ISO 8601)


@pytest.mark.parametrize(
    ("cycle", "after"),
    [
        ("R/PT1H/2026-11-23T04:30:00Z", [3600, 7200]),
        ("R3/PT1H/2026-11-23T12:00:00Z", [3600, 7200, 10800]),
        ("R/PT1H/2026-11-23T02:30:00Z", [1800]),  # not later than its end
        ("R2/PT10S", [10, 20]),
    ],
)
def test_a_cycle_goes_on_until_its_end_or_as_often_as_it_says(
    new_case: NewCase, cycle: str, after: list[int]
) -> None:
    content = diagram(
        start_end(),
        tasks("work"),
        element(
            "boundaryEvent", "bell", timer("timeCycle", cycle), attachedToRef="work", cancelActivity="false"
        ),
        flows("start", "work", "end"),
        flows("bell", "end"),
    )
    case = new_case(content).start()
    fired = []
    while case.timers:
        case.fire("bell")
        fired.append((case.now - MONDAY).total_seconds())
    assert fired == after


@pytest.mark.parametrize("first", ["interrupting", "other"])
def test_a_signal_is_caught_by_all_that_wait_beside_an_activity_in_any_order(
    new_case: NewCase, first: str
) -> None:
    events = {
        "interrupting": element("boundaryEvent", "i", WHAT["signal"], attachedToRef="work"),
        "other": element("boundaryEvent", "o", WHAT["signal"], attachedToRef="work", cancelActivity="false"),
    }
    second = next(name for name in events if name != first)
    content = diagram(
        start_end(),
        element("parallelGateway", "split"),
        tasks("work", "asked"),
        events[first] + events[second],
        element("intermediateThrowEvent", "rings", WHAT["signal"]),
        logs("ended", "told"),
        flows("start", "split", "work", "end"),
        flows("split", "asked", "rings", "end"),
        flows("i", "ended", "end"),
        flows("o", "told", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(log=[])
    case.complete("asked")
    assert case.finished
    assert sorted(case.variables["log"]) == ["ended", "told"]
