"""Where each step leads, found at deployment by walking the flows.

Behind a step with a decision field the exclusive gateways are asked for each of its options; a
condition that needs more than this answer is not decided, and all its ways are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.drawing import calls_in, target_of_call
from engine.bpmn.names import PEOPLE_TASKS, bpmn, child_text, children, local_name
from engine.bpmn.normalise_events import beginnings, begins_implicitly, caught_links, link_name, throws_link
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
    """Give what each beginning of a process leads to first, by its element."""
    walk = _Walk(tree, sandbox)
    return {id_: walk.reached(id_) for id_ in (one.get("id", "") for one in beginnings(process))}


@dataclass
class _Reached:
    steps: dict[str, None] = field(default_factory=dict)  # in the order they were found
    ends: bool = False
    left: set[str] = field(default_factory=set)  # subprocesses and calls that were gone out of
    within: str = ""  # a called process, whose end ends the walk


class _Walk:
    def __init__(self, tree: etree._ElementTree, sandbox: Sandbox) -> None:
        root = tree.getroot()
        self.sandbox = sandbox
        self.elements = {element.get("id", ""): element for element in root.iter() if element.get("id")}
        self.outgoing: dict[str, list[etree._Element]] = {}
        for flow in root.iter(bpmn("sequenceFlow")):
            self.outgoing.setdefault(flow.get("sourceRef", ""), []).append(flow)
        self.links = caught_links(root)
        self.calls = {
            process: [one.get("id", "") for one in calls] for process, calls in calls_in(root).items()
        }
        self.called: dict[tuple[str, str], _Reached] = {}  # by process and answer: what it is begun with

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

    def reached(self, element: str) -> tuple[str, ...]:
        """Give the steps that come first at or behind an element."""
        return tuple(self._go_on([element], None, _Reached()).steps)

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
            elif local_name(node) == "callActivity":
                inside = self._called_by(node, answer)
                reached.steps |= inside.steps
                todo += self._ways(target, answer, reached) if inside.ends else []
            else:
                todo += self._inside(node) or self._ways(target, answer, reached)
        return reached

    def _called_by(self, call: etree._Element, answer: _Answer | None) -> _Reached:
        """Give the first steps of a called process; ``ends`` where it can be passed without any."""
        id_ = target_of_call(call)
        key = (id_, repr(answer))
        if key not in self.called:
            self.called[key] = _Reached(within=id_)
            process = self.elements.get(id_)
            begins = [] if process is None else self._inside(process)
            self.called[key] = self._go_on(begins, answer, _Reached(within=id_))
            self.called[key].ends |= process is None
        return self.called[key]

    def _ways(self, source: str, answer: _Answer | None, reached: _Reached) -> list[str]:
        node = self.elements.get(source)
        if node is None:
            return []
        flows = self.outgoing.get(source, [])
        if local_name(node) == "exclusiveGateway":
            flows = self._chosen(node, flows, answer)
        targets = [flow.get("targetRef", "") for flow in flows]
        if throws_link(node):
            goal = self.links.get((node.getparent(), link_name(node)))
            targets += [goal] if goal else []
        if not targets:
            around = self._around(node, reached.within)
            reached.ends |= not around
            new = [one for one in around if one not in reached.left]
            reached.left.update(new)
            return [target for one in new for target in self._ways(one, answer, reached)]
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
        """Give what a subprocess or process begins with; nothing for anything else."""
        if local_name(node) not in ("subProcess", "transaction", "process"):
            return []
        first = [*children(node, "startEvent"), *begins_implicitly(node)]
        return [one.get("id", "") for one in first]

    def _around(self, node: etree._Element, within: str) -> list[str]:
        """Give the subprocess an end stands in, or the calls of its process; none at the walk's own edge."""
        scope = node.getparent()
        if scope is None or scope.get("id") == within:
            return []
        if local_name(scope) in ("subProcess", "transaction"):
            return [scope.get("id", "")]
        return self.calls.get(scope.get("id", ""), [])


def _next(answer: str | None, reached: _Reached) -> NextSteps:
    return NextSteps(answer=answer, elements=tuple(reached.steps), ends=reached.ends)
