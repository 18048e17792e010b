"""Conditions, scripts and computed times must compile, and use names that exist."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine.bpmn.drawing import Drawing, what
from engine.bpmn.lint_events import literal_time
from engine.bpmn.names import PEOPLE_TASKS, bpmn, child_text, children, local_name, text_of
from engine.errors import Sentence, say
from engine.expressions.sandbox import Sandbox, words_of
from engine.forms.definition import FormDefinition

_PYTHON = frozenset(
    {
        "",
        "python",
        "text/python",
        "text/x-python",
        "application/x-python",
        "application/python",
        "python3",
        "monty",
    }
)
MOST_EXPRESSIONS = 1000  # of one file; a third of a millisecond each
_ALWAYS_KNOWN = frozenset({"case", "loopCounter", "nrOfInstances", "nrOfCompletedInstances"})
_IN_ACTIVITY = ("loopCondition", "loopCardinality", "completionCondition")


def check_expressions(drawing: Drawing, sandbox: Sandbox, forms: Mapping[str, FormDefinition] | None) -> None:
    """Find expressions that do not compile; with forms also names that nothing can have set."""
    check = _Check(drawing, sandbox, None if forms is None else _known_names(drawing, forms))
    for node in drawing.nodes():
        check.node(node)
    for scope in drawing.scopes:
        for flow in scope.flows:
            source = scope.nodes.get(flow.get("sourceRef", ""))
            # A parallel gateway asks no conditions (BPMN 2.0, 13.4.1).
            if source is None or local_name(source) != "parallelGateway":
                for element in children(flow, "conditionExpression"):
                    check.expression(flow, element)
    check.names()


class _Check:
    def __init__(self, drawing: Drawing, sandbox: Sandbox, known: frozenset[str] | None) -> None:
        self.drawing = drawing
        self.sandbox = sandbox
        self.known = known
        self.compiled: list[tuple[etree._Element, str]] = []
        self.asked = 0

    def node(self, node: etree._Element) -> None:
        for holder in children(node, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"):
            for element in children(holder, *_IN_ACTIVITY):
                self.expression(node, element)
        for definition in children(node, "timerEventDefinition"):
            for element in children(definition, "timeDate", "timeDuration", "timeCycle"):
                text = text_of(element)
                if text and literal_time(text) is None:
                    self.expression(node, element)
        if local_name(node) == "scriptTask":
            self.script(node)

    def expression(self, owner: etree._Element, element: etree._Element) -> None:
        source = text_of(element)
        language = (element.get("language") or "").strip().lower()
        if language not in _PYTHON:
            self.drawing.find(
                "expression-language",
                owner,
                say(
                    "The expression at %(name)s is in %(language)s; only Python's syntax is run",
                    name=what(owner),
                    language=language[:60],
                ),
            )
            return
        self.asked += 1
        if self.asked > MOST_EXPRESSIONS:
            self.drawing.find(
                "too-many-expressions",
                self.drawing.root,
                say("The file has more than %(most)s expressions", most=MOST_EXPRESSIONS),
            )
            return
        reason = self.sandbox.check(source)
        if reason is None:
            self.compiled.append((owner, source))
        else:
            self._cannot_run(owner, reason)

    def names(self) -> None:
        if self.known is not None and self.compiled:
            unknown = self.sandbox.unknown_names([source for _, source in self.compiled], self.known)
            for place, reason in unknown.items():
                self._cannot_run(self.compiled[place][0], reason)

    def _cannot_run(self, owner: etree._Element, reason: Sentence) -> None:
        self.drawing.find(
            "expression-syntax",
            owner,
            say("The expression at %(name)s cannot be run: %(reason)s", name=what(owner), reason=reason),
        )

    def script(self, node: etree._Element) -> None:
        language = (node.get("scriptFormat") or "").strip().lower()
        source = child_text(node, "script")
        if not source:
            self.drawing.find(
                "empty-script", node, say("The script task %(name)s has no script", name=what(node))
            )
        elif language not in _PYTHON:
            self.drawing.find(
                "expression-language",
                node,
                say(
                    "The expression at %(name)s is in %(language)s; only Python's syntax is run",
                    name=what(node),
                    language=language[:60],
                ),
            )
        else:
            reason = self.sandbox.check(source, script=True)
            if reason is not None:
                self.drawing.find(
                    "script-syntax",
                    node,
                    say("The script of %(name)s cannot be run: %(reason)s", name=what(node), reason=reason),
                )


def _known_names(drawing: Drawing, forms: Mapping[str, FormDefinition]) -> frozenset[str]:
    """Give every name that a step, a form, a script or a data object can have set."""
    names = set(_ALWAYS_KNOWN)
    for form in forms.values():
        names.update(form.shared)
    for node in drawing.nodes():
        if local_name(node) in PEOPLE_TASKS:
            names.add(node.get("id", ""))
        if local_name(node) == "scriptTask":
            names |= words_of(child_text(node, "script"))
    for element in drawing.root.iter(bpmn("inputDataItem"), bpmn("outputDataItem"), bpmn("dataObject")):
        names |= {element.get("id", ""), element.get("name", "")}
    for element in drawing.root.iter(bpmn("loopDataOutputRef")):
        names.add((element.text or "").strip())
    return frozenset(name for name in names if name.isidentifier())
