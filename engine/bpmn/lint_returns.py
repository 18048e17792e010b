"""Whether a case can be sent back where ``sop:returnTo`` says it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from engine.bpmn.drawing import Drawing, Scope, calls_in, what
from engine.bpmn.flow import SPLIT
from engine.bpmn.going_back import GoingBack, Graph, Hindrance
from engine.bpmn.names import PEOPLE_TASKS, SUBPROCESSES, children, local_name
from engine.bpmn.normalise_events import link_name, throws_link
from engine.bpmn.sop import extension
from engine.errors import Sentence, say

MOST_STEPS = 10  # that one step names
_MOST_WORK = 20_000_000  # elements looked at, at worst, for all returns of a file
_JOINS = ("parallelGateway", "inclusiveGateway")
_LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
_HINDRANCES = {
    Hindrance.NOT_BEFORE: say("%(name)s cannot be sent back to %(step)s: no flow leads from there to here"),
    Hindrance.OTHER_BRANCH: say(
        "%(name)s cannot be sent back to %(step)s: it stands in a branch that a gateway joins with others"
        " between the two, and those would not come again"
    ),
}
_MISSING = say("%(name)s names %(step)s to go back to, which does not exist")
_NO_STEP = say("%(name)s cannot be sent back to %(step)s: it is no step that somebody does")
_ELSEWHERE = say("%(name)s cannot be sent back to %(step)s: it stands in another process or subprocess")
_REPEATED = say(
    "%(name)s cannot be sent back to %(step)s: what is repeated, or inside of what is repeated, has no"
    " one earlier step"
)


def check_returns(drawing: Drawing) -> None:
    """Find steps to go back to that do not exist, do not stand before, or would leave a case stuck."""
    calls = calls_in(drawing.root)
    work = 0
    for scope in drawing.scopes:
        returns = {id_: named for id_, node in scope.nodes.items() if (named := _named(node))}
        if not returns:
            continue
        graph = graph_of(scope)
        work += len(scope.nodes) * (1 + len(graph.joins)) * sum(map(len, returns.values()))
        if work > _MOST_WORK:
            first = scope.nodes[next(iter(returns))]
            drawing.find("return-to", first, say("returnTo is used too often in so large a diagram"))
            return
        check = _Check(drawing, scope, graph, _is_repeated(scope.element, calls, frozenset()))
        for id_, named in returns.items():
            check.step(id_, named)


@dataclass(frozen=True)
class _Check:
    """The returns of one process or subprocess."""

    drawing: Drawing
    scope: Scope
    graph: Graph
    is_repeated: bool

    def step(self, id_: str, named: list[str]) -> None:
        """Check where one step can be sent back to."""
        node = self.scope.nodes[id_]
        if len(named) > MOST_STEPS:
            most = say("%(name)s: returnTo names more than %(most)s steps", name=what(node), most=MOST_STEPS)
            self.drawing.find("return-to", node, most)
            return
        for step in named:
            reason = self._why_not(id_, step)
            if reason is not None:
                values = {"name": what(node), "step": step[:80]}
                self.drawing.find("return-to", node, Sentence(reason.template, values))

    def _why_not(self, later: str, step: str) -> Sentence | None:
        target = self.drawing.by_id.get(step)
        if target is None:
            return _MISSING
        if local_name(target) not in PEOPLE_TASKS:
            return _NO_STEP
        if step not in self.scope.nodes:
            return _ELSEWHERE
        if self.is_repeated or _loops(self.scope.nodes[later]) or _loops(target):
            return _REPEATED
        entry = f"{step}{SPLIT}" if self.scope.beside.get(step) else step
        hindrance = GoingBack(self.graph, later=later, earlier=entry).hindrance
        return _HINDRANCES[hindrance] if hindrance is not None else None


def _named(node: etree._Element) -> list[str]:
    own = extension(node, "Task") if local_name(node) in PEOPLE_TASKS else None
    return [] if own is None else list(dict.fromkeys(own.get("returnTo", "").split()))


def _loops(node: etree._Element) -> bool:
    return next(children(node, *_LOOPS), None) is not None


def _is_repeated(
    scope: etree._Element, calls: Mapping[str, list[etree._Element]], seen: frozenset[str]
) -> bool:
    """Tell whether a process or subprocess may run several times in a case, other than by going back."""
    current: etree._Element | None = scope
    while current is not None and local_name(current) in SUBPROCESSES:
        begins_beside = any(
            start.get("isInterrupting") in ("false", "0") for start in children(current, "startEvent")
        )
        if _loops(current) or begins_beside:
            return True
        current = current.getparent()
    id_ = "" if current is None else current.get("id", "")
    called_by = calls.get(id_, [])
    if id_ in seen or len(called_by) > 1:
        return True
    return any(_loops(call) or _is_repeated(_around(call), calls, seen | {id_}) for call in called_by)


def _around(node: etree._Element) -> etree._Element:
    parent = node.getparent()
    return node if parent is None else parent


def graph_of(scope: Scope) -> Graph:
    """Give a scope as its tokens go through it."""
    entries = {id_: f"{id_}{SPLIT}" if scope.beside.get(id_) else id_ for id_ in scope.nodes}
    onwards: dict[str, list[str]] = {
        id_: [
            entries[target]
            for flow in scope.outgoing.get(id_, ())
            if (target := flow.get("targetRef", "")) in entries
        ]
        for id_ in scope.nodes
    }
    for id_, node in scope.nodes.items():
        target = scope.links.get(link_name(node), "") if throws_link(node) else ""
        onwards[id_] += [entries[target]] if target in entries else []
    for id_, events in scope.beside.items():
        if id_ in scope.nodes:
            onwards[f"{id_}{SPLIT}"] = [id_, *(event.get("id", "") for event in events)]
    joins = frozenset(
        id_
        for id_, node in scope.nodes.items()
        if local_name(node) in _JOINS and len(scope.incoming.get(id_, ())) > 1
    )
    return Graph(onwards, joins)
