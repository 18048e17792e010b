"""What stands where BPMN has nothing of the kind, what is accepted without effect, pools and lanes."""

from __future__ import annotations

import pytest

from engine.bpmn.lint import lint_bytes
from engine.bpmn.trace import trace
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import codes, diagram, element, flow, flows, script, start_end, tasks, timer

STRAIGHT = (start_end(), tasks("a"), flows("start", "a", "end"))
XI = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
CATEGORY = element("category", "c", element("categoryValue", "v"))
VENDOR = '<v:loop xmlns:v="urn:vendor" id="own"/>'


def in_task(inside: str, kind: str = "userTask", /, **attributes: str) -> bytes:
    return diagram(start_end(), element(kind, "x", inside, **attributes), flows("start", "x", "end"))


def with_(*more: str, beside: str = "") -> bytes:
    return diagram(*STRAIGHT, *more, beside=beside)


def noted(content: bytes, sandbox: Sandbox) -> set[tuple[str, str]]:
    linted = lint_bytes(content, sandbox)
    assert linted.problems == ()
    assert all(str(note.sentence) for note in linted.notes)
    return {(note.code, note.element) for note in linted.notes}


@pytest.mark.parametrize(
    ("content", "at"),
    [
        (with_(XI), "p"),
        (with_(VENDOR), "own"),
        (with_("<bpmn:fooBar/>"), "p"),
        (with_(beside="<bpmn:fooBar/>"), "whole_file"),
        (with_(beside=XI), "whole_file"),
        (with_(beside=element("collaboration", "c", VENDOR.replace(' id="own"', ""))), "c"),
        (in_task("<bpmn:fooBar/>"), "x"),
        (in_task(XI), "x"),
        (in_task("<bpmn:script>x = 1</bpmn:script>"), "x"),
        (in_task(timer("timeDuration", "PT1H")), "x"),
        (in_task(element("standardLoopCharacteristics", "l", VENDOR, loopMaximum="2")), "own"),
        (with_(element("laneSet", "ls", element("lane", "l", "<bpmn:lane/>"))), "l"),
        (with_(element("sequenceFlow", "f", XI, sourceRef="a", targetRef="end")), "f"),
        (in_task(element("subProcess", "s") + "", "manualTask"), "s"),
    ],
)
def test_what_would_be_passed_over_is_refused_where_it_stands(
    content: bytes, at: str, sandbox: Sandbox
) -> None:
    found = [one for one in lint_bytes(content, sandbox).problems if one.code == "unknown-element"]
    assert [one.element for one in found] == [at]
    assert "BPMN does not have there" in str(found[0].sentence)


@pytest.mark.parametrize(
    "content",
    [
        in_task(f"<bpmn:extensionElements>{VENDOR}{XI}</bpmn:extensionElements>"),
        in_task("<bpmn:documentation><b xmlns='http://www.w3.org/1999/xhtml'>x</b></bpmn:documentation>"),
        in_task(element("ioSpecification", "io", "<bpmn:inputSet/><bpmn:outputSet/>")),
        in_task("<bpmn:property id='q' name='q'><bpmn:dataState name='new'/></bpmn:property>"),
        in_task(element("dataInputAssociation", "da", "<bpmn:sourceRef>x</bpmn:sourceRef><bpmn:targetRef/>")),
        with_(element("textAnnotation", "t", "<bpmn:text><i xmlns=''>x</i></bpmn:text>")),
        with_(element("group", "g", categoryValueRef="v"), beside=CATEGORY),
        with_(element("dataObject", "d"), element("dataStoreReference", "s")),
        with_(beside=element("dataStore", "ds")),
        with_("<bpmn:extensionElements/>", "<!-- a comment --><?target words?>"),
        with_(beside="<bpmn:extensionElements/><bpmn:import importType='x' location='y' namespace='z'/>"),
        with_(beside=element("globalUserTask", "gt", "<bpmn:rendering/>")),
        with_(beside=element("choreography", "ch", "<bpmn:choreographyTask/>")),
        with_(beside=element("process", "q", element("serviceTask", "s", XI), isExecutable="false")),
    ],
)  # fmt: skip
def test_what_bpmn_has_there_is_accepted(content: bytes, sandbox: Sandbox) -> None:
    assert codes(content, sandbox) == set()


NOBODY = element("resourceAssignmentExpression", "ra", "<bpmn:formalExpression>x</bpmn:formalExpression>")
ASSIGNED = (
    "<bpmn:ioSpecification><bpmn:dataInput id='i'/><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>"
    "<bpmn:dataInputAssociation><bpmn:targetRef>i</bpmn:targetRef><bpmn:assignment><bpmn:from>1</bpmn:from>"
    "<bpmn:to>i</bpmn:to></bpmn:assignment></bpmn:dataInputAssociation>"
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (in_task(element("potentialOwner", "po", NOBODY)), {("no-effect", "x")}),
        (in_task(element("humanPerformer", "hp", NOBODY)), {("no-effect", "x")}),
        (in_task("<bpmn:performer/>"), {("no-effect", "x")}),
        (in_task("<bpmn:monitoring/>"), {("no-effect", "x")}),
        (in_task(ASSIGNED), {("no-effect", "x")}),
        (in_task(f"<bpmn:extensionElements>{VENDOR}</bpmn:extensionElements>"), {("extension", "x")}),
        (
            in_task("").replace(b'id="x"', b'id="x" xmlns:c="urn:c" c:assignee="demo"'),
            {("extension", "x")},
        ),
        (
            with_().replace(b"<bpmn:process", b'<bpmn:process xmlns:o="urn:o" o:x="1"', 1),
            {("extension", "p")},
        ),
        (in_task("", cancelActivty="false"), {("unknown-attribute", "x")}),
        (with_(), set()),
    ],
)
def test_what_has_no_effect_is_noted_and_accepted(
    content: bytes, expected: set[tuple[str, str]], sandbox: Sandbox
) -> None:
    assert noted(content, sandbox) == expected


def forked(*flows_: str, **attributes: str) -> bytes:
    return diagram(
        start_end(),
        tasks("a", "b"),
        element("exclusiveGateway", "g", default="g_b", **attributes),
        flows("start", "g"),
        flow("g", "a", "1 == 1"),
        *(flows_ or (flow("g", "b"),)),
        flows("a", "end"),
        flows("b", "end"),
    )


def test_the_condition_of_a_default_flow_is_noted_and_not_asked(sandbox: Sandbox) -> None:
    content = forked(flow("g", "b", "${anything at all"))
    assert noted(content, sandbox) == {("no-effect", "g_b")}
    asked = content.replace(b"1 == 1", b"1 == 2")
    assert "b" in {step.element for step in trace(asked, sandbox=sandbox).steps}


def test_the_condition_of_an_activitys_default_flow_is_not_asked(sandbox: Sandbox) -> None:
    content = diagram(
        start_end(),
        element("manualTask", "m", default="m_b"),
        tasks("a", "b"),
        flow("m", "a", "1 == 2"),
        flow("m", "b", "1 == 2"),
        flows("start", "m"),
        flows("a", "end"),
        flows("b", "end"),
    )
    assert "b" in {step.element for step in trace(content, sandbox=sandbox).steps}


def test_conditions_behind_a_parallel_gateway_are_noted(sandbox: Sandbox) -> None:
    content = forked().replace(b"exclusiveGateway", b"parallelGateway").replace(b' default="g_b"', b"")
    assert noted(content, sandbox) == {("no-effect", "g_a")}


@pytest.mark.parametrize(
    ("direction", "problems", "notes"),
    [
        ("Unspecified", set(), set()),
        ("Diverging", set(), set()),
        ("Converging", {"gateway-direction"}, None),
        ("Mixed", set(), {("gateway-direction", "g")}),
        ("Sideways", {"gateway-direction"}, None),
    ],
)
def test_a_gateway_may_not_say_the_opposite_of_its_flows(
    direction: str, problems: set[str], notes: set[tuple[str, str]] | None, sandbox: Sandbox
) -> None:
    content = forked(gatewayDirection=direction)
    assert codes(content, sandbox) == problems
    if notes is not None:
        assert noted(content, sandbox) == notes
    joined = diagram(
        start_end(), element("parallelGateway", "f"), tasks("a", "b"),
        element("parallelGateway", "g", gatewayDirection="Diverging"),
        flows("start", "f", "a", "g", "end"), flows("f", "b", "g"),
    )  # fmt: skip
    assert codes(joined, sandbox) == {"gateway-direction"}


def lane(id_: str, *nodes: str, inside: str = "") -> str:
    listed = "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
    return element("lane", id_, listed + inside)


def test_an_element_stands_in_one_lane_and_those_around_it(sandbox: Sandbox) -> None:
    nested = lane("l", "a", inside=element("childLaneSet", "cs", lane("l1", "a") + lane("l2", "start")))
    assert codes(with_(element("laneSet", "ls", nested)), sandbox) == set()
    beside = lane("l", inside=element("childLaneSet", "cs", lane("l1", "a") + lane("l2", "a")))
    assert codes(with_(element("laneSet", "ls", beside)), sandbox) == {"two-lanes"}
    two = element("laneSet", "ls", lane("l1", "a")) + element("laneSet", "other", lane("l2", "a"))
    assert codes(with_(two), sandbox) == set()
    role = '<bpmn:extensionElements><sop:Lane role="staf"/></bpmn:extensionElements><bpmn:flowNodeRef>'
    with_roles = with_(two.replace("<bpmn:flowNodeRef>", role))
    assert [one.element for one in lint_bytes(with_roles, sandbox).problems] == ["a"]


def pools(*more: str, other: str = "") -> bytes:
    """Draw a second pool beside; ``other`` tells whether it has a process, and whether that runs."""
    inside = element("startEvent", "q1") + tasks("t") + element("endEvent", "q2") + flows("q1", "t", "q2")
    process = element("process", "q", inside, isExecutable=other) if other else ""
    own = element("participant", "own", processRef="p")
    pool = element("participant", "pool", processRef="q") if other else element("participant", "pool")
    return with_(beside=process + element("collaboration", "c", own + pool + "".join(more)))


@pytest.mark.parametrize("end", ["pool", "t"])
def test_messages_that_nothing_sends_are_noted(end: str, sandbox: Sandbox) -> None:
    message = element("messageFlow", "m", sourceRef="a", targetRef=end)
    apart = ("several-processes", "p")  # nothing else connects the two
    assert noted(pools(message, other="true"), sandbox) == {("no-effect", "m"), apart}
    assert noted(pools(message, other="false"), sandbox) == {("no-effect", "m")}


def test_a_message_leads_from_one_pool_to_another(sandbox: Sandbox) -> None:
    within = element("messageFlow", "m", sourceRef="a", targetRef="a")
    assert codes(pools(within, other="true"), sandbox) == {"message-flow-within"}


def test_messages_with_a_pool_that_is_only_drawn_are_noted(sandbox: Sandbox) -> None:
    into = element("messageFlow", "m", sourceRef="pool", targetRef="a")
    out = element("messageFlow", "n", sourceRef="own", targetRef="pool")
    assert noted(pools(into, out), sandbox) == {("no-effect", "m"), ("no-effect", "n")}
    assert codes(pools(element("messageFlow", "m", sourceRef="pool", targetRef="gone")), sandbox) == {
        "dangling-message-flow"
    }


def test_a_pool_of_several_participants_is_refused_where_it_runs(sandbox: Sandbox) -> None:
    many = '<bpmn:participantMultiplicity minimum="2" maximum="3"/>'
    one = '<bpmn:participantMultiplicity minimum="0" maximum="1"/>'
    for inside, expected in ((many, {"unsupported-participant"}), (one, set[str]())):
        own = element("participant", "own", inside, processRef="p")
        assert codes(with_(beside=element("collaboration", "c", own)), sandbox) == expected
    stranger = element("participant", "other", many)
    assert codes(with_(beside=element("collaboration", "c", stranger)), sandbox) == set()


def test_a_language_the_file_names_is_noted_and_one_an_expression_names_is_refused(sandbox: Sandbox) -> None:
    content = forked().replace(b"<bpmn:definitions", b'<bpmn:definitions expressionLanguage="urn:xpath"')
    assert noted(content, sandbox) == {("expression-language", "whole_file")}
    (found,) = lint_bytes(forked().replace(b"1 == 1", b"${x > 3}"), sandbox).problems
    assert (found.code, found.element) == ("expression-language", "g_a")
    assert "JUEL" in str(found.sentence)


def test_a_word_that_is_a_time_must_be_set_by_somebody(sandbox: Sandbox) -> None:
    def waits(*before: str, **form: str) -> bytes:
        key = (
            f"<bpmn:extensionElements><sop:Task formKey='{form['form']}'/></bpmn:extensionElements>"
            if form
            else ""
        )
        return diagram(
            start_end(), *before, element("userTask", "t", key),
            element("intermediateCatchEvent", "w", timer("timeDuration", "pause")),
            flows("start", *(["s"] if before else []), "t", "w", "end"),
        )  # fmt: skip

    assert codes(waits(), sandbox) == {"timer-time"}
    assert codes(waits(script("s", "pause = 'PT1H'")), sandbox) == set()
    assert codes(waits(form="may-share-it"), sandbox) == set()
    assert trace(waits(), variables={"pause": "PT1H"}, sandbox=sandbox).status == "completed"
    assert trace(waits(), sandbox=sandbox).status == "refused"


@pytest.mark.parametrize("value", ["TRUE", "yes", "", "2"])
def test_what_is_neither_true_nor_false_is_refused(value: str, sandbox: Sandbox) -> None:
    inside = element("standardLoopCharacteristics", "l", loopMaximum="2", testBefore=value)
    assert codes(in_task(inside), sandbox) == {"not-a-boolean"}
    assert "not-a-boolean" in codes(
        with_().replace(b'isExecutable="true"', f'isExecutable="{value}"'.encode()), sandbox
    )


def test_one_and_nought_are_booleans_too(sandbox: Sandbox) -> None:
    hour = timer("timeDuration", "PT1H")

    def beside(cancel: str) -> bytes:
        return diagram(
            start_end(), tasks("a"), flows("start", "a", "end"),
            element("boundaryEvent", "b", hour, attachedToRef="a", cancelActivity=cancel), flows("b", "end"),
        )  # fmt: skip

    assert trace(beside("1"), variables={"a": None}, sandbox=sandbox).status == "completed"
    assert trace(beside("0"), variables={"a": None}, sandbox=sandbox).waiting_at == ("a",)
    three = "<bpmn:loopCardinality>3</bpmn:loopCardinality>"
    one = in_task(element("multiInstanceLoopCharacteristics", "m", three, isSequential="1"))
    events = [step.what.value for step in trace(one, sandbox=sandbox).steps if step.element == "x"]
    assert events == ["entered", "completed"] * 3


def test_the_documentation_of_a_condition_is_none_of_it(sandbox: Sandbox) -> None:
    described = "<bpmn:documentation>never</bpmn:documentation>1 <!-- no --><?nor this?>== 1"
    content = forked().replace(b"<![CDATA[1 == 1]]>", described.encode())
    assert described.encode() in content
    assert "a" in {step.element for step in trace(content, sandbox=sandbox).steps}


def test_files_that_are_full_to_the_brim_are_answered(sandbox: Sandbox) -> None:
    many = "".join(
        element("process", f"p{n}", element("callActivity", f"c{n}", calledElement=f"p{n - 1}"))
        for n in range(300)
    )
    assert "too-many-processes" in codes(with_(beside=many), sandbox)
    scripts = "".join(script(f"s{n}", "x = 1") for n in range(1001))
    found = lint_bytes(with_(scripts), sandbox).problems
    assert [one.code for one in found].count("too-many-expressions") == 1
