"""Gateways that cannot decide, or say something else than their flows."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.definitions import kinds_of
from engine.bpmn.drawing import Drawing, Scope, what
from engine.bpmn.names import child_text, children, local_name
from engine.errors import say


def check_gateway(drawing: Drawing, scope: Scope, gateway: etree._Element) -> None:
    """Find what is wrong with one gateway and the flows out of it."""
    id_, kind = gateway.get("id", ""), local_name(gateway)
    flows = scope.outgoing.get(id_, [])
    _direction(drawing, gateway, len(scope.incoming.get(id_, ())), len(flows))
    if kind in ("exclusiveGateway", "inclusiveGateway"):
        _choice(drawing, gateway, flows)
    elif kind == "eventBasedGateway":
        _event_gateway(drawing, scope, gateway, flows)
    elif kind == "parallelGateway":
        _never_asked(drawing, flows)


def _direction(drawing: Drawing, gateway: etree._Element, come: int, go: int) -> None:
    """Find a gateway that says it only joins or only parts, and does both (BPMN 2.0, table 8.46)."""
    direction = gateway.get("gatewayDirection", "Unspecified")
    if direction not in ("Unspecified", "Converging", "Diverging", "Mixed"):
        wrong = True
    else:
        wrong = (direction == "Converging" and go > 1) or (direction == "Diverging" and come > 1)
    values = {"name": what(gateway), "direction": direction[:40], "come": come, "go": go}
    if wrong:
        drawing.find(
            "gateway-direction",
            gateway,
            say(
                "%(name)s: gatewayDirection %(direction)s contradicts its flows: %(come)s in, %(go)s out",
                **values,
            ),
        )
    elif (direction in ("Converging", "Mixed") and come < 2) or (  # noqa: PLR2004 - several
        direction in ("Diverging", "Mixed") and go < 2  # noqa: PLR2004 - several
    ):
        drawing.note(
            "gateway-direction",
            gateway,
            say("%(name)s: gatewayDirection %(direction)s, with %(come)s flows in and %(go)s out", **values),
        )


def _never_asked(drawing: Drawing, flows: list[etree._Element]) -> None:
    for flow in flows:
        if next(children(flow, "conditionExpression"), None) is not None:
            drawing.note(
                "no-effect",
                flow,
                say("%(name)s: a parallel gateway asks no conditions (BPMN 2.0)", name=what(flow)),
            )


def _choice(drawing: Drawing, gateway: etree._Element, flows: list[etree._Element]) -> None:
    default = gateway.get("default")
    for flow in flows:
        condition = child_text(flow, "conditionExpression")
        if flow.get("id") and flow.get("id") == default:
            if condition:
                drawing.note(
                    "no-effect",
                    flow,
                    say("%(name)s: the condition of a default flow is not asked (BPMN 2.0)", name=what(flow)),
                )
        elif not condition and len(flows) > 1:
            drawing.find(
                "flow-without-condition",
                flow,
                say(
                    "The flow %(name)s out of %(gateway)s has no condition and is not its default flow",
                    name=what(flow),
                    gateway=what(gateway),
                ),
            )


def _event_gateway(
    drawing: Drawing, scope: Scope, gateway: etree._Element, flows: list[etree._Element]
) -> None:
    begins = gateway.get("instantiate") in ("true", "1")
    if not begins and gateway.get("eventGatewayType", "Exclusive") != "Exclusive":
        drawing.find(
            "event-gateway",
            gateway,
            say(
                "%(name)s: only a gateway that begins a process can wait for all its events",
                name=what(gateway),
            ),
        )
    if begins:
        _begins(drawing, scope, gateway, flows)
    if len(flows) < 2:  # noqa: PLR2004 - a choice has two
        drawing.find(
            "event-gateway",
            gateway,
            say("The event gateway %(name)s needs at least two events", name=what(gateway)),
        )
    _mixed(drawing, scope, gateway, flows)
    for flow in flows:
        target = scope.nodes.get(flow.get("targetRef", ""))
        if target is None:
            continue
        waits = local_name(target) in ("intermediateCatchEvent", "receiveTask")
        if (
            not waits
            or scope.beside.get(target.get("id", ""))
            or len(scope.incoming[target.get("id", "")]) > 1
        ):
            drawing.find(
                "event-gateway",
                gateway,
                say(
                    "%(name)s must lead to events that nothing else leads to; %(target)s is not one",
                    name=what(gateway),
                    target=what(target),
                ),
            )
        if child_text(flow, "conditionExpression"):
            drawing.find(
                "event-gateway",
                flow,
                say("The flow %(name)s has a condition, which would never be asked", name=what(flow)),
            )


def _mixed(drawing: Drawing, scope: Scope, gateway: etree._Element, flows: list[etree._Element]) -> None:
    """Find message events beside receive tasks: BPMN forbids the one where the other is (10.5.6)."""
    targets = [node for flow in flows if (node := scope.nodes.get(flow.get("targetRef", ""))) is not None]
    tasks = [node for node in targets if local_name(node) == "receiveTask"]
    events = [
        node
        for node in targets
        if local_name(node) == "intermediateCatchEvent" and "message" in kinds_of(node)
    ]
    if tasks and events:
        drawing.find(
            "event-gateway",
            gateway,
            say(
                "%(name)s leads to the message event %(event)s and to the receive task %(task)s:"
                " only one of the two kinds may follow it",
                name=what(gateway),
                event=what(events[0]),
                task=what(tasks[0]),
            ),
        )


def _begins(drawing: Drawing, scope: Scope, gateway: etree._Element, flows: list[etree._Element]) -> None:
    """Find a gateway that would begin a subprocess, or wait for more than messages (10.5.6)."""
    if local_name(scope.element) != "process":
        drawing.find(
            "instantiate-inside",
            gateway,
            say("%(name)s can begin a process only, not a subprocess", name=what(gateway)),
        )
    if scope.incoming.get(gateway.get("id", "")):
        drawing.find(
            "flow-into-start",
            gateway,
            say("%(name)s begins the process, so that no flow may lead to it", name=what(gateway)),
        )
    if gateway.get("eventGatewayType", "Exclusive") == "Exclusive":
        return
    for flow in flows:
        target = scope.nodes.get(flow.get("targetRef", ""))
        if (
            target is not None
            and local_name(target) != "receiveTask"
            and set(kinds_of(target)) != {"message"}
        ):
            drawing.find(
                "event-gateway",
                gateway,
                say(
                    "%(name)s begins the process when all its events have happened, which may be messages"
                    " only; %(target)s waits for something else",
                    name=what(gateway),
                    target=what(target),
                ),
            )
