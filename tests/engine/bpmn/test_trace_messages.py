"""A dry run of several processes: messages and signals between them, and from outside by the data given."""

from __future__ import annotations

from engine.bpmn.trace import TraceStatus, trace
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import diagram, element, flows, start_end, tasks, timer
from tests.engine.bpmn.test_messages import ANSWERS, BELL, BESIDE, LETTER, process, sends


def test_the_processes_of_a_file_talk_with_each_other(sandbox: Sandbox) -> None:
    ran = trace(diagram(sends(), beside=BESIDE, after=ANSWERS), sandbox=sandbox)
    assert ran.status is TraceStatus.COMPLETED
    entered = [(step.process, step.element) for step in ran.steps if step.what == "entered"]
    assert entered == [
        ("p", "start"),
        ("p", "sends"),
        ("q", "q_s"),
        ("q", "writes"),
        ("p", "gets"),
        ("q", "q_e"),
        ("p", "reads"),
        ("p", "end"),
    ]


def test_what_comes_from_outside_stands_under_the_name_of_what_waits_for_it(sandbox: Sandbox) -> None:
    content = diagram(
        element("startEvent", "start", LETTER),
        element("receiveTask", "gets", messageRef="reply"),
        element("boundaryEvent", "late", timer("timeDuration", "PT1H"), attachedToRef="gets"),
        tasks("reads"),
        element("endEvent", "end"),
        flows("start", "gets", "reads", "end"),
        flows("late", "end"),
        beside=BESIDE,
    )
    assert trace(content, sandbox=sandbox).waiting_at == ("start",)
    ran = trace(content, variables={"start": {"about": "it"}, "gets": [{"text": "yes"}]}, sandbox=sandbox)
    assert ran.status is TraceStatus.COMPLETED
    assert ran.variables["about"] == "it"
    assert ran.variables["gets"] == {"text": "yes"}
    late = trace(content, variables={"start": {}}, sandbox=sandbox)
    assert [step.element for step in late.steps if step.what == "cancelled"] == ["gets"]


def test_signals_connect_processes_too(sandbox: Sandbox) -> None:
    other = process(
        "q",
        element("startEvent", "q_s"),
        element("intermediateCatchEvent", "hears", BELL),
        element("endEvent", "q_e"),
        flows("q_s", "hears", "q_e"),
    )
    content = diagram(
        start_end(),
        tasks("t"),
        element("intermediateThrowEvent", "rings", BELL),
        flows("start", "t", "rings", "end"),
        beside=BESIDE,
        after=other,
    )
    ran = trace(content, sandbox=sandbox)
    assert ran.status is TraceStatus.COMPLETED
    assert "q_e" in {step.element for step in ran.steps}


def test_an_error_that_nobody_catches_is_a_failure_at_its_event(sandbox: Sandbox) -> None:
    content = diagram(
        element("startEvent", "start"),
        element("endEvent", "fails", '<bpmn:errorEventDefinition errorRef="wrong"/>'),
        flows("start", "fails"),
        beside='<bpmn:error id="wrong" name="Wrong" errorCode="W"/>',
    )
    ran = trace(content, sandbox=sandbox)
    assert ran.status is TraceStatus.FAILED
    assert ran.error is not None
    assert (ran.error.element, ran.error.message) == (
        "fails",
        "The error Wrong thrown at fails is caught nowhere.",
    )


def test_a_timer_starts_a_process_by_the_clock_that_is_moved(sandbox: Sandbox) -> None:
    for what in (timer("timeDate", "2030-01-01T00:00:00Z"), timer("timeCycle", "R/P1D")):
        content = diagram(
            element("startEvent", "start", what),
            tasks("t"),
            element("endEvent", "end"),
            flows("start", "t", "end"),
        )
        ran = trace(content, sandbox=sandbox)
        assert ran.status is TraceStatus.COMPLETED
        assert [step.element for step in ran.steps if step.what == "entered"] == ["start", "t", "end"]
