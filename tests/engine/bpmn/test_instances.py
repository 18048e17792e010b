"""A thousand instances, what expressions can ask of them, and states written by an earlier release."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from engine.bpmn import state
from engine.bpmn.live import LiveInstance
from engine.bpmn.live_task import LiveTask
from engine.bpmn.trail import Happening
from engine.bpmn.workflow import Runner, variables_at
from engine.expressions.sandbox import Sandbox
from engine.model.instance import Saved
from engine.model.task import TaskKey
from tests.engine.bpmn.drawn import Case, diagram, element, flows, script, spec_of, start_end, tasks, timer
from tests.engine.bpmn.test_data import data_object

NewCase = Callable[[bytes], Case]
KEPT = Path(__file__).parent / "kept"


def several(inside: str, id_: str = "mi", **attributes: str) -> str:
    return element("multiInstanceLoopCharacteristics", id_, inside, **attributes)


def cardinality(count: object) -> str:
    return f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>"


def around(*body: str, loop: str) -> bytes:
    inside = element("startEvent", "s") + "".join(body) + element("endEvent", "e") + loop
    return diagram(
        start_end(),
        element("subProcess", "each", inside),
        tasks("after"),
        flows("start", "each", "after", "end"),
    )


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_each_instance_has_its_number_and_sees_how_far_the_others_are(
    new_case: NewCase, sequential: str
) -> None:
    names = ("numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances")
    content = around(
        script("note", f"log.append([loopCounter, nrOfInstances, {', '.join(names)}])"),
        tasks("ask"),
        flows("s", "note", "ask", "e"),
        loop=several(cardinality(3), isSequential=sequential),
    )
    case = new_case(content).start(log=[])
    for _ in range(3):
        case.complete("ask")
    counted = {
        "true": [[1, 3, 1, 1, 0], [2, 3, 2, 1, 1], [3, 3, 3, 1, 2]],
        "false": [[1, 3, 3, 3, 0], [2, 3, 3, 3, 0], [3, 3, 3, 3, 0]],
    }
    assert case.variables["log"] == counted[sequential]
    assert case.open_elements == ["after"]


def test_completed_active_and_terminated_instances_always_make_all(new_case: NewCase) -> None:
    enough = (
        "<bpmn:completionCondition>numberOfCompletedInstances + numberOfActiveInstances"
        " + numberOfTerminatedInstances != numberOfInstances or nrOfCompletedInstances == 2"
        " and nrOfActiveInstances == 1</bpmn:completionCondition>"
    )
    content = diagram(
        start_end(),
        element("userTask", "each", several(cardinality(3) + enough)),
        flows("start", "each", "end"),
    )
    case = new_case(content).start()
    case.complete("each")
    assert not case.finished
    case.complete("each")
    assert case.finished


def test_what_one_instance_answers_inside_is_not_seen_by_the_next(new_case: NewCase) -> None:
    content = around(
        tasks("ask", "check"),
        script("note", "log.append([loopCounter, ask['n']])"),
        flows("s", "ask", "check", "note", "e"),
        loop=several(cardinality(2)),
    )
    case = new_case(content).start(log=[])
    case.complete("ask", {"n": "first"})
    case.complete("ask", {"n": "second"})
    case.complete("check")
    case.complete("check")
    assert case.variables["log"] == [[1, "first"], [2, "second"]]


def test_a_loop_counts_its_rounds(new_case: NewCase) -> None:
    again = (
        '<bpmn:standardLoopCharacteristics testBefore="true">'
        "<bpmn:loopCondition>loopCounter &lt; 3</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    )
    content = around(script("note", "log.append(loopCounter)"), flows("s", "note", "e"), loop=again)
    assert new_case(content).start(log=[]).variables["log"] == [1, 2, 3]


def test_a_thousand_untouched_instances_take_no_more_room_than_one(new_case: NewCase) -> None:
    content = diagram(
        start_end(), element("userTask", "each", several(cardinality("n"))), flows("start", "each", "end")
    )
    few, many = new_case(content).start(n=2), new_case(content).start(n=1000)
    assert len(many.open) == 1000
    assert len(many.state) < len(few.state) + 6000  # the places of a thousand answers: ",null" each
    many.complete(TaskKey(element="each", round=1, iteration=500), {"n": 500})
    assert len(many.state) < len(few.state) + 6000
    for key in reversed(list(many.open)):
        many.complete(key, {"n": key.iteration})
    assert many.finished
    assert many.variables["each"] == [{"n": number} for number in range(1, 1001)]


def test_completing_one_of_a_thousand_looks_at_no_other(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = diagram(
        start_end(), element("userTask", "each", several(cardinality(1000))), flows("start", "each", "end")
    )
    looked = 0
    workflows = LiveInstance.workflows

    def counted(live: LiveInstance) -> object:
        nonlocal looked
        looked += 1
        return workflows(live)

    text = spec_of(content, sandbox)
    case = Case(Runner(sandbox, lambda _version: text), uuid4()).start()
    monkeypatch.setattr(LiveInstance, "workflows", counted)
    for key in list(case.open)[:50]:
        case.complete(key)
    assert looked <= 50 * 2 + 1


def test_completing_one_of_a_hundred_subprocesses_writes_no_other_anew(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = around(tasks("ask", "check"), flows("s", "ask", "check", "e"), loop=several(cardinality(100)))
    text = spec_of(content, sandbox)
    case = Case(Runner(sandbox, lambda _version: text), uuid4()).start()
    written, row = 0, state._task

    def counted(task: LiveTask) -> object:
        nonlocal written
        written += 1
        return row(task)

    monkeypatch.setattr(state, "_task", counted)
    for _ in range(100):
        case.complete("ask", {"n": 1})
    assert written <= 100 * 3  # the activity, the one touched, and the token in it


def test_what_is_corrected_inside_one_of_several_subprocesses_is_in_the_state(sandbox: Sandbox) -> None:
    content = around(
        data_object("o", "plan"), tasks("ask"), flows("s", "ask", "e"), loop=several(cardinality(2))
    )
    text = spec_of(content, sandbox)
    case = Case(Runner(sandbox, lambda _version: text), uuid4()).start()
    for value in ("first", "second"):
        case.assign(case.open[0], "plan", value)
        assert variables_at(case.state, case.open[0])["plan"] == value
        assert "plan" not in variables_at(case.state, case.open[1])


def test_tokens_are_cancelled_in_the_order_they_came(new_case: NewCase) -> None:
    inside = element("startEvent", "s") + tasks("ask") + element("endEvent", "e") + flows("s", "ask", "e")
    content = diagram(
        element("startEvent", "start"),
        element("parallelGateway", "fork"),
        tasks("beside", "stop"),
        element("subProcess", "each", inside + several(cardinality(2))),
        element("endEvent", "end", element("terminateEventDefinition", "all")),
        *(flows("fork", id_, "end") for id_ in ("beside", "each", "stop")),
        flows("start", "fork"),
    )
    case = new_case(content).start()
    case.complete("stop")
    assert case.seen(Happening.CANCELLED) == ["beside", "each", "each", "ask", "each", "ask"]


@pytest.mark.parametrize("cached", [True, False])
def test_instances_kept_by_an_earlier_release_go_on(sandbox: Sandbox, cached: bool) -> None:
    kept = json.loads((KEPT / "multi_instance_0_1.json").read_text())
    case = Case(Runner(sandbox, lambda _version: kept["spec"]), uuid4(), cached=cached)
    case.open = [
        TaskKey(element=name, round=round_, iteration=number) for name, round_, number in kept["open"]
    ]
    key = next(key for key in case.open if key.element == "each")
    outcome = case.runner.complete(
        Saved(id=case.id, version=case.version, guard=0, state=kept["state"]),
        key,
        submitted={"n": 1},
        shared={},
        now=case.now,
    )
    case.open.remove(key)
    case._save(outcome)
    assert outcome.variables["log"] == [["ani", 0], ["budi", 1], ["citra", 2], ["dewi", 3]]
    while not case.finished:
        case.complete(case.open[0], {"n": 3})
    assert [answer and answer["n"] for answer in case.variables["each"]] == [1, 2, 3, None]
    assert case.variables["round"] == {"n": 3}


def test_what_one_event_of_several_has_seen_is_in_the_state(sandbox: Sandbox) -> None:
    """Nothing else of the subprocess moves when the first of them happens, and no values are asked for."""
    up = {id_: f'<bpmn:escalationEventDefinition escalationRef="{id_}"/>' for id_ in ("one", "two")}
    inner = (
        element("startEvent", "cs")
        + element("intermediateCatchEvent", "first", timer("timeDuration", "PT1H"))
        + tasks("second", "third")
        + element("intermediateThrowEvent", "says_one", up["one"])
        + element("intermediateThrowEvent", "says_two", up["two"])
        + element("endEvent", "ce")
        + flows("cs", "first", "says_one", "second", "says_two", "third", "ce")
    )
    edge = {"attachedToRef": "inner", "parallelMultiple": "true", "cancelActivity": "false"}
    outer = (
        element("startEvent", "ss")
        + element("subProcess", "inner", inner)
        + element("boundaryEvent", "both", up["one"] + up["two"], **edge)
        + tasks("told")
        + element("endEvent", "se")
        + flows("ss", "inner", "se")
        + flows("both", "told", "se")
    )
    content = diagram(
        start_end(),
        element("subProcess", "outer", outer),
        flows("start", "outer", "end"),
        beside="".join(element("escalation", id_, name=id_, escalationCode=id_) for id_ in up),
    )
    text = spec_of(content, sandbox)
    case = Case(Runner(sandbox, lambda _version: text), uuid4()).start()
    case.fire("first")
    case.runner = Runner(sandbox, lambda _version: text)  # as after a restart
    case.complete("second")
    assert sorted(case.open_elements) == ["third", "told"]
