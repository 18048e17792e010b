"""Undoing in repetitions, calls and subprocesses: what it sees and leaves (BPMN 2.0, 10.7, 13.5.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.bpmn.trail import Happening
from tests.engine.bpmn.drawn import Case, diagram, element, flows, logs, script, start_end, tasks
from tests.engine.bpmn.test_calls import mapped
from tests.engine.bpmn.test_data import data_object
from tests.engine.bpmn.test_handlers import BESIDE, WHAT

NewCase = Callable[[bytes], Case]


def subprocess(id_: str, *body: str) -> str:
    return element("subProcess", id_, "".join(body))


def several(count: int, sequential: str = "true", more: str = "") -> str:
    inside = f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>{more}"
    return element("multiInstanceLoopCharacteristics", f"{count}_times", inside, isSequential=sequential)


def undone(id_: str, source: str) -> str:
    """Draw what undoes an activity of a subprocess."""
    script_ = f"<bpmn:script>{source}</bpmn:script>"
    return (
        element("boundaryEvent", f"{id_}_c", WHAT["compensate"], attachedToRef=id_)
        + element("scriptTask", f"{id_}_undo", script_, isForCompensation="true")
        + element("association", f"{id_}_as", sourceRef=f"{id_}_c", targetRef=f"{id_}_undo")
    )


def test_undoing_a_called_process_gives_back_nothing_that_undoing_did_not_set(new_case: NewCase) -> None:
    called = element("startEvent", "h_s") + script("a", "k = n") + undone("a", "k = k + 7")
    called += element("endEvent", "h_e") + flows("h_s", "a", "h_e")
    content = diagram(
        start_end(),
        element("callActivity", "call", calledElement="helper"),
        script("later", "n = 10"),
        element("intermediateThrowEvent", "undoes", WHAT["compensate"]),
        flows("start", "call", "later", "undoes", "end"),
        after=element("process", "helper", called),
    )
    assert new_case(content).start(n=1).variables == {"n": 10, "k": 8}


def test_undoing_a_subprocess_sees_its_inputs_and_moves_no_outputs_again(new_case: NewCase) -> None:
    inside = mapped("x", "y") + element("startEvent", "s") + script("a", "y = x")
    inside += undone("a", "log.append(x)") + element("endEvent", "e") + flows("s", "a", "e")
    content = diagram(
        data_object("a_object", "before").replace("a_object_ref", "a_ref"),
        data_object("b_object", "result").replace("b_object_ref", "b_ref"),
        start_end(),
        subprocess("sub", inside),
        script("later", "before = 10; result = 20"),
        element("intermediateThrowEvent", "undoes", WHAT["compensate"]),
        flows("start", "sub", "later", "undoes", "end"),
    )
    case = new_case(content).start(before=1, log=[])
    assert case.variables == {"before": 10, "result": 20, "log": [1]}


def test_what_undoes_in_one_instance_of_a_subprocess_sees_what_that_instance_knew(new_case: NewCase) -> None:
    undoes = element("startEvent", "u_s") + tasks("asked") + script("n", "log.append(-loopCounter)")
    undoes += element("endEvent", "u_e") + flows("u_s", "asked", "n", "u_e")
    undo = (
        element("boundaryEvent", "c", WHAT["compensate"], attachedToRef="a")
        + element("subProcess", "undo", undoes, isForCompensation="true")
        + element("association", "as", sourceRef="c", targetRef="undo")
    )
    note = script("a", "log.append(loopCounter)")
    inside = element("startEvent", "s") + note + undo + element("endEvent", "e") + flows("s", "a", "e")
    content = diagram(
        start_end(),
        subprocess("sub", several(2), inside),
        element("intermediateThrowEvent", "undoes", WHAT["compensate"]),
        flows("start", "sub", "undoes", "end"),
    )
    case = new_case(content).start(log=[])
    case.complete("asked")
    case.complete("asked")
    assert case.finished
    assert case.variables["log"] == [1, 2, -2, -1]


def test_several_things_thrown_at_once_all_happen_and_what_is_undone_is_in_their_order(
    new_case: NewCase,
) -> None:
    both = (
        '<bpmn:compensateEventDefinition activityRef="a"/>'
        + WHAT["signal"]
        + '<bpmn:compensateEventDefinition activityRef="b"/>'
    )
    content = diagram(
        start_end(),
        logs("a", "b"),
        undone("a", "log.append(1)"),
        undone("b", "log.append(2)"),
        element("intermediateThrowEvent", "undoes", both),
        element("parallelGateway", "split"),
        tasks("work"),
        element("boundaryEvent", "hears", WHAT["signal"], attachedToRef="work"),
        element("endEvent", "last", WHAT["signal"] + WHAT["terminate"]),
        flows("start", "a", "b", "undoes", "split", "last"),
        flows("split", "work", "end"),
        flows("hears", "end"),
        beside=BESIDE,
    )
    case = new_case(content).start(log=[])
    assert case.finished
    assert case.variables["log"] == ["a", "b", 1, 2]


def test_undoing_that_an_earlier_version_began_goes_on_and_begins_nothing_again(new_case: NewCase) -> None:
    undo = (
        element("boundaryEvent", "c", WHAT["compensate"], attachedToRef="a")
        + element("userTask", "asked", isForCompensation="true")
        + element("association", "as", sourceRef="c", targetRef="asked")
    )
    inside = element("startEvent", "s") + tasks("a") + undo + element("endEvent", "cancels", WHAT["cancel"])
    content = diagram(
        start_end(),
        element("transaction", "sub", inside + flows("s", "a", "cancels")),
        element("boundaryEvent", "cancelled", WHAT["cancel"], attachedToRef="sub"),
        flows("start", "sub", "end"),
        flows("cancelled", "end"),
    )
    case = new_case(content).start()
    outcome = case.complete("a")
    assert '"undone":1,' in outcome.state
    case.outcome = replace(outcome, state=outcome.state.replace('"undone":1,', ""))
    case.complete("asked")
    assert case.finished
    assert "cancels" in case.seen(Happening.COMPLETED)
    assert "cancels" not in case.seen(Happening.CANCELLED)
