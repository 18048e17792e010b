"""Where each step leads, found at deployment by walking the flows.

Behind a step with a decision field the exclusive gateways are asked for each of its options; a
condition that needs more than this answer is not decided, and all its ways are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.names import PEOPLE_TASKS, bpmn, child_text, children, local_name
from engine.bpmn.normalise_events import begins_implicitly, link_name, plain_starts, throws_link
from engine.expressions.sandbox import ExpressionFailed, Sandbox
from engine.forms.definition import Field
from engine.model.definition import NextSteps

_Answer = Mapping[str, Mapping[str, str]]


def next_steps(
    tree: etree._ElementTree,
    elements: Iterable[str],
    decisions: Mapping[str, Field],
    sandbox: Sandbox,
) -> dict[str, tuple[NextSteps, ...]]:
    """Give each step's next ones: one entry per answer, or one with None where it makes no difference."""
    walk = _Walk(tree, sandbox)
    return {element: walk.following(element, decisions.get(element)) for element in elements}


def first_steps(
    tree: etree._ElementTree, process: etree._Element, sandbox: Sandbox
) -> dict[str, tuple[str, ...]]:
    """Give what each beginning of a process leads to first, by its element.

    Beginnings are the start events that wait for nothing; else those that wait; else what no flow leads to.
    """
    walk = _Walk(tree, sandbox)
    begins = plain_starts(process) or [*children(process, "startEvent")] or begins_implicitly(process)
    ids = [node.get("id", "") for node in begins]
    return {id_: tuple(walk.reached([id_]).steps) for id_ in ids}


@dataclass
class _Reached:
    steps: dict[str, None] = field(default_factory=dict)  # in the order they were found
    ends: bool = False


class _Walk:
    def __init__(self, tree: etree._ElementTree, sandbox: Sandbox) -> None:
        root = tree.getroot()
        self.sandbox = sandbox
        self.elements = {element.get("id", ""): element for element in root.iter() if element.get("id")}
        self.outgoing: dict[str, list[etree._Element]] = {}
        for flow in root.iter(bpmn("sequenceFlow")):
            self.outgoing.setdefault(flow.get("sourceRef", ""), []).append(flow)
        self.links = {
            (event.getparent(), link_name(event)): event.get("id", "")
            for event in root.iter(bpmn("intermediateCatchEvent"))
            if event.find(bpmn("linkEventDefinition")) is not None
        }

    def following(self, element: str, decision: Field | None) -> tuple[NextSteps, ...]:
        options = decision.options if decision is not None else ()
        answers = []
        for option in options:
            key = decision.key if decision is not None else ""
            reached = self._from(element, {element: {key: option.value}})
            answers.append(_next(option.value, reached))
        if len({(answer.elements, answer.ends) for answer in answers}) > 1:
            return tuple(answers)
        if answers:
            return (NextSteps(answer=None, elements=answers[0].elements, ends=answers[0].ends),)
        return (_next(None, self._from(element, None)),)

    def _from(self, element: str, answer: _Answer | None) -> _Reached:
        reached = _Reached()
        return self._go_on(self._ways(element, answer, reached), answer, reached)

    def reached(self, elements: list[str]) -> _Reached:
        """Give the steps that come first at or behind these elements."""
        return self._go_on(elements, None, _Reached())

    def _go_on(self, todo: list[str], answer: _Answer | None, reached: _Reached) -> _Reached:
        seen: set[str] = set()
        while todo:
            target = todo.pop(0)
            node = self.elements.get(target)
            if target in seen or node is None:
                continue
            seen.add(target)
            if local_name(node) in PEOPLE_TASKS:
                reached.steps[target] = None
            else:
                todo += self._inside(node) or self._ways(target, answer, reached)
        return reached

    def _ways(self, source: str, answer: _Answer | None, reached: _Reached) -> list[str]:
        node = self.elements[source]
        flows = self.outgoing.get(source, [])
        if local_name(node) == "exclusiveGateway":
            flows = self._chosen(node, flows, answer)
        targets = [flow.get("targetRef", "") for flow in flows]
        if throws_link(node):
            targets += [self.links[node.getparent(), link_name(node)]]
        if not targets:
            around = self._around(node)
            if around:
                return [*self._ways(around, answer, reached)]
            reached.ends = True
        return targets

    def _chosen(
        self, gateway: etree._Element, flows: list[etree._Element], answer: _Answer | None
    ) -> list[etree._Element]:
        """Give the flow the answer leads to; every flow where the answer does not decide."""
        if answer is None:
            return flows
        for flow in flows:
            condition = child_text(flow, "conditionExpression")
            if not condition or flow.get("id") == gateway.get("default"):
                continue
            try:
                value = self.sandbox.evaluate(condition, answer)
            except ExpressionFailed:
                return flows
            if value is True:
                return [flow]
        default = [flow for flow in flows if flow.get("id") == gateway.get("default")]
        return default or (flows if len(flows) == 1 else [])

    def _inside(self, node: etree._Element) -> list[str]:
        """Give what a subprocess or called process begins with; nothing for anything else."""
        scope: etree._Element | None = None
        if local_name(node) in ("subProcess", "transaction"):
            scope = node
        elif local_name(node) == "callActivity":
            scope = self.elements.get(node.get("calledElement") or "")
        if scope is None:
            return []
        first = [*children(scope, "startEvent"), *begins_implicitly(scope)]
        return [node.get("id", "") for node in first]

    def _around(self, node: etree._Element) -> str:
        """Give the subprocess (or call) an end stands in."""
        scope = node.getparent()
        if scope is None:
            return ""
        if local_name(scope) in ("subProcess", "transaction"):
            return scope.get("id", "")
        for element in self.elements.values():
            if local_name(element) == "callActivity" and element.get("calledElement") == scope.get("id"):
                return element.get("id", "")
        return ""


def _next(answer: str | None, reached: _Reached) -> NextSteps:
    return NextSteps(answer=answer, elements=tuple(reached.steps), ends=reached.ends)
