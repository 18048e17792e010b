"""How tokens part and meet."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.bpmn.trail import Happening
from engine.errors import ProcessFailed
from tests.engine.bpmn.drawn import Case, diagram, element, flow, flows, logs, script, start_end, tasks

NewCase = Callable[[bytes], Case]


def split_and_join(kind: str, join: str, *, default: str = "") -> bytes:
    about = {"default": default} if default else {}
    asked = kind != "parallelGateway"
    return diagram(
        start_end(),
        element(kind, "split", **about),
        element(join, "join"),
        logs("a", "b", "c"),
        flows("start", "split"),
        flow("split", "a", '"a" in test' if asked else ""),
        flow("split", "b", '"b" in test' if asked else ""),
        flows("a", "join"),
        flows("b", "join", "c", "end"),
        *([element("sequenceFlow", default, sourceRef="split", targetRef="join")] if default else []),
    )


@pytest.mark.parametrize(
    ("kind", "join", "test", "log"),
    [
        ("parallelGateway", "parallelGateway", "", ["a", "b", "c"]),
        ("parallelGateway", "inclusiveGateway", "", ["a", "b", "c"]),
        ("parallelGateway", "exclusiveGateway", "", ["a", "b", "c", "c"]),
        ("inclusiveGateway", "inclusiveGateway", "ab", ["a", "b", "c"]),
        ("inclusiveGateway", "inclusiveGateway", "b", ["b", "c"]),
        ("inclusiveGateway", "exclusiveGateway", "ab", ["a", "b", "c", "c"]),
        ("inclusiveGateway", "parallelGateway", "ab", ["a", "b", "c"]),
        ("exclusiveGateway", "inclusiveGateway", "ab", ["a", "c"]),
        ("exclusiveGateway", "exclusiveGateway", "b", ["b", "c"]),
    ],
)
@pytest.mark.proves("gateways and flows", "exclusive, parallel, inclusive")
def test_gateways_part_and_meet_as_drawn(
    new_case: NewCase, kind: str, join: str, test: str, log: list[str]
) -> None:
    case = new_case(split_and_join(kind, join)).start(test=test, log=[])
    assert case.finished
    assert case.variables["log"] == log


@pytest.mark.parametrize("kind", ["exclusiveGateway", "inclusiveGateway"])
@pytest.mark.proves("gateways and flows", "conditional, default")
def test_without_a_true_condition_the_default_flow_is_taken_or_the_gateway_is_named(
    new_case: NewCase, kind: str
) -> None:
    with_default = split_and_join(kind, "exclusiveGateway", default="otherwise")
    assert new_case(with_default).start(test="", log=[]).variables["log"] == ["c"]
    with pytest.raises(ProcessFailed, match="No condition behind") as failed:
        new_case(split_and_join(kind, "exclusiveGateway")).start(test="", log=[])
    assert failed.value.element == "split"


@pytest.mark.parametrize("kind", ["exclusiveGateway", "inclusiveGateway"])
def test_a_case_that_would_stand_still_fails_where_it_would(new_case: NewCase, kind: str) -> None:
    with pytest.raises(ProcessFailed, match="stand still") as failed:
        new_case(split_and_join(kind, "parallelGateway")).start(test="a", log=[])
    assert failed.value.element == "join"


@pytest.mark.proves("gateways and flows", "exclusive, parallel, inclusive")
def test_both_branches_are_open_at_once_and_wait_for_each_other(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("a", "b", "c"),
            element("parallelGateway", "split"),
            element("parallelGateway", "join"),
            flows("start", "split", "a", "join", "c", "end"),
            flows("split", "b", "join"),
        )
    ).start()
    assert case.open_elements == ["a", "b"]
    case.complete("b", {"x": 1})
    assert case.open_elements == ["a"]
    case.complete("a", {"x": 2})
    assert case.open_elements == ["c"]
    case.complete("c")
    assert case.finished
    assert case.variables == {"a": {"x": 2}, "b": {"x": 1}, "c": {}}


@pytest.mark.proves("gateways and flows", "exclusive, parallel, inclusive")
def test_a_second_token_on_one_flow_waits_for_its_own_partner(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("a", "b", "c"),
            element("parallelGateway", "split"),
            element("parallelGateway", "join"),
            element("exclusiveGateway", "merge"),
            flows("start", "split", "a", "merge", "join", "c", "end"),
            flows("split", "b", "join"),
            flows("split", "merge"),
        )
    )
    case.start()
    case.complete("b")
    assert case.open_elements == ["a", "c"]
    case.complete("a")
    with pytest.raises(ProcessFailed, match="stand still"):
        case.complete("c")


@pytest.mark.proves("gateways and flows", "exclusive, parallel, inclusive")
def test_an_inclusive_join_waits_while_somebody_can_still_come(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("a", "b", "b2", "c"),
            element("inclusiveGateway", "split"),
            element("inclusiveGateway", "join"),
            flows("start", "split"),
            flow("split", "a", "True"),
            flow("split", "b", "more"),
            flows("a", "join", "c", "end"),
            flows("b", "b2", "join"),
        )
    )
    case.start(more=True)
    case.complete("a")
    case.complete("b")
    assert case.open_elements == ["b2"]
    case.complete("b2")
    assert case.open_elements == ["c"]


@pytest.mark.proves("gateways and flows", "several or conditional out of an activity")
def test_several_flows_out_of_a_task_are_all_taken(new_case: NewCase) -> None:
    case = new_case(
        diagram(
            start_end(), tasks("t"), logs("a", "b"), flows("start", "t", "a", "end"), flows("t", "b", "end")
        )
    ).start(log=[])
    case.complete("t")
    assert sorted(case.variables["log"]) == ["a", "b"]
    assert "t_a" in case.seen(Happening.FLOW)
    assert {item.element for item in case.history} <= {
        "start",
        "t",
        "a",
        "b",
        "end",
        "start_t",
        "t_a",
        "t_b",
        "a_end",
        "b_end",
    }


@pytest.mark.parametrize(
    ("test", "log"), [("ab", ["a", "b", "always"]), ("b", ["always", "b"]), ("", ["always"])]
)
@pytest.mark.proves("gateways and flows", "several or conditional out of an activity")
def test_conditions_on_the_flows_of_a_task_are_asked(new_case: NewCase, test: str, log: list[str]) -> None:
    case = new_case(
        diagram(
            start_end(),
            tasks("t"),
            logs("a", "b", "always"),
            flows("start", "t", "always", "end"),
            flow("t", "a", '"a" in test'),
            flow("t", "b", '"b" in test'),
            flows("a", "end"),
            flows("b", "end"),
        )
    ).start(log=[], test=test)
    case.complete("t")
    assert sorted(case.variables["log"]) == sorted(log)


@pytest.mark.parametrize(("test", "log"), [("a", ["a"]), ("", ["other"])])
def test_a_task_may_have_a_default_flow(new_case: NewCase, test: str, log: list[str]) -> None:
    case = new_case(
        diagram(
            start_end(),
            element("userTask", "t", default="t_other"),
            logs("a", "other"),
            flows("start", "t", "other", "end"),
            flow("t", "a", '"a" in test'),
            flows("a", "end"),
        )
    ).start(log=[], test=test)
    case.complete("t")
    assert case.variables["log"] == log


def test_two_flows_between_the_same_elements_are_two(new_case: NewCase) -> None:
    twice = diagram(
        start_end(),
        logs("a"),
        element("parallelGateway", "split"),
        element("parallelGateway", "join"),
        flows("start", "split"),
        flow("split", "join", id_="one"),
        flow("split", "join", id_="two"),
        flows("join", "a", "end"),
    )
    case = new_case(twice).start(log=[])
    assert case.variables["log"] == ["a"]
    assert [name for name in case.seen(Happening.FLOW) if name in ("one", "two")] == ["one", "two"]


@pytest.mark.proves("gateways and flows", "without an id")
def test_flows_without_an_id_are_followed(new_case: NewCase) -> None:
    content = diagram(start_end(), tasks("a"), flows("start", "a", "end")).replace(b' id="a_end"', b"")
    case = new_case(content).start()
    case.complete("a")
    assert case.finished
    assert case.seen(Happening.FLOW) == ["start_a"]


def test_conditions_are_asked_in_the_order_of_the_file_wherever_shapes_are_drawn(new_case: NewCase) -> None:
    content = split_and_join("exclusiveGateway", "exclusiveGateway").replace(
        b"</bpmn:definitions>",
        b"""<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
        xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><di:BPMNPlane>
        <di:BPMNShape bpmnElement="a"><dc:Bounds x="0" y="900" width="1" height="1"/></di:BPMNShape>
        <di:BPMNShape bpmnElement="b"><dc:Bounds x="0" y="1" width="1" height="1"/></di:BPMNShape>
        </di:BPMNPlane></di:BPMNDiagram></bpmn:definitions>""",
    )
    assert new_case(content).start(test="ab", log=[]).variables["log"] == ["a", "c"]


@pytest.mark.parametrize("answer", ['"Ya"', "1", "None", "[]"])
@pytest.mark.proves("expressions", "Python's syntax, in a sandbox")
def test_a_condition_must_say_true_or_false(new_case: NewCase, answer: str) -> None:
    content = diagram(
        start_end(),
        tasks("t"),
        element("exclusiveGateway", "g", default="g_end"),
        flows("start", "t", "g", "end"),
        flow("g", "t", answer),
    )
    case = new_case(content).start()
    with pytest.raises(ProcessFailed, match="not True or False"):
        case.complete("t")


def test_scripts_that_go_in_circles_are_stopped(new_case: NewCase) -> None:
    content = diagram(
        start_end(),
        element("exclusiveGateway", "again"),
        element("exclusiveGateway", "g"),
        flows("start", "again", "g"),
        flow("g", "end", "False"),
        element("sequenceFlow", "back", sourceRef="g", targetRef="again"),
    ).replace(b'id="g"', b'id="g" default="back"')
    with pytest.raises(ProcessFailed, match="circles"):
        new_case(content).start()


def test_scripts_that_together_take_too_long_are_stopped(
    new_case: NewCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.bpmn.live.MAX_SECONDS", 0.05)
    slow = "n = 0\nfor i in range(200000):\n    n = n + 1"
    content = diagram(
        start_end(),
        *(script(f"s{n}", slow) for n in range(20)),
        flows("start", *(f"s{n}" for n in range(20)), "end"),
    )
    with pytest.raises(ProcessFailed, match="took longer than") as failed:
        new_case(content).start()
    assert failed.value.element.startswith("s")


def test_conditions_that_one_step_asks_for_take_no_longer_together(
    new_case: NewCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.bpmn.live.MAX_SECONDS", 0.05)
    slow = "len([n for n in range(200000) if n == -1]) == 1"
    waits = "".join(
        element("boundaryEvent", f"b{n}", f"<bpmn:conditionalEventDefinition><bpmn:condition>{slow}"
                "</bpmn:condition></bpmn:conditionalEventDefinition>", attachedToRef="a")
        + flow(f"b{n}", "end")
        for n in range(50)
    )  # fmt: skip
    with pytest.raises(ProcessFailed, match="took longer than") as failed:
        new_case(diagram(start_end(), tasks("a"), flows("start", "a", "end"), waits)).start()
    assert failed.value.element.startswith("b"), "in the middle of the step that asks them all"


@pytest.mark.proves("tasks", "user, manual, untyped (passed)")
def test_a_task_without_a_kind_is_passed_and_a_manual_one_waits_for_people(new_case: NewCase) -> None:
    content = diagram(
        start_end(), tasks("a", kind="task"), tasks("m", kind="manualTask"), flows("start", "a", "m", "end")
    )
    case = new_case(content).start()
    assert case.open_elements == ["m"]
    assert "a" in case.seen(Happening.COMPLETED)
    case.complete("m")
    assert case.finished


@pytest.mark.proves("tasks", "script")
def test_a_script_that_fails_is_named(new_case: NewCase) -> None:
    content = diagram(start_end(), script("s", "x = 1\ny = unknown"), flows("start", "s", "end"))
    with pytest.raises(ProcessFailed, match="line 2, column 5: the name unknown") as failed:
        new_case(content).start()
    assert failed.value.element == "s"
