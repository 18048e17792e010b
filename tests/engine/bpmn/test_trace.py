"""The dry run."""

from __future__ import annotations

import json
import re

import pytest

from engine.bpmn.trace import Limits, Trace, TraceStatus, trace
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import (
    diagram,
    element,
    flow,
    flows,
    logs,
    script,
    service,
    start_end,
    tasks,
    timer,
)
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


def test_no_connector_is_called_its_answer_is_given(sandbox: Sandbox) -> None:
    content = diagram(
        start_end(),
        service("send", text="'to ' + name"),
        element("exclusiveGateway", "again"),
        flows("start", "send", "again"),
        flow("again", "send", "send['status'] == 503"),
        flow("again", "end", "send['status'] == 200"),
    )
    answers = [{"status": 503}, {"status": 200}]
    done = trace(content, variables={"name": "Wati", "send": answers}, sandbox=sandbox)
    assert done.status is TraceStatus.COMPLETED
    assert shown(done, "send") == [
        ("send", event, round_) for round_ in (1, 2) for event in ("entered", "completed")
    ]
    assert done.variables == {"name": "Wati", "send": {"status": 200}}


def test_a_service_without_an_answer_leaves_nothing_or_waits(sandbox: Sandbox) -> None:
    late = element(
        "boundaryEvent", "late", timer("timeDuration", "PT1H"), attachedToRef="send", cancelActivity="true"
    )
    content = diagram(
        start_end(), service("send", text="name"), late, logs("x"), flows("start", "send", "end"),
        flows("late", "x", "end"),
    )  # fmt: skip
    given = {"name": "Wati", "log": []}
    assert trace(content, variables=given, sandbox=sandbox).variables == given
    silent = trace(content, variables=given | {"send": None}, sandbox=sandbox)
    assert (silent.status, silent.variables) == (TraceStatus.COMPLETED, {"name": "Wati", "log": ["x"]})


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


SLOW = "len([n for n in range(300000) if n == -1]) == 1"


def test_who_traces_a_file_waits_for_a_second_of_its_work() -> None:
    assert Limits() == Limits(steps=10_000, seconds=1.0)


@pytest.mark.parametrize("step", ["conditions", "timers"])
def test_one_step_that_asks_for_much_is_stopped_in_its_middle(sandbox: Sandbox, step: str) -> None:
    waits = {
        "conditions": f"<bpmn:conditionalEventDefinition><bpmn:condition>{SLOW}</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>",
        "timers": timer("timeDuration", f"'PT1H' if {SLOW} else 'PT2H'"),
    }[step]
    beside = "".join(
        element("boundaryEvent", f"b{n}", waits, attachedToRef="a") + flow(f"b{n}", "end") for n in range(200)
    )
    content = diagram(start_end(), tasks("a"), flows("start", "a", "end"), beside)
    stopped = trace(content, limits=Limits(seconds=0.1), sandbox=sandbox)
    assert stopped.error is not None
    assert stopped.error.message.startswith("stopped after ")


def test_repetitions_in_repetitions_are_stopped_before_they_fill_the_memory(sandbox: Sandbox) -> None:
    many = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>1000</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    inner = element("startEvent", "s") + element("userTask", "u", many) + element("endEvent", "e")
    content = diagram(
        start_end(), element("subProcess", "sub", many + inner + flows("s", "u", "e")),
        flows("start", "sub", "end"),
    )  # fmt: skip
    stopped = trace(content, limits=Limits(seconds=60), sandbox=sandbox)
    assert stopped.error is not None
    assert re.fullmatch("stopped after [0-9]{1,2} steps", stopped.error.message), stopped.error


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


@pytest.mark.parametrize(
    "content",
    [b"", b"<html/>", diagram(element("task", "a", startQuantity="2")), LOOP.replace(b'"Ya"', b'"Ya')],
)
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


def shown(done: Trace, *elements: str) -> list[tuple[str, str, int]]:
    return [(step.element, step.what.value, step.round) for step in done.steps if step.element in elements]


def repeated(kind: str, inside: str, characteristics: str) -> bytes:
    """Draw a repeated activity that is come to twice."""
    return diagram(
        start_end(),
        element("exclusiveGateway", "again"),
        element(kind, "x", inside + characteristics),
        script("count", "turns = turns + 1"),
        element("exclusiveGateway", "enough", default="enough_again"),
        flows("start", "again", "x", "count", "enough", "again"),
        flow("enough", "end", "turns == 2"),
    )


THREE = "<bpmn:loopCardinality>3</bpmn:loopCardinality>"
INSIDE = element("startEvent", "in") + element("endEvent", "out") + flows("in", "out")


@pytest.mark.parametrize(
    ("kind", "inside"),
    [("userTask", ""), ("scriptTask", "<bpmn:script>n = 1</bpmn:script>"), ("subProcess", INSIDE)],
)
@pytest.mark.parametrize(
    "characteristics",
    [
        element("multiInstanceLoopCharacteristics", "mi", THREE),
        element("multiInstanceLoopCharacteristics", "mi", THREE, isSequential="true"),
        element("standardLoopCharacteristics", "l", loopMaximum="3"),
    ],
    ids=["parallel", "sequential", "loop"],
)
def test_a_repeated_activity_is_told_by_its_instances_alone(
    kind: str, inside: str, characteristics: str, sandbox: Sandbox
) -> None:
    done = trace(repeated(kind, inside, characteristics), variables={"turns": 0}, sandbox=sandbox)
    assert done.status is TraceStatus.COMPLETED
    told = shown(done, "x")
    assert sorted(told) == sorted(("x", event, n) for n in range(1, 7) for event in ("entered", "completed"))
    for n in range(1, 7):
        assert told.index(("x", "entered", n)) < told.index(("x", "completed", n))


def test_answers_go_to_instances_by_the_number_they_are_shown_with(sandbox: Sandbox) -> None:
    content = repeated("userTask", "", element("multiInstanceLoopCharacteristics", "mi", THREE))
    done = trace(content, variables={"turns": 0, "x": [1, 2, 3, 4, 5]}, sandbox=sandbox)
    assert done.variables["x"] == [4, 5, 5]


def test_no_instance_leaves_no_step(sandbox: Sandbox) -> None:
    none = element("multiInstanceLoopCharacteristics", "mi", THREE.replace("3", "0"))
    done = trace(repeated("userTask", "", none), variables={"turns": 0}, sandbox=sandbox)
    assert (done.status, shown(done, "x")) == (TraceStatus.COMPLETED, [])


def test_flat_data_is_variables_and_the_answer_of_every_task_without_one(sandbox: Sandbox) -> None:
    content = diagram(
        start_end(),
        tasks("review", "other"),
        element("exclusiveGateway", "one", default="one_end"),
        element("exclusiveGateway", "two", default="two_end"),
        flows("start", "review", "one", "end"),
        flow("one", "other", "review['decision'] == 'yes'"),
        flows("other", "two", "end"),
        flow("two", "last", "decision == 'yes'"),
        tasks("last"),
        flows("last", "end"),
    )
    data = {"decision": "yes", "other": {"own": 1}}
    done = trace(content, variables=data, sandbox=sandbox)
    assert [step.element for step in done.steps if step.what == "completed"][-2:] == ["last", "end"]
    flat = {"decision": "yes"}
    assert dict(done.variables) == {"decision": "yes", "review": flat, "other": {"own": 1}, "last": flat}


def beside(cancel: str) -> bytes:
    return diagram(
        start_end(),
        tasks("a", "b"),
        element(
            "boundaryEvent", "late", timer("timeDuration", "P3D"), attachedToRef="a", cancelActivity=cancel
        ),
        logs("told"),
        flows("start", "a", "b", "end"),
        flows("late", "told", "end"),
    )


def test_a_task_without_an_answer_lets_its_timer_come(sandbox: Sandbox) -> None:
    done = trace(beside("true"), variables={"log": [], "a": None}, sandbox=sandbox)
    assert (done.status, done.variables["log"]) == (TraceStatus.COMPLETED, ["told"])
    assert shown(done, "a", "b", "late") == [
        ("a", "entered", 1), ("late", "entered", 1), ("late", "completed", 1), ("a", "cancelled", 1),
    ]  # fmt: skip


def test_beside_a_timer_that_does_not_interrupt_the_task_goes_on_waiting(sandbox: Sandbox) -> None:
    done = trace(beside("false"), variables={"log": [], "a": None}, sandbox=sandbox)
    assert (done.status, done.waiting_at) == (TraceStatus.WAITING, ("a",))
    assert shown(done, "a", "b", "late", "end") == [
        ("a", "entered", 1), ("late", "entered", 1), ("late", "completed", 1),
        ("end", "entered", 1), ("end", "completed", 1),
    ]  # fmt: skip


def test_only_some_rounds_may_go_without_an_answer(sandbox: Sandbox) -> None:
    content = diagram(
        start_end(),
        element("exclusiveGateway", "again"),
        tasks("a"),
        element("boundaryEvent", "late", timer("timeDuration", "P3D"), attachedToRef="a"),
        flows("start", "again", "a", "end"),
        flows("late", "again"),
    )
    done = trace(content, variables={"a": [None, None, {"x": 1}]}, sandbox=sandbox)
    assert (done.status, done.variables["a"]) == (TraceStatus.COMPLETED, {"x": 1})
    assert [event for _, event, _ in shown(done, "a")] == ["entered", "cancelled"] * 2 + [
        "entered",
        "completed",
    ]
