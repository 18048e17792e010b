"""What is refused, by which code, and that everything is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn.lint import lint_bytes, lint_file
from engine.errors import Finding
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import (
    codes,
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

STRAIGHT = (start_end(), tasks("a"), flows("start", "a", "end"))
SIGNAL = '<bpmn:signalEventDefinition signalRef="bell"/>'
BELL = '<bpmn:signal id="bell" name="Bell"/>'


def with_(*more: str, beside: str = "") -> bytes:
    return diagram(*STRAIGHT, *more, beside=beside)


def on_the_way(kind: str, inside: str = "", /, **attributes: str) -> bytes:
    """Draw one element between start and end."""
    return diagram(start_end(), element(kind, "x", inside, **attributes), flows("start", "x", "end"))


def gateway(*outgoing: str, kind: str = "exclusiveGateway", **attributes: str) -> bytes:
    return diagram(
        start_end(), tasks("a", "b"), element(kind, "g", **attributes), flows("start", "g"), *outgoing,
        flows("a", "end"), flows("b", "end"),
    )  # fmt: skip


def several(inside: str, **attributes: str) -> str:
    return element("multiInstanceLoopCharacteristics", "mi", inside, **attributes)


def looped(inside: str = "", **attributes: str) -> str:
    return element("standardLoopCharacteristics", "l", inside, **attributes)


def beside_a(inside: str, **attributes: str) -> bytes:
    return with_(
        element("boundaryEvent", "b", inside, attachedToRef="a", **attributes),
        tasks("c"),
        flows("b", "c", "end"),
    )


COMPUTED = "<bpmn:transformation>1</bpmn:transformation>"


def refers(id_: str) -> str:
    return f"<bpmn:targetRef>{id_}</bpmn:targetRef>"


def two_sources() -> str:
    return "<bpmn:sourceRef>start</bpmn:sourceRef><bpmn:sourceRef>end</bpmn:sourceRef>"


def sets(inside: str) -> str:
    return element("ioSpecification", "io", f"<bpmn:inputSet>{inside}</bpmn:inputSet><bpmn:outputSet/>")


def assigning(source: str, to: str) -> str:
    both = f"<bpmn:from>{source}</bpmn:from><bpmn:to>{to}</bpmn:to>"
    return element("dataOutputAssociation", "d", f"<bpmn:assignment>{both}</bpmn:assignment>")


def extended(inside: str) -> str:
    return f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>"


def worded(inside: str) -> bytes:
    return on_the_way("userTask", extended(inside))


INSIDE = element("startEvent", "s1") + element("endEvent", "e1") + flow("s1", "e1")
TWO = "<bpmn:loopCardinality>2</bpmn:loopCardinality>"
INTO_B = flow("a", "b", id_="into_b").encode() + b"</bpmn:process>"
HANDLER = (
    element("startEvent", "s1", timer("timeDuration", "PT1H")) + element("endEvent", "e1") + flow("s1", "e1")
)
BOTH = SIGNAL + timer("timeDate", "2026-01-01")
LONG = [f"t{n}" for n in range(2600)]
CASES: list[tuple[bytes, set[str]]] = [
    (diagram(*STRAIGHT), set()),
    # references
    (with_(flow("a", "nowhere")), {"dangling-flow"}),
    (with_(flow("nowhere", "a")), {"dangling-flow"}),
    (with_('<bpmn:sequenceFlow id="f" sourceRef="a"/>'), {"flow-without-target"}),
    (with_('<bpmn:sequenceFlow id="f" targetRef="a"/>'), {"flow-without-source"}),
    (with_(tasks("a")), {"duplicate-id"}),
    (with_("<bpmn:userTask/>"), {"orphan", "dead-end"}),
    (with_("<bpmn:subProcess><bpmn:task/></bpmn:subProcess>"), {"orphan", "dead-end"}),
    (diagram(*STRAIGHT).replace(b' id="p"', b""), set()),
    (diagram(*STRAIGHT, attributes='isExecutable="false"'), set()),
    (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', {"no-process"}),
    (gateway(flow("g", "a", "True"), flow("g", "b", "True"), default="nowhere"), {"dangling-default"}),
    (
        with_(
            element("boundaryEvent", "b", timer("timeDuration", "PT1H"), attachedToRef="gone"),
            flow("b", "end"),
        ),
        {"dangling-boundary"},
    ),
    (on_the_way("intermediateCatchEvent", SIGNAL), {"dangling-event"}),
    (on_the_way("callActivity", calledElement="gone"), {"unknown-called-process"}),
    (on_the_way("callActivity", calledElement="p"), {"call-ring"}),
    (with_(element("dataObjectReference", "d", dataObjectRef="gone")), {"dangling-data-object"}),
    (
        with_(element("laneSet", "ls", element("lane", "l", "<bpmn:flowNodeRef>gone</bpmn:flowNodeRef>"))),
        {"dangling-lane"},
    ),
    (
        with_(beside=element("collaboration", "c", element("participant", "pp", processRef="gone"))),
        {"dangling-participant"},
    ),
    (with_(beside='<bpmn:extension mustUnderstand="true"/>'), {"must-understand"}),
    (
        diagram(*STRAIGHT, element("subProcess", "s", INSIDE), flows("a", "s", "end"), flow("a", "s1")),
        {"flow-crosses"},
    ),
    # starts, ends, what lies beside
    (diagram(tasks("a"), element("endEvent", "end"), flows("a", "end")), set()),
    (diagram(tasks("a", "b"), flows("a", "b", "a")), {"no-start-event"}),
    (diagram(element("startEvent", "start"), tasks("a"), flows("start", "a")), set()),
    (with_(element("startEvent", "two"), flow("two", "a")), set()),
    (with_(flow("a", "start")), {"flow-into-start"}),
    (
        beside_a(timer("timeDuration", "PT1H")).replace(b"</bpmn:process>", INTO_B),
        {"flow-into-boundary"},
    ),
    (
        diagram(
            start_end(),
            tasks("a"),
            flow("start", "a", "True"),
            flow("start", "end"),
            flow("a", "end"),
        ),
        {"condition-on-event"},
    ),
    (on_the_way("sendTask", messageRef="gone"), {"dangling-event"}),
    (
        on_the_way("userTask", looped(loopMaximum="2") + several(TWO)),
        {"two-repetitions"},
    ),
    (
        on_the_way("callActivity", calledElement="q").replace(
            b"<bpmn:process", element("process", "q", HANDLER).encode() + b"<bpmn:process", 1
        ),
        {"called-without-start"},
    ),
    (with_(flow("end", "a")), {"flow-from-end"}),
    (with_(tasks("b")), {"orphan", "dead-end"}),
    (with_(tasks("b"), flow("b", "end")), {"orphan"}),
    (with_(tasks("b"), flow("a", "b")), {"dead-end"}),
    (with_(tasks("b", "c"), flows("b", "c", "b")), {"unreachable"}),
    (diagram(start_end(), tasks(*LONG), flows("start", *LONG, "end")), {"too-many-elements"}),
    (diagram(start_end(), tasks(*LONG[:300]), flows("start", *LONG[:300], "end")), set()),
    (on_the_way("subProcess"), set()),
    # gateways
    (gateway(flow("g", "a"), flow("g", "b", "True")), {"flow-without-condition"}),
    (gateway(flow("g", "a"), flow("g", "b", "True"), default="g_a"), set()),
    (gateway(flow("g", "a", "True"), flow("g", "b", "True"), default="g_a"), set()),
    (gateway(flow("g", "a", "True"), flow("g", "b", "True"), kind="parallelGateway"), set()),
    (gateway(flow("g", "a"), flow("g", "b"), kind="complexGateway"), {"unsupported-gateway"}),
    (gateway(flow("g", "a"), flow("g", "b"), kind="eventBasedGateway"), {"event-gateway"}),
    (gateway(flow("g", "a", "a ="), flow("g", "b", "True")), {"expression-syntax"}),
    (gateway(flow("g", "a", "${a == 1}"), flow("g", "b", "True")), {"expression-language"}),
    (gateway(flow("g", "a", "= a = 1"), flow("g", "b", "True")), {"expression-language"}),
    (gateway(flow("g", "a", "a = 1"), flow("g", "b", "True")), {"expression-syntax"}),
    (
        diagram(start_end(), tasks("a"), flow("start", "a"), flow("a", "end", "True")),
        {"condition-on-only-flow"},
    ),
    # activities
    (on_the_way("serviceTask"), set()),
    (on_the_way("sendTask"), set()),
    (on_the_way("receiveTask"), set()),
    (on_the_way("receiveTask", instantiate="true"), set()),
    (
        with_(element("receiveTask", "r", instantiate="true"), flows("start", "r", "end"), flow("a", "r")),
        {"flow-into-start"},
    ),
    (on_the_way("adHocSubProcess"), {"unsupported-ad-hoc"}),
    (with_(element("subProcess", "s", INSIDE, triggeredByEvent="true")), {"event-subprocess-start"}),
    (on_the_way("subProcess", HANDLER, triggeredByEvent="true"), {"event-subprocess-in-flow"}),
    (with_(element("subProcess", "s", HANDLER, triggeredByEvent="true")), set()),
    (on_the_way("subProcess", HANDLER), {"unsupported-event"}),
    (with_(element("task", "undo", isForCompensation="true")), {"compensation-unused"}),
    (on_the_way("task", isForCompensation="true"), {"compensation-in-flow", "compensation-unused"}),
    (beside_a("<bpmn:compensateEventDefinition/>"), {"compensation-in-flow", "compensation-without-handler"}),
    (on_the_way("userTask", startQuantity="2"), {"token-quantity"}),
    (on_the_way("userTask", completionQuantity="0"), {"token-quantity"}),
    (on_the_way("scriptTask"), {"empty-script"}),
    (on_the_way("scriptTask", "<bpmn:script>x = = 1</bpmn:script>"), {"script-syntax"}),
    (
        on_the_way("scriptTask", "<bpmn:script>x = 1</bpmn:script>", scriptFormat="groovy"),
        {"expression-language"},
    ),
    (on_the_way("scriptTask", "<bpmn:script>x = 1</bpmn:script>", scriptFormat="Python"), set()),
    (on_the_way("choreographyTask"), {"unknown-element", "flow-crosses", "unreachable"}),
    (on_the_way("userTask", looped()), {"loop-without-end"}),
    (on_the_way("userTask", looped(loopMaximum="-1")), {"loop-maximum"}),
    (on_the_way("userTask", looped(loopMaximum="1e9")), {"loop-maximum"}),
    (on_the_way("userTask", several("")), {"multi-instance"}),
    (
        on_the_way("userTask", several("<bpmn:loopCardinality>-1</bpmn:loopCardinality>")),
        {"multi-instance-count"},
    ),
    (
        on_the_way("userTask", several("<bpmn:loopCardinality>1000000</bpmn:loopCardinality>")),
        {"multi-instance-count"},
    ),
    (
        on_the_way("userTask", several("<bpmn:loopCardinality>n +</bpmn:loopCardinality>")),
        {"expression-syntax"},
    ),
    (
        on_the_way("userTask", several("<bpmn:loopCardinality>3</bpmn:loopCardinality>", behavior="None")),
        set(),
    ),
    (
        on_the_way("userTask", several("<bpmn:loopCardinality>3</bpmn:loopCardinality>", behavior="Some")),
        {"multi-instance-behavior"},
    ),
    (
        on_the_way(
            "userTask",
            several(
                "<bpmn:loopCardinality>3</bpmn:loopCardinality>", behavior="One", oneBehaviorEventRef="no"
            ),
        ),
        {"dangling-event"},
    ),
    (
        on_the_way(
            "userTask",
            several(
                "<bpmn:loopCardinality>3</bpmn:loopCardinality><bpmn:complexBehaviorDefinition>"
                "<bpmn:condition>x ==</bpmn:condition><bpmn:event><bpmn:cancelEventDefinition/></bpmn:event>"
                "</bpmn:complexBehaviorDefinition>",
                behavior="Complex",
            ),
        ),
        {"unsupported-multi-instance", "expression-syntax"},
    ),
    (
        on_the_way("userTask", element("dataOutputAssociation", "d", "<bpmn:transformation/>")),
        set(),  # it says nothing
    ),
    (on_the_way("userTask", element("dataOutputAssociation", "d", refers("gone"))), {"dangling-data"}),
    (on_the_way("userTask", element("dataInputAssociation", "d", refers("gone"))), {"dangling-data"}),
    (
        on_the_way("userTask", sets("<bpmn:dataInputRefs>gone</bpmn:dataInputRefs>")),
        {"dangling-data"},
    ),
    (with_(element("dataStoreReference", "d", dataStoreRef="gone")), {"dangling-data-object"}),
    (
        diagram(
            start_end(),
            element("subProcess", "s", INSIDE + element("dataObject", "inner")),
            element("userTask", "x", element("dataOutputAssociation", "d", COMPUTED + refers("inner"))),
            flows("start", "s", "x", "end"),
        ),
        {"data-out-of-reach"},
    ),
    (
        diagram(
            start_end(),
            element("subProcess", "s", INSIDE + element("dataObject", "inner")),
            element("userTask", "x", element("dataOutputAssociation", "d", refers("inner"))),
            flows("start", "s", "x", "end"),
        ),
        set(),  # drawn, and moves nothing
    ),
    (
        on_the_way("userTask", element("dataOutputAssociation", "d", two_sources())),
        {"several-sources", "dangling-data"},
    ),
    (
        on_the_way("scriptTask", "<bpmn:script>1</bpmn:script>" + assigning("1", "a b")),
        {"unsupported-data-mapping"},
    ),
    (
        on_the_way("scriptTask", "<bpmn:script>1</bpmn:script>" + assigning("1 +", "a")),
        {"expression-syntax"},
    ),
    (
        on_the_way("scriptTask", "<bpmn:script>1</bpmn:script>" + assigning("${x}", "a")),
        {"expression-language"},
    ),
    (
        on_the_way("subProcess", INSIDE + element("dataInputAssociation", "d", "<bpmn:assignment/>")),
        {"unsupported-data-mapping"},
    ),
    # events
    (
        diagram(
            element("startEvent", "start", timer("timeDate", "2026-01-01")),
            element("endEvent", "end"),
            flow("start", "end"),
        ),
        set(),
    ),
    (on_the_way("intermediateCatchEvent"), {"event-without-definition"}),
    (on_the_way("intermediateCatchEvent", "<bpmn:linkEventDefinition/>"), {"link"}),
    (on_the_way("intermediateCatchEvent", "<bpmn:messageEventDefinition/>"), set()),
    (on_the_way("intermediateCatchEvent", "<bpmn:errorEventDefinition/>"), {"unsupported-event"}),
    (on_the_way("intermediateCatchEvent", "<bpmn:conditionalEventDefinition/>"), {"event-without-condition"}),
    (on_the_way("intermediateThrowEvent", "<bpmn:compensateEventDefinition/>"), set()),
    (on_the_way("intermediateThrowEvent", timer("timeDuration", "PT1H")), {"unsupported-event"}),
    (on_the_way("intermediateThrowEvent"), set()),
    (
        on_the_way("intermediateCatchEvent", BOTH).replace(
            b"<bpmn:process", BELL.encode() + b"<bpmn:process"
        ),
        set(),
    ),
    (
        on_the_way("intermediateCatchEvent", timer("timeDuration", "PT1H") + timer("timeDuration", "PT2H")),
        {"several-timers"},
    ),
    (
        diagram(
            element("startEvent", "start"),
            element("endEvent", "end", SIGNAL),
            flow("start", "end"),
            beside=BELL,
        ),
        set(),
    ),
    (
        diagram(
            element("startEvent", "start"),
            element("endEvent", "end", "<bpmn:errorEventDefinition/>"),
            flow("start", "end"),
        ),
        {"thrown-without-name"},
    ),
    (
        diagram(
            element("startEvent", "start"),
            element("endEvent", "end", "<bpmn:cancelEventDefinition/>"),
            flow("start", "end"),
        ),
        {"cancel-outside-transaction"},
    ),
    (on_the_way("intermediateThrowEvent", "<bpmn:signalEventDefinition/>"), {"signal-without-name"}),
    (beside_a("<bpmn:errorEventDefinition/>", cancelActivity="false"), {"error-must-interrupt"}),
    (beside_a(timer("timeDuration", "PT1H")), set()),
    (beside_a(timer("timeDuration", "'PT' + x")), set()),
    (beside_a(timer("timeDuration", "P99999999999Y")), {"timer-time"}),
    (beside_a(timer("timeDuration", "'P5000Y'")), {"timer-time"}),
    (beside_a(timer("timeDate", "2026-13-01")), {"timer-time"}),
    (beside_a(timer("timeDuration", "PT1H +")), {"timer-time"}),
    (beside_a(timer("timeDuration", "1 +")), {"expression-syntax"}),
    (beside_a(timer("timeDuration", "-PT1H")), {"timer-time"}),
    (beside_a(timer("timeDuration", "PT0S")), set()),
    (beside_a(timer("timeDuration", "P")), {"timer-time"}),
    (beside_a(timer("timeDuration", "P-1D")), {"timer-time"}),
    (beside_a(timer("timeDuration", "60")), {"timer-time"}),
    (beside_a(timer("timeDuration", "'soon'")), {"timer-time"}),
    (beside_a(timer("timeDuration", "garbage")), {"timer-time"}),
    (beside_a(timer("timeDuration", "a")), set()),
    (beside_a(timer("timeDuration", "${pause}")), {"expression-language"}),
    (beside_a(timer("timeCycle", "R"), cancelActivity="false"), {"timer-time"}),
    (beside_a(timer("timeCycle", "R-1/PT1H"), cancelActivity="false"), {"timer-time"}),
    (beside_a(timer("timeCycle", "R3/PT1H")), set()),
    (beside_a(timer("timeCycle", "R3/PT1H"), cancelActivity="false"), set()),
    (beside_a(timer("timeCycle", "R/PT0S"), cancelActivity="false"), {"timer-time"}),
    (beside_a("<bpmn:timerEventDefinition/>"), {"timer-without-time"}),
    # the SOP's own words
    (worded('<sop:Task formkey="x"/>'), {"sop-unknown"}),
    (worded('<sop:Lane role="x"/>'), {"sop-unknown"}),
    (worded("<sop:Task><sop:inputs/></sop:Task>"), {"sop-unknown"}),
    (worded('<sop:Task standardTime="2 jam"/>'), {"sop-value"}),
    (worded('<sop:Task clock="noon"/>'), {"sop-value"}),
    (worded('<sop:Task clock="date"/>'), {"sop-clock"}),
    (worded('<sop:Task number="0"/>'), {"sop-value"}),
    (worded('<sop:Task><sop:output name=""/></sop:Task>'), {"sop-value"}),
    (worded('<sop:Task><sop:output name="x" source="fax"/></sop:Task>'), {"sop-value"}),
    (worded('<sop:Task><sop:output name="x" accept=".doc"/></sop:Task>'), {"sop-value"}),
    (worded('<sop:Task><sop:output name="x" accept="pdf"/></sop:Task>'), {"sop-value"}),
    (
        diagram(
            extended('<sop:Document title="T" caseNumber="{urut}" caseTitle="T" createdOn="1 Mei"/>'),
            *STRAIGHT,
        ),
        {"sop-value"},
    ),
    (
        diagram(extended('<sop:Document title="T" caseNumber="IK/{tahun}" caseTitle="T"/>'), *STRAIGHT),
        {"sop-value"},
    ),
    *(
        (
            diagram(
                extended(f'<sop:Document title="T" caseNumber="{{urut}}" caseTitle="T" {wrong}/>'), *STRAIGHT
            ),
            {"sop-value"},
        )
        for wrong in ('purpose="all"', 'monitoringMonths="-1"', 'evaluationMonths="121"')
    ),
]


@pytest.mark.parametrize(
    ("content", "expected"),
    CASES,
    ids=lambda value: "-".join(sorted(value)) if isinstance(value, set) else "",
)
def test_what_would_be_wrong_is_refused_by_name(content: bytes, expected: set[str], sandbox: Sandbox) -> None:
    assert codes(content, sandbox) == expected


def test_everything_is_told_at_once_in_the_order_of_the_file(sandbox: Sandbox) -> None:
    content = diagram(
        start_end(),
        script("first", "x = = 1"),
        element("adHocSubProcess", "second", name="Second"),
        element("userTask", "third", startQuantity="2"),
        logs("fourth"),
        flows("start", "first", "second", "third", "end"),
    )
    findings = lint_bytes(content, sandbox).problems
    assert [(finding.code, finding.element) for finding in findings] == [
        ("script-syntax", "first"),
        ("unsupported-ad-hoc", "second"),
        ("token-quantity", "third"),
        ("dead-end", "fourth"),
        ("orphan", "fourth"),
    ]
    assert findings[1].name == "Second"
    assert all(str(finding.sentence) for finding in findings)


def test_a_file_on_disk_is_read_no_further_than_allowed(tmp_path: Path, sandbox: Sandbox) -> None:
    path = tmp_path / "large.bpmn"
    path.write_bytes(diagram(*STRAIGHT) + b" " * 5_000_000)
    assert [finding.code for finding in lint_file(path, sandbox).problems] == ["too-large"]
    path.write_bytes(b"")
    assert [finding.code for finding in lint_file(path).problems] == ["empty"]


def test_another_pool_that_is_not_executable_may_stand_beside(sandbox: Sandbox) -> None:
    leads = element("association", "as", sourceRef="s", targetRef="gone")
    stranger = element("process", "q", element("serviceTask", "s") + leads, isExecutable="false")
    assert codes(with_(beside=stranger), sandbox) == set()


def test_expressions_in_another_language_are_not_guessed(sandbox: Sandbox) -> None:
    asked = '<bpmn:conditionExpression language="groovy">true</bpmn:conditionExpression>'
    way = element("sequenceFlow", "f", asked, sourceRef="g", targetRef="a")
    assert codes(gateway(way, flow("g", "b"), default="g_b"), sandbox) == {"expression-language"}


def test_more_expressions_than_anybody_reads_are_refused(sandbox: Sandbox) -> None:
    ways = [flow("g", "a", "True", id_=f"way_{n}") for n in range(1001)]
    assert codes(gateway(*ways, flow("g", "b"), default="g_b"), sandbox) == {"too-many-expressions"}


def test_findings_never_repeat_themselves(sandbox: Sandbox) -> None:
    content = with_(*[flow("a", "gone", id_="same")] * 3)
    found: tuple[Finding, ...] = lint_bytes(content, sandbox).problems
    assert len(found) == len({(one.code, one.element, str(one.sentence)) for one in found})


@pytest.mark.parametrize(
    ("named", "expected"), [("nobody_sets_it", {"unknown-list"}), ("set_by_script", set()), ("object", set())]
)
def test_a_list_to_go_through_must_be_set_by_somebody(
    named: str, expected: set[str], sandbox: Sandbox
) -> None:
    loop = several(f"<bpmn:loopDataInputRef>{named}</bpmn:loopDataInputRef>")
    content = diagram(
        start_end(),
        element("dataObject", "object"),
        script("first", "set_by_script = [1]"),
        element("scriptTask", "x", "<bpmn:script>y = 1</bpmn:script>" + loop),
        flows("start", "first", "x", "end"),
    )
    assert codes(content, sandbox, forms={}, role_keys=set()) & {"unknown-list"} == expected
