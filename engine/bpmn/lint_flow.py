"""Where tokens begin, go and end: starts, ends, gateways, and what no flow reaches."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.drawing import Drawing, Scope, what
from engine.bpmn.lint_gateways import check_gateway
from engine.bpmn.names import EVENTS, GATEWAYS, bpmn, children, local_name
from engine.bpmn.normalise_events import link_name, plain_starts, stands_apart, throws_link
from engine.errors import say

_WITHOUT_ARRIVAL = frozenset({"startEvent", "boundaryEvent"})


def check_flow(drawing: Drawing) -> None:
    """Find starts and ends that are missing, nodes beside the flow, and gateways that cannot decide."""
    for scope in drawing.scopes:
        if local_name(scope.element) == "adHocSubProcess":
            continue
        _starts(drawing, scope)
        _ends(drawing, scope)
        _beside(drawing, scope)
        for id_, node in scope.nodes.items():
            if local_name(node) in GATEWAYS:
                check_gateway(drawing, scope, node)
            else:
                _conditions_on_activity(drawing, node, scope.outgoing.get(id_, []))


def _starts(drawing: Drawing, scope: Scope) -> None:
    starts = scope.starts
    plain = plain_starts(scope.element)
    if scope.nodes and not starts and not scope.begins_at:
        drawing.find(
            "no-start-event", scope.element, say("%(name)s has no start event", name=what(scope.element))
        )
    elif len(plain) > 1:
        _several_starts(drawing, scope, plain)
    for start in starts:
        if scope.incoming.get(start.get("id", "")):
            drawing.find(
                "flow-into-start", start, say("A flow leads into the start event %(name)s", name=what(start))
            )


def _several_starts(drawing: Drawing, scope: Scope, starts: list[etree._Element]) -> None:
    """Note that one of several has to be chosen (10.4.2); refuse them where nobody could choose (13.3.4)."""
    if scope.element is drawing.main and scope.element.get("id") not in drawing.called:
        drawing.note(
            "several-start-events",
            scope.element,
            say(
                "%(name)s has %(count)s start events: whoever starts a case chooses one; else it begins at"
                " %(first)s",
                name=what(scope.element),
                count=len(starts),
                first=what(starts[0]),
            ),
        )
        return
    for start in starts[1:]:
        drawing.find(
            "several-start-events",
            start,
            say("%(name)s has more than one start event; only one can begin it", name=what(scope.element)),
        )


def _ends(drawing: Drawing, scope: Scope) -> None:
    # Without any end event each path ends where no flow leads on (BPMN 2.0, 10.5.3).
    ends_drawn = any(local_name(node) == "endEvent" for node in scope.nodes.values())
    for id_, node in scope.nodes.items():
        if local_name(node) == "endEvent":
            if scope.outgoing.get(id_):
                drawing.find(
                    "flow-from-end", node, say("A flow leads out of the end event %(name)s", name=what(node))
                )
        elif local_name(node) == "boundaryEvent" and scope.incoming.get(id_):
            drawing.find(
                "flow-into-boundary",
                node,
                say("A flow leads into the boundary event %(name)s", name=what(node)),
            )
        elif _must_lead_on(node, ends_drawn=ends_drawn) and not scope.outgoing.get(id_):
            drawing.find("dead-end", node, say("No flow leads on from %(name)s", name=what(node)))


def _must_lead_on(node: etree._Element, *, ends_drawn: bool) -> bool:
    """Tell whether a flow must lead on from a node: from a boundary event always."""
    if node.get("triggeredByEvent") in ("true", "1") or node.get("isForCompensation") in ("true", "1"):
        return False
    if local_name(node) == "boundaryEvent":
        return node.find(bpmn("compensateEventDefinition")) is None
    return ends_drawn and not throws_link(node)


def _beside(drawing: Drawing, scope: Scope) -> None:
    """Find what no token can reach."""
    reached = _reached(scope)
    for id_, node in scope.nodes.items():
        if id_ in reached or stands_apart(node) or local_name(node) == "boundaryEvent":
            continue
        if not scope.incoming.get(id_) and local_name(node) not in _WITHOUT_ARRIVAL:
            drawing.find("orphan", node, say("No flow leads to %(name)s", name=what(node)))
        elif scope.begins_at:
            drawing.find(
                "unreachable", node, say("%(name)s cannot be reached from the start event", name=what(node))
            )


def _reached(scope: Scope) -> set[str]:
    """Give what a token can reach from where the scope begins."""
    reached: set[str] = set()
    waiting = [node.get("id", "") for node in scope.begins_at]
    while waiting:
        id_ = waiting.pop()
        if id_ in scope.nodes and id_ not in reached:
            reached.add(id_)
            waiting += _onwards(scope, id_)
    return reached


def _onwards(scope: Scope, id_: str) -> list[str]:
    boundary = [event.get("id", "") for event in scope.beside.get(id_, ())]
    node = scope.nodes[id_]
    if throws_link(node):
        boundary.append(scope.links.get(link_name(node), ""))
    return boundary + [flow.get("targetRef", "") for flow in scope.outgoing.get(id_, ())]


def _conditions_on_activity(drawing: Drawing, node: etree._Element, flows: list[etree._Element]) -> None:
    if len(flows) == 1 and next(children(flows[0], "conditionExpression"), None) is not None:
        drawing.find(
            "condition-on-only-flow",
            flows[0],
            say("The only flow out of %(name)s has a condition; there is no other way", name=what(node)),
        )
    elif local_name(node) in EVENTS:
        for flow in flows:
            if next(children(flow, "conditionExpression"), None) is not None:
                drawing.find(
                    "condition-on-event",
                    flow,
                    say("%(name)s leads on from an event, which asks no conditions", name=what(flow)),
                )
