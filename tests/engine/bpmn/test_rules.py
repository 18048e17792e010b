"""Business rule tasks: which decision they take, where its result goes, and what is on record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from engine.bpmn.guard import read_tree
from engine.bpmn.lint import lint, lint_file
from engine.bpmn.parse import read_spec
from engine.bpmn.trace import TraceStatus, trace
from engine.bpmn.trail import Happening
from engine.bpmn.workflow import Runner
from engine.dmn.files import ReadDecisions
from engine.errors import ProcessFailed
from engine.expressions.sandbox import Sandbox
from tests.engine.bpmn.drawn import Case, diagram, element, flow, flows, start_end, tasks
from tests.engine.dmn import drawn as dmn

SPACES = (
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" isExecutable="true"'
)
FEE = dmn.decision(
    dmn.table(("<= 50", "10"), ("> 50", "100"), inputs=("ask.area",), outputs=("fee",)), "fee", name="Fee"
)
DECISIONS = dmn.read(FEE)


def named(how: str = '<sop:Decision decision="fee"/>', attributes: str = "") -> str:
    inside = f"<bpmn:extensionElements>{how}</bpmn:extensionElements>" if how else ""
    return (
        f'<bpmn:businessRuleTask id="rule" name="Set the fee" {attributes}>{inside}</bpmn:businessRuleTask>'
    )


def process(task: str, *more: str, way: str = "rule") -> bytes:
    drawn = start_end() + tasks("ask") + element("exclusiveGateway", "gate") + tasks("head", "office")
    return diagram(
        drawn,
        task,
        *more,
        flows("start", "ask", "rule", "gate"),
        flow("gate", "head", f"{way} > 50"),
        flow("gate", "office", f"{way} <= 50"),
        flows("head", "end"),
        flows("office", "end"),
        attributes=SPACES,
    )


def case_of(content: bytes, sandbox: Sandbox, decisions: ReadDecisions = DECISIONS) -> Case:
    tree = read_tree(content)
    assert lint(tree, sandbox=sandbox, decisions=decisions).problems == ()
    text = read_spec(tree, "p", decisions)
    return Case(Runner(sandbox, lambda _version: text), uuid4(), cached=False)


@pytest.mark.parametrize(
    ("how", "attributes", "result"),
    [
        ('<sop:Decision decision="fee"/>', "", "rule"),
        ('<sop:Decision decision="fee" result="price"/>', "", "price"),
        ("", 'camunda:decisionRef="fee"', "rule"),
        ("", 'camunda:decisionRef="fee" camunda:resultVariable="price"', "price"),
        ('<zeebe:calledDecision decisionId="fee" resultVariable="price"/>', "", "price"),
        ("<spiffworkflow:calledDecisionId>fee</spiffworkflow:calledDecisionId>", "", "rule"),
    ],
)
@pytest.mark.proves("tasks", "business rule, by DMN 1.1 to 1.5")
def test_the_decision_is_named_in_our_way_or_that_of_others(
    how: str, attributes: str, result: str, sandbox: Sandbox
) -> None:
    content = process(named(how, attributes), way=result)
    assert lint(read_tree(content), sandbox=sandbox, decisions=DECISIONS).notes == ()
    case = case_of(content, sandbox).start()
    case.complete("ask", {"area": 80})
    assert case.variables[result] == 100
    assert case.open_elements == ["head"]


@pytest.mark.proves("tasks", "business rule, by DMN 1.1 to 1.5")
def test_which_rules_decided_is_on_record(sandbox: Sandbox) -> None:
    base = dmn.decision("<literalExpression><text>ask.area</text></literalExpression>", "area", name="Area")
    table = dmn.table(("> 5", "1"), ("> 7", "2"), inputs=("area",), about='hitPolicy="COLLECT"')
    case = case_of(
        process(named('<sop:Decision decision="points"/>'), way="rule[0]"),
        sandbox,
        dmn.read(base, dmn.decision(table, "points", "area")),
    ).start()
    case.complete("ask", {"area": 9})
    decided = [item.value for item in case.history if item.what is Happening.DECIDED]
    assert decided == [
        {"result": [1, 2], "decided": [["area", "Area", None], ["points", "POINTS", [1, 2]]]},
    ]


def test_a_script_cannot_write_that_a_decision_was_taken(
    new_case: Callable[[bytes], Case],
) -> None:
    forged = element("scriptTask", "forge", '<bpmn:script>decided = [["fee", "Fee", [1]]]</bpmn:script>')
    case = new_case(diagram(start_end(), forged, flows("start", "forge", "end"))).start()
    assert case.seen(Happening.DECIDED) == []


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (dmn.table(("> 1", "1"), ("> 2", "2"), inputs=("ask.area",)),
         "the rules 1, 2 apply at once, where only one may (hit policy UNIQUE)"),
        (dmn.table(("> 1", "1"), ("> 2", "2"), inputs=("ask.area",), about='hitPolicy="ANY"'),
         "the rules 1, 2 apply at once with different results (hit policy ANY)"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_fails_by_name_and_leaves_the_task_open(
    table: str, reason: str, sandbox: Sandbox
) -> None:
    case = case_of(process(named()), sandbox, dmn.read(dmn.decision(table, "fee", name="Fee"))).start()
    with pytest.raises(ProcessFailed) as failed:
        case.complete("ask", {"area": 9})
    assert (failed.value.element, failed.value.name) == ("rule", "Set the fee")
    assert str(failed.value) == f"Nothing was decided at Set the fee: the decision Fee: {reason}"
    assert failed.value.failure is not None
    assert failed.value.failure.seen == {"ask": {"area": 9}}
    assert case.open_elements == ["ask"]


def test_each_instance_of_several_decides_for_itself(sandbox: Sandbox) -> None:
    several = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="false">'
        "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    table = dmn.table(("<= 2", '"few"'), ("> 2", '"many"'), inputs=("loopCounter",))
    for how, name in (('decision="d"', "rule"), ('decision="d" result="words"', "words")):
        task = named(f"<sop:Decision {how}/>").replace("</bpmn:business", f"{several}</bpmn:business")
        content = diagram(start_end(), tasks("last"), task, flows("start", "rule", "last", "end"))
        case = case_of(content, sandbox, dmn.read(dmn.decision(table))).start()
        assert case.variables[name] == ["few", "few", "many"]


def test_without_a_decision_it_is_passed_and_noted(sandbox: Sandbox) -> None:
    content = diagram(start_end(), named(""), flows("start", "rule", "end"))
    linted = lint(read_tree(content), sandbox=sandbox)
    assert linted.problems == ()
    assert [str(note.sentence) for note in linted.notes] == ["Set the fee names no decision: it is passed"]
    assert trace(content, sandbox=sandbox).status is TraceStatus.COMPLETED
    deployed = lint(read_tree(content), sandbox=sandbox, forms={}, role_keys=frozenset())
    assert "rule-without-decision" in {one.code for one in deployed.problems}


@pytest.mark.parametrize(
    ("decisions", "codes"),
    [
        (dmn.read(), ["no-decision", "unknown-decision"]),
        (dmn.read(FEE.replace('id="fee"', 'id="tariff"')), ["unknown-decision"]),
        (dmn.read(FEE.replace("ask.area", "ask.")), ["decision-cell"]),
        (dmn.read(FEE, dmn.decision("<context/>", "other")), []),
    ],
    ids=["no file", "other name", "broken", "another one is broken"],
)
def test_the_decision_must_be_there_and_sound(
    decisions: ReadDecisions, codes: list[str], sandbox: Sandbox
) -> None:
    linted = lint(read_tree(process(named())), sandbox=sandbox, decisions=decisions)
    assert sorted(one.code for one in linted.problems) == codes


def test_a_missing_decision_is_named(sandbox: Sandbox) -> None:
    other = dmn.read(FEE.replace('id="fee"', 'id="tariff"'))
    (found,) = lint(read_tree(process(named())), sandbox=sandbox, decisions=other).problems
    assert found.element == "rule"
    assert str(found.sentence) == (
        "Set the fee names the decision fee, which stands in no .dmn file beside the diagram;"
        " found are: tariff"
    )


@pytest.mark.parametrize("result", ["two words", "class", "case", "a.b"])
def test_a_result_must_be_a_name(result: str, sandbox: Sandbox) -> None:
    content = process(named(f'<sop:Decision decision="fee" result="{result}"/>'))
    linted = lint(read_tree(content), sandbox=sandbox, decisions=DECISIONS)
    assert "result-not-a-name" in {one.code for one in linted.problems}


def test_files_in_the_folder_of_a_diagram_are_taken(tmp_path: Path, sandbox: Sandbox) -> None:
    path = tmp_path / "process.bpmn"
    path.write_bytes(process(named()))
    assert [one.code for one in lint_file(path, sandbox).problems] == ["unknown-decision"]
    (tmp_path / "fee.dmn").write_bytes(dmn.file(FEE))
    assert lint_file(path, sandbox).problems == ()
    (tmp_path / "broken.dmn").write_bytes(b"<html/>")
    assert lint_file(path, sandbox).problems == ()
    path.write_text(process(named()).decode(), encoding="utf-16")
    assert lint_file(path, sandbox).problems == ()


def test_a_file_of_decisions_is_linted_with_those_beside_it(tmp_path: Path, sandbox: Sandbox) -> None:
    path = tmp_path / "a.dmn"
    path.write_bytes(dmn.file(dmn.decision(dmn.table(("fee > 1", "2")), "a", "fee"), dmn.decision("", "b")))
    codes = [one.code for one in lint_file(path, sandbox).problems]
    assert codes == ["decision-empty", "decision-missing"]
    (tmp_path / "fee.dmn").write_bytes(dmn.file(FEE, dmn.decision("", "c")))
    assert [one.element for one in lint_file(path, sandbox).problems] == ["b"]


def test_what_is_read_for_running_holds_the_decision(sandbox: Sandbox) -> None:
    tree = read_tree(process(named()))
    assert lint(tree, sandbox=sandbox, decisions=DECISIONS).problems == ()
    text = read_spec(tree, "p", dmn.read(FEE, dmn.decision("<literalExpression/>", "unused")))
    assert '"unused"' not in text
    assert text.count('"expression":"ask.area"') == 1
