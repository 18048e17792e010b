"""The rewriting of other people's scripts and conditions."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.names import bpmn
from tests.conformance.adapter import adapted
from tests.engine.bpmn.drawn import diagram, element, flow, start_end


def test_tokens_become_lines_of_a_log_and_java_becomes_python() -> None:
    content = diagram(
        start_end(),
        element(
            "scriptTask", "one", "<bpmn:script>CREATE_LOG_FILE, SCRIPT_task1</bpmn:script>", scriptFormat="x"
        ),
        element("scriptTask", "two", "<bpmn:script>INCREMENT_INTEGER_VARIABLE_AND_LOG</bpmn:script>"),
        element("scriptTask", "three", "<bpmn:script>CREATE_TIMESTAMP_LOG_1</bpmn:script>"),
        flow("one", "two", '${test.contains("a") && !test.contains("b")}'),
    )
    rewritten, at_once = adapted(content)
    root = etree.fromstring(rewritten)
    scripts = [script.text for script in root.iter(bpmn("script"))]
    assert scripts[0] == "pass\nlog = log + ['SCRIPT_task1']"
    assert scripts[1] == 'integerVariable = integerVariable + 1\nlog = log + ["INCREMENT_correct"]'
    assert at_once == ("three",)
    condition = next(root.iter(bpmn("conditionExpression")))
    assert condition.text == '("a" in (test or ""))  and   not ("b" in (test or ""))'


def test_every_kind_of_expression_is_rewritten() -> None:
    several = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>${integerVariable}</bpmn:loopCardinality>"
        '<bpmn:completionCondition language="java">${test.equals("a") == true}</bpmn:completionCondition>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    rewritten, _ = adapted(diagram(start_end(), element("task", "one", several)))
    root = etree.fromstring(rewritten)
    (count,), (done,) = (list(root.iter(bpmn(name))) for name in ("loopCardinality", "completionCondition"))
    assert (count.text, done.text, dict(done.attrib)) == ("integerVariable", '(test == "a") == True', {})
