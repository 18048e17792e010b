"""The profile *SOP AP* (PermenPAN-RB 35/2012): what its table cannot show, and rows that lack something."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn.lint import lint_bytes
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import diagram, element, flow, flows, script, start_end, timer

OUTPUT = '<sop:output name="Surat"/>'
DAY = "<bpmn:timeDuration>P1D</bpmn:timeDuration>"


def step(
    id_: str, name: str = "Membuat surat", inside: str = OUTPUT, time: str = "PT10M", more: str = ""
) -> str:
    own = f'<sop:Task standardTime="{time}">{inside}</sop:Task>' if time else f"<sop:Task>{inside}</sop:Task>"
    return element(
        "userTask", id_, f"<bpmn:extensionElements>{own}</bpmn:extensionElements>{more}", name=name
    )


def told(*body: str, sandbox: Sandbox, after: str = "") -> list[tuple[str, str]]:
    linted = lint_bytes(diagram(*body, after=after), sandbox)
    assert linted.problems == (), "a profile warns of what runs"
    assert all(str(one.sentence) for one in linted.warnings)
    return [(one.code, one.element) for one in linted.warnings]


def decision(*, answers: int = 2, before: str = "a") -> tuple[str, ...]:
    ways = [f"w{number}" for number in range(answers)]
    return (
        start_end(),
        *(step(one) for one in dict.fromkeys([before, *ways])),
        element("exclusiveGateway", "g", default=f"g_{ways[0]}"),
        flows("start", before, "g"),
        *(flow("g", one, "" if one == ways[0] else "1 == 2") + flow(one, "end") for one in ways),
    )


def test_a_row_that_is_whole_is_not_warned_of(sandbox: Sandbox) -> None:
    assert told(start_end(), step("a"), flows("start", "a", "end"), sandbox=sandbox) == []


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (step("a", time=""), "sop-ap-time"),
        (step("a", inside=""), "sop-ap-output"),
        (step("a", "Rapat pembahasan"), "sop-ap-verb"),
        (step("a", "", more=""), "sop-ap-verb"),
    ],
)
def test_a_step_without_time_output_or_active_verb_is_warned_of(
    drawn: str, code: str, sandbox: Sandbox
) -> None:
    assert told(start_end(), drawn, flows("start", "a", "end"), sandbox=sandbox) == [(code, "a")]


def test_the_full_activity_counts_before_the_short_name(sandbox: Sandbox) -> None:
    said = "<bpmn:documentation>Melaksanakan rapat pembahasan</bpmn:documentation>"
    own = f'<sop:Task standardTime="P1D">{OUTPUT}</sop:Task>'
    drawn = element(
        "userTask", "a", f"{said}<bpmn:extensionElements>{own}</bpmn:extensionElements>", name="Rapat"
    )
    assert told(start_end(), drawn, flows("start", "a", "end"), sandbox=sandbox) == []


def said(drawn: str, sandbox: Sandbox) -> list[str]:
    linted = lint_bytes(diagram(start_end(), drawn, flows("start", "a", "end")), sandbox)
    return [str(one.sentence) for one in linted.warnings]


def test_the_text_that_lacks_a_verb_is_the_one_that_is_named(sandbox: Sandbox) -> None:
    full = "<bpmn:documentation>Penandatanganan dokumen</bpmn:documentation>"
    [sentence] = said(step("a", "Menandatangani dokumen", more=full), sandbox)
    assert sentence.startswith("The full activity of “Menandatangani dokumen” begins with “Penandatanganan”")
    [sentence] = said(step("a", "Rapat pembahasan"), sandbox)
    assert sentence.startswith("The name “Rapat pembahasan” begins with “Rapat”")


def test_a_step_that_nobody_named_is_called_that_and_by_its_neighbour(sandbox: Sandbox) -> None:
    linted = lint_bytes(
        diagram(
            start_end(),
            step("a"),
            step("Activity_0abc1de", "", time=""),
            flows("start", "a", "Activity_0abc1de", "end"),
        ),
        sandbox,
    )
    sentences = [str(one.sentence) for one in linted.warnings]
    assert sentences
    assert all(one.startswith("A step without a name (after “Membuat surat”)") for one in sentences), (
        sentences
    )


def test_the_decision_of_one_step_is_a_diamond(sandbox: Sandbox) -> None:
    assert told(*decision(), sandbox=sandbox) == []


def test_a_decision_with_more_answers_than_two_is_not(sandbox: Sandbox) -> None:
    assert told(*decision(answers=3), sandbox=sandbox) == [("sop-ap-symbol", "g")]


def test_a_decision_that_no_step_makes_is_not(sandbox: Sandbox) -> None:
    first = (start_end(), element("exclusiveGateway", "g", default="g_a"), step("a"), step("b"))
    ways = (flow("g", "a"), flow("g", "b", "1 == 2"), flows("a", "end"), flows("b", "end"))
    assert told(*first, flows("start", "g"), *ways, sandbox=sandbox) == [("sop-ap-symbol", "g")]


@pytest.mark.parametrize("kind", ["parallelGateway", "inclusiveGateway"])
def test_ways_that_run_at_once_have_no_symbol(kind: str, sandbox: Sandbox) -> None:
    drawn = (start_end(), step("a"), step("b"), element(kind, "both"), element(kind, "join"))
    if kind == "inclusiveGateway":
        ways = (flow("both", "a", "1 == 1"), flow("both", "b", "1 == 1"))
    else:
        ways = (flow("both", "a"), flow("both", "b"))
    found = told(
        *drawn, flows("start", "both"), *ways, flows("a", "join", "end"), flows("b", "join"), sandbox=sandbox
    )
    assert found == [("sop-ap-symbol", "both")], "the join only brings arrows together"


def test_arrows_that_leave_a_step_without_a_decision_have_none(sandbox: Sandbox) -> None:
    drawn = (
        start_end(),
        step("a"),
        step("b"),
        step("c"),
        flows("start", "a", "b", "end"),
        flows("a", "c", "end"),
    )
    assert told(*drawn, sandbox=sandbox) == [("sop-ap-symbol", "a")]


@pytest.mark.parametrize(
    "drawn",
    [
        script("x", "y = 1"),
        element(
            "intermediateCatchEvent", "x", f"<bpmn:timerEventDefinition>{DAY}</bpmn:timerEventDefinition>"
        ),
        element("intermediateThrowEvent", "x"),
        element(
            "subProcess",
            "x",
            element("startEvent", "s") + element("endEvent", "e") + step("in") + flows("s", "in", "e"),
        ),
        step("x", more=element("standardLoopCharacteristics", "l", loopMaximum="2")),
    ],
    ids=["script", "timer", "none", "subprocess", "loop"],
)
def test_other_shapes_have_none(drawn: str, sandbox: Sandbox) -> None:
    found = told(start_end(), step("a"), drawn, flows("start", "a", "x", "end"), sandbox=sandbox)
    assert found == [("sop-ap-symbol", "x")]


def test_an_event_at_the_edge_of_a_step_and_a_second_start_have_none(sandbox: Sandbox) -> None:
    edge = element("boundaryEvent", "late", timer("timeDuration", "P1D"), attachedToRef="a")
    found = told(
        start_end(), step("a"), step("b"), edge, element("startEvent", "other"), flows("start", "a", "end"),
        flows("late", "b", "end"), flows("other", "b"), sandbox=sandbox,
    )  # fmt: skip
    assert sorted(found) == [("sop-ap-symbol", "late"), ("sop-ap-symbol", "p")]


def test_link_events_are_the_pentagon(sandbox: Sandbox) -> None:
    link = '<bpmn:linkEventDefinition id="{}" name="next page"/>'
    drawn = (
        start_end(), step("a"), step("b"), element("intermediateThrowEvent", "t", link.format("l1")),
        element("intermediateCatchEvent", "c", link.format("l2")), flows("start", "a", "t"),
        flows("c", "b", "end"),
    )  # fmt: skip
    assert told(*drawn, sandbox=sandbox) == []


def test_an_end_that_throws_has_none(sandbox: Sandbox) -> None:
    thrown = element("endEvent", "bad", '<bpmn:signalEventDefinition signalRef="bell"/>')
    content = diagram(
        element("startEvent", "start"), step("a"), thrown, flows("start", "a", "bad"),
        beside='<bpmn:signal id="bell" name="Bell"/>',
    )  # fmt: skip
    assert [(one.code, one.element) for one in lint_bytes(content, sandbox).warnings] == [
        ("sop-ap-symbol", "bad")
    ]


def test_a_diagram_that_is_no_sop_is_not_measured_by_its_table(sandbox: Sandbox) -> None:
    content = diagram(start_end(), element("userTask", "a"), flows("start", "a", "end"))
    assert lint_bytes(content, sandbox).warnings == ()


def test_the_first_sop_is_warned_of_what_its_readme_lists(sandbox: Sandbox) -> None:
    [path] = Path("processes").glob("penyusunan-*/process.bpmn")
    found = [(one.code, one.element) for one in lint_bytes(path.read_bytes(), sandbox).warnings]
    assert found == [
        ("sop-ap-verb", "rapat_pembahasan"),
        ("sop-ap-verb", "menandatangani"),
        ("sop-ap-time", "mengarsipkan"),
    ]
