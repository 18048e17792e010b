"""Every place where a process owner's text is evaluated: put a text there, and see what comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html import escape
from typing import Any
from uuid import uuid4

from engine.bpmn.guard import read_tree
from engine.bpmn.lint import main_process, problems_of
from engine.bpmn.parse import read_spec
from engine.bpmn.workflow import Runner
from engine.dmn.deciding import Decisions
from engine.dmn.steps import DecisionFailed
from engine.errors import ProcessFailed, Refused
from engine.expressions.sandbox import Sandbox
from engine.forms.conditions import BadCondition
from engine.forms.definition import read_form
from engine.forms.feel import read_condition
from engine.forms.patterns import BadPattern, read_pattern
from engine.model.numbering import case_number, case_title
from tests.engine.bpmn.drawn import (
    Case,
    diagram,
    element,
    flow,
    flows,
    script,
    service,
    start_end,
    tasks,
    timer,
)
from tests.engine.dmn.drawn import decision, read, table
from tests.engine.forms.sample import component, form_text

REFUSED, FAILED, BOUNDED = "refused", "failed", "bounded"
Outcome = tuple[str, Any]  # what came of it, and the sentence or the values

_GIVEN = script("given", 'n = 3\ncatatan = ["satu"]\nberkas = {"a": 1}')


def _run(sandbox: Sandbox, content: bytes) -> Outcome:
    """Deploy a diagram, start it, and let its first timer come."""
    try:
        tree = read_tree(content)
        problems = problems_of(tree, sandbox=sandbox, given={"case"})
        if problems:
            return REFUSED, str(problems[0].sentence)
        text = read_spec(tree, main_process(tree).get("id") or "")
    except Refused as refused:
        return REFUSED, str(refused.findings[0].sentence)
    case = Case(Runner(sandbox, lambda _version: text), uuid4())
    try:
        case.start(case={"year": 2027})
        for key in list(case.timers)[:1]:
            case.fire(key)
    except ProcessFailed as failed:
        return FAILED, f"{failed.element}: {failed}"
    return BOUNDED, json.loads(json.dumps(case.variables, allow_nan=False))


def _middle(drawn: str, *beside: str, head: str = "") -> bytes:
    """Put one element called ``x`` between what sets the variables and a task."""
    chain = flows("start", "given", "x", "after", "end")
    return diagram(start_end(), _GIVEN, drawn, tasks("after"), chain, *beside, beside=head)


def _condition(sandbox: Sandbox, text: str) -> Outcome:
    gateway = element("exclusiveGateway", "x", default="x_after")
    return _run(sandbox, _middle(gateway, flow("x", "end", text)))


def _script(sandbox: Sandbox, text: str) -> Outcome:
    return _run(sandbox, _middle(script("x", text)))


def _timed(kind: str) -> Callable[[Sandbox, str], Outcome]:
    def place(sandbox: Sandbox, text: str) -> Outcome:
        return _run(sandbox, _middle(element("intermediateCatchEvent", "x", timer(kind, escape(text)))))

    return place


def _cycle(sandbox: Sandbox, text: str) -> Outcome:
    event = element(
        "boundaryEvent", "late", timer("timeCycle", escape(text)), attachedToRef="x", cancelActivity="false"
    )
    return _run(sandbox, _middle(tasks("x"), event, flow("late", "end")))


def _repeated(inside: str, kind: str = "userTask") -> bytes:
    again = f"<bpmn:multiInstanceLoopCharacteristics>{inside}</bpmn:multiInstanceLoopCharacteristics>"
    body = "<bpmn:script>y = 1</bpmn:script>" if kind == "scriptTask" else ""
    return _middle(element(kind, "x", body + again))


def _count(sandbox: Sandbox, text: str) -> Outcome:
    return _run(sandbox, _repeated(f"<bpmn:loopCardinality>{escape(text)}</bpmn:loopCardinality>"))


def _completion(sandbox: Sandbox, text: str) -> Outcome:
    asked = f"<bpmn:completionCondition>{escape(text)}</bpmn:completionCondition>"
    inside = f"<bpmn:loopCardinality>3</bpmn:loopCardinality>{asked}"
    return _run(sandbox, _repeated(inside, "scriptTask"))


def _loop(sandbox: Sandbox, text: str) -> Outcome:
    asked = f"<bpmn:loopCondition>{escape(text)}</bpmn:loopCondition>"
    again = f"<bpmn:standardLoopCharacteristics>{asked}</bpmn:standardLoopCharacteristics>"
    body = "<bpmn:script>y = 1</bpmn:script>"
    return _run(sandbox, _middle(element("scriptTask", "x", body + again)))


def _conditional(sandbox: Sandbox, text: str) -> Outcome:
    asked = f"<bpmn:condition>{escape(text)}</bpmn:condition>"
    inside = f"<bpmn:conditionalEventDefinition>{asked}</bpmn:conditionalEventDefinition>"
    return _run(sandbox, _middle(element("intermediateCatchEvent", "x", inside)))


def _input(sandbox: Sandbox, text: str) -> Outcome:
    return _run(sandbox, _middle(service("x", body=text)))


def _correlation(sandbox: Sandbox, text: str) -> Outcome:
    path = f"<bpmn:messagePath>{escape(text)}</bpmn:messagePath>"
    key = element("correlationKey", "key", "<bpmn:correlationPropertyRef>order</bpmn:correlationPropertyRef>")
    retrieval = element("correlationPropertyRetrievalExpression", "found", path, messageRef="letter")
    head = (
        element("message", "letter", name="letter")
        + element("correlationProperty", "order", retrieval)
        + element("collaboration", "co", key)
    )
    return _run(sandbox, _middle(element("sendTask", "x", messageRef="letter"), head=head))


def _transformation(sandbox: Sandbox, text: str) -> Outcome:
    moved = (
        "<bpmn:dataOutputAssociation><bpmn:targetRef>kept_ref</bpmn:targetRef>"
        f"<bpmn:transformation>{escape(text)}</bpmn:transformation></bpmn:dataOutputAssociation>"
    )
    kept = element("dataObject", "kept") + element("dataObjectReference", "kept_ref", dataObjectRef="kept")
    task = element("scriptTask", "x", moved + "<bpmn:script>y = 1</bpmn:script>")
    return _run(sandbox, _middle(task, kept))


def _decide(drawn: str, variables: Mapping[str, Any]) -> Outcome:
    found = read(decision(drawn))
    if found.findings:
        return REFUSED, str(found.findings[0].sentence)
    try:
        return BOUNDED, json.loads(
            json.dumps(Decisions(found.decisions).decide("d", variables).value, allow_nan=False)
        )
    except DecisionFailed as failed:
        return FAILED, str(failed)


def _cell(_sandbox: Sandbox, text: str) -> Outcome:
    return _decide(table((text, '"yes"')), {"x": 3})


def _result(_sandbox: Sandbox, text: str) -> Outcome:
    return _decide(table(("-", text)), {"x": 3})


def _hide(_sandbox: Sandbox, text: str) -> Outcome:
    try:
        return BOUNDED, read_condition(text).names
    except BadCondition as bad:
        return REFUSED, str(bad)


def _pattern(_sandbox: Sandbox, text: str) -> Outcome:
    try:
        pattern = read_pattern(text)
    except BadPattern as bad:
        return REFUSED, str(bad)
    return BOUNDED, pattern.matches("a" * 999 + "!")


def _form(_sandbox: Sandbox, text: str) -> Outcome:
    """Read a form whose one field has the text as its key, its label and its default."""
    try:
        read_form("contoh", form_text([component("textfield", text, defaultValue=text)]))
    except Refused as refused:
        return REFUSED, str(refused.findings[0].sentence)
    return BOUNDED, text


def _template(_sandbox: Sandbox, text: str) -> Outcome:
    number = case_number(text, "izin", number=7, year=2027)
    return BOUNDED, [number, case_title(text, "Izin", subject_year=2027)]


PLACES: dict[str, Callable[[Sandbox, str], Outcome]] = {
    "condition": _condition,
    "script": _script,
    "duration": _timed("timeDuration"),
    "date": _timed("timeDate"),
    "cycle": _cycle,
    "count": _count,
    "completion": _completion,
    "loop": _loop,
    "conditional": _conditional,
    "input": _input,
    "correlation": _correlation,
    "transformation": _transformation,
    "cell": _cell,
    "result": _result,
    "hide": _hide,
    "pattern": _pattern,
    "form": _form,
    "template": _template,
}
