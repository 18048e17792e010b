"""The dry run."""

from __future__ import annotations

import json

import pytest

from engine.bpmn.trace import Limits, TraceStatus, trace
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import diagram, element, flow, flows, logs, script, start_end, tasks, timer
from tests.engine.bpmn.test_workflow import LOOP, THIRTEEN


def test_it_tells_what_was_entered_and_completed_in_order(sandbox: Sandbox) -> None:
    content = diagram(start_end(), tasks("a"), script("s", "n = a['n'] + 1"), flows("start", "a", "s", "end"))
    told = json.loads(trace(content, variables={"a": {"n": 1}}, sandbox=sandbox).to_json())
    assert told["status"] == "completed"
    assert [(step["element"], step["event"]) for step in told["steps"]] == [
        (name, event) for name in ("start", "a", "s", "end") for event in ("entered", "completed")
    ]
    assert told["steps"][2] == {
        "process": "p", "element": "a", "name": "A", "type": "userTask", "event": "entered", "round": 1,
    }  # fmt: skip
    assert told["data"] == {"a": {"n": 1}, "n": 2}
    assert told["error"] is None


def test_answers_may_differ_from_round_to_round(sandbox: Sandbox) -> None:
    answers = [{"answer": "Tidak"}, {"answer": "Tidak"}, {"answer": "Ya"}]
    done = trace(THIRTEEN, variables={"step_10": answers}, sandbox=sandbox)
    assert done.status is TraceStatus.COMPLETED
    assert [step.round for step in done.steps if (step.element, step.what) == ("step_9", "completed")] == [
        1,
        2,
        3,
    ]


def test_timers_are_reached_by_moving_the_clock(sandbox: Sandbox) -> None:
    content = diagram(
        start_end(),
        element("parallelGateway", "split"),
        element("intermediateCatchEvent", "year", timer("timeDuration", "P1Y")),
        element("intermediateCatchEvent", "hour", timer("timeDuration", "PT1H")),
        logs("a", "b"),
        flows("start", "split", "year", "a", "end"),
        flows("split", "hour", "b", "end"),
    )
    assert trace(content, variables={"log": []}, sandbox=sandbox).variables["log"] == ["b", "a"]


def test_a_loop_without_end_is_stopped(sandbox: Sandbox) -> None:
    variables = {"review": {"answer": "Tidak"}}
    stopped = trace(LOOP, variables=variables, limits=Limits(steps=30), sandbox=sandbox)
    assert stopped.status is TraceStatus.FAILED
    assert stopped.error is not None
    assert stopped.error.message == "stopped after 30 steps"
    assert (
        trace(LOOP, variables=variables, limits=Limits(seconds=0), sandbox=sandbox).status
        is TraceStatus.FAILED
    )


def test_a_failing_condition_is_told_with_what_came_before(sandbox: Sandbox) -> None:
    failed = trace(LOOP, sandbox=sandbox)
    assert failed.status is TraceStatus.FAILED
    assert failed.error is not None
    assert failed.error.element == "ok"
    assert [step.element for step in failed.steps][-1] == "ok"


def test_a_join_that_waits_for_ever_is_told(sandbox: Sandbox) -> None:
    content = diagram(
        start_end(),
        element("exclusiveGateway", "split"),
        element("parallelGateway", "join"),
        logs("a", "b"),
        flows("start", "split"),
        flow("split", "a", "True"),
        flow("split", "b", "False"),
        flows("a", "join", "end"),
        flows("b", "join"),
    )
    waiting = trace(content, variables={"log": []}, sandbox=sandbox)
    assert (waiting.status, waiting.waiting_at, waiting.error) == (TraceStatus.WAITING, ("join",), None)
    assert json.loads(waiting.to_json())["status"] == "waiting"


@pytest.mark.parametrize("content", [b"", b"<html/>", diagram(tasks("a")), LOOP.replace(b'"Ya"', b'"Ya')])
def test_what_the_lint_refuses_is_not_run(content: bytes) -> None:
    refused = trace(content, variables={"x": 1})
    assert refused.status is TraceStatus.REFUSED
    assert refused.findings
    told = json.loads(refused.to_json())
    assert (told["status"], told["steps"], told["data"]) == ("refused", [], {"x": 1})
    assert set(told["error"]) == {"element", "message"}


def test_a_process_can_be_named(sandbox: Sandbox) -> None:
    second = element(
        "process",
        "q",
        logs("x") + element("startEvent", "s") + element("endEvent", "e") + flows("s", "x", "e"),
    )
    content = diagram(start_end(), tasks("a"), flows("start", "a", "end")).replace(
        b"</bpmn:definitions>", second.encode() + b"</bpmn:definitions>"
    )
    assert trace(content, process_id="q", variables={"log": []}, sandbox=sandbox).variables == {"log": ["x"]}
    assert trace(content, process_id="gone", sandbox=sandbox).status is TraceStatus.REFUSED
    assert {step.process for step in trace(content, sandbox=sandbox).steps} == {"p"}


def test_what_normalising_adds_is_never_shown(sandbox: Sandbox) -> None:
    content = diagram(
        start_end(),
        tasks("t"),
        logs("a", "b"),
        flows("start", "t", "a", "end"),
        flow("t", "b", "'x' in log"),
        flows("b", "end"),
    )
    done = trace(content, variables={"log": []}, sandbox=sandbox)
    assert {step.element for step in done.steps} == {"start", "t", "a", "end"}
