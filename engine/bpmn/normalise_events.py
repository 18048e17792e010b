"""Rewrites events into what the stepper asks for: references, links, messages, compensation, starts."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.definitions import MESSAGE, definition_elements
from engine.bpmn.names import (
    CATCHING,
    COMPENSATION,
    GENERATED,
    INSTANTIATES,
    NODES,
    SUBPROCESSES,
    bpmn,
    child_text,
    children,
    local_name,
    plain,
)

_SENDS_OR_RECEIVES = ("sendTask", "receiveTask")


def normalise_events(root: etree._Element) -> None:
    """Rewrite all events of a tree."""
    by_id = {element.get("id", ""): element for element in root.iter() if element.get("id")}
    for scope in scopes_of(root):
        _join_links(scope)
        _mark_compensation(scope, by_id)
        _mark_instantiating(scope)
        _begin_implicitly(scope)
    _name_messages(root, by_id)


def scopes_of(root: etree._Element) -> list[etree._Element]:
    """Give every process and subprocess of a tree."""
    return list(root.iter(bpmn("process"), *map(bpmn, SUBPROCESSES)))


def link_name(event: etree._Element) -> str:
    """Give the name by which the two ends of a link find each other (10.5.5)."""
    definition = event.find(bpmn("linkEventDefinition"))
    named = "" if definition is None else definition.get("name") or ""
    return named or event.get("name") or ""


def caught_links(root: etree._Element) -> dict[tuple[etree._Element | None, str], str]:
    """Find the event that catches each link of a file: by the scope and the name of the link (10.5.5)."""
    return {
        (event.getparent(), link_name(event)): event.get("id", "")
        for event in root.iter(bpmn("intermediateCatchEvent"))
        if event.find(bpmn("linkEventDefinition")) is not None
    }


def _join_links(scope: etree._Element) -> None:
    """Draw the flow that a link is (10.5.5): from each that throws it to the one that catches it."""
    catches = {link_name(event): event for event in _links(scope, "intermediateCatchEvent")}
    for event in list(_links(scope, "intermediateThrowEvent")):
        target = catches[link_name(event)]
        make_flow(scope, f"{event.get('id')}.link", event.get("id", ""), target.get("id", ""))
    for event in [*_links(scope, "intermediateThrowEvent"), *catches.values()]:
        event.remove(next(children(event, "linkEventDefinition")))


def link_targets(scope: etree._Element) -> dict[str, str]:
    """Give where the links of a scope lead: by name, the event that catches it."""
    return {link_name(event): event.get("id", "") for event in _links(scope, "intermediateCatchEvent")}


def throws_link(node: etree._Element) -> bool:
    """Tell whether a node leads on by a link."""
    return local_name(node) == "intermediateThrowEvent" and node.find(bpmn("linkEventDefinition")) is not None


def _links(scope: etree._Element, local: str) -> list[etree._Element]:
    return [event for event in children(scope, local) if event.find(bpmn("linkEventDefinition")) is not None]


def handlers_of(
    scope: etree._Element, by_id: dict[str, etree._Element]
) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Give each compensation boundary event of a scope with the activity that an association leads to."""
    events = {
        event.get("id"): event
        for event in children(scope, "boundaryEvent")
        if event.find(bpmn("compensateEventDefinition")) is not None
    }
    for association in scope.getroottree().getroot().iter(bpmn("association")):
        ends = [plain(association.get("sourceRef")), plain(association.get("targetRef"))]
        for event, handler in (ends, reversed(ends)):
            if event in events and handler in by_id and local_name(by_id[handler]) in NODES:
                yield events[event], by_id[handler]


def _mark_compensation(scope: etree._Element, by_id: dict[str, etree._Element]) -> None:
    for event, handler in handlers_of(scope, by_id):
        activity = by_id[event.get("attachedToRef", "")]
        activity.set(COMPENSATION, f"{event.get('id')} {handler.get('id')}")


def _mark_instantiating(scope: etree._Element) -> None:
    """Mark what begins a process without being a start event (13.2, 13.4.4)."""
    for task in children(scope, "receiveTask"):
        if task.get("instantiate") in ("true", "1"):
            task.set(INSTANTIATES, " ")
    for gateway in children(scope, "eventBasedGateway"):
        if gateway.get("instantiate") not in ("true", "1"):
            continue
        kind = gateway.get("eventGatewayType", "Exclusive").lower()
        targets = {
            flow.get("targetRef")
            for flow in children(scope, "sequenceFlow")
            if flow.get("sourceRef") == gateway.get("id")
        }
        for node in scope.iterchildren():
            if node.get("id") in targets:
                node.set(INSTANTIATES, f"{gateway.get('id')} {kind}")


def plain_starts(scope: etree._Element) -> list[etree._Element]:
    """Give the start events of a process that wait for nothing."""
    return [
        start for start in children(scope, "startEvent") if next(definition_elements(start), None) is None
    ]


def beginnings(process: etree._Element) -> list[etree._Element]:
    """Give what a case begins with: starts that wait for nothing; else what waits; else by 13.2."""
    waiting = [
        node
        for node in process.iterchildren()
        if local_name(node) == "startEvent" or node.get("instantiate") in ("true", "1")
    ]
    return plain_starts(process) or waiting or begins_implicitly(process)


def begins_implicitly(scope: etree._Element) -> list[etree._Element]:
    """Give the nodes that a scope without start events begins with: no flow leads to them (13.2)."""
    nodes = [node for node in scope.iterchildren() if local_name(node) in NODES]
    if any(local_name(node) == "startEvent" for node in nodes):
        return []
    reached = {flow.get("targetRef") for flow in children(scope, "sequenceFlow")}
    return [node for node in nodes if node.get("id") not in reached and not stands_apart(node)]


def stands_apart(node: etree._Element) -> bool:
    """Tell whether a node is begun by something else than a flow."""
    if "true" in (node.get("triggeredByEvent"), node.get("isForCompensation"), node.get("instantiate")):
        return True
    if "1" in (node.get("triggeredByEvent"), node.get("isForCompensation"), node.get("instantiate")):
        return True
    is_link = (
        local_name(node) == "intermediateCatchEvent" and node.find(bpmn("linkEventDefinition")) is not None
    )
    return is_link or local_name(node) == "boundaryEvent"


def _begin_implicitly(scope: etree._Element) -> None:
    first = begins_implicitly(scope)
    has_start = next(children(scope, "startEvent"), None) is not None
    if has_start or (not first and any(node.get(INSTANTIATES) for node in scope.iterchildren())):
        return
    start = f"{scope.get('id')}.start"
    make_node(scope, "startEvent", start)
    for node in first:
        make_flow(scope, f"{start}.to-{node.get('id')}", start, node.get("id", ""))


def make_node(scope: etree._Element, local: str, id_: str, **attributes: str) -> etree._Element:
    """Add an element that is not in the file."""
    element = etree.SubElement(scope, bpmn(local), {"id": id_, **attributes})
    element.set(GENERATED, "element")
    return element


def make_flow(scope: etree._Element, id_: str, source: str, target: str) -> None:
    """Add a flow that is not in the file."""
    make_node(scope, "sequenceFlow", id_, sourceRef=source, targetRef=target)


def _name_messages(root: etree._Element, by_id: dict[str, etree._Element]) -> None:
    """Write on each message's definition what identifies it: name, drawn flows, correlation (8.3.2)."""
    flows, correlation = _MessageFlows(root), _Correlation(root, by_id)
    for node in root.iter(*map(bpmn, NODES)):
        if local_name(node) in _SENDS_OR_RECEIVES:
            holders = [node]
        else:
            holders = [
                one for one in definition_elements(node) if local_name(one) == "messageEventDefinition"
            ]
        for holder in holders:
            reference = plain(holder.get("messageRef")) or plain(flows.reference(node))
            message = by_id.get(reference)
            name = reference if message is None else message.get("name") or reference
            facts = {
                "name": name or node.get("id"),
                "flows": flows.of(node),
                "keys": correlation.of(reference),
                "subscribed": _subscriptions(node),
            }
            pools = flows.of_pool(node)
            if pools:
                facts["pools"] = pools
            holder.set(MESSAGE, json.dumps(facts, ensure_ascii=False))


def pool_flows(root: etree._Element) -> dict[tuple[str, str], dict[tuple[str, str], str]]:
    """Give the message flows drawn from or to whole pools, by process and end; one between the same two.

    Those from and to a pool without a process say nothing: nobody in it sends or waits.
    """
    pools = {one.get("id", ""): plain(one.get("processRef")) for one in root.iter(bpmn("participant"))}
    found: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
    for flow in root.iter(bpmn("messageFlow")):
        ends = (plain(flow.get("sourceRef")), plain(flow.get("targetRef")))
        if any(pools.get(end) == "" for end in ends):
            continue
        for attribute, end in zip(("sourceRef", "targetRef"), ends, strict=True):
            if end in pools:
                found.setdefault((pools[end], attribute), {}).setdefault(ends, _flow_name(flow))
    return found


def _flow_name(flow: etree._Element) -> str:
    return flow.get("id") or f"line-{flow.sourceline}"


class _MessageFlows:
    """The message flows that are drawn from and to each node."""

    def __init__(self, root: etree._Element) -> None:
        self.pools = pool_flows(root)
        self.by_end: dict[str, list[etree._Element]] = {}
        for flow in root.iter(bpmn("messageFlow")):
            for end in dict.fromkeys((plain(flow.get("sourceRef")), plain(flow.get("targetRef")))):
                self.by_end.setdefault(end, []).append(flow)

    def of(self, node: etree._Element) -> list[str]:
        return [_flow_name(flow) for flow in self._drawn(node)]

    def of_pool(self, node: etree._Element) -> list[str]:
        """Give the flows from the pool of a node that sends, to that of one that receives."""
        process = next(node.iterancestors(bpmn("process")), None)
        end = "targetRef" if local_name(node) in CATCHING else "sourceRef"
        drawn = {} if process is None else self.pools.get((process.get("id", ""), end), {})
        return list(drawn.values())

    def reference(self, node: etree._Element) -> str:
        return next((flow.get("messageRef") or "" for flow in self._drawn(node)), "")

    def _drawn(self, node: etree._Element) -> list[etree._Element]:
        return self.by_end.get(node.get("id", ""), [])


class _Correlation:
    """The correlation keys of a file, and how each message carries their properties (8.3.2)."""

    def __init__(self, root: etree._Element, by_id: dict[str, etree._Element]) -> None:
        self.expressions: dict[str, dict[str, str]] = {}  # by message, by property
        for own in root.iter(bpmn("correlationPropertyRetrievalExpression")):
            above = own.getparent()
            if above is not None:
                of_message = self.expressions.setdefault(plain(own.get("messageRef")), {})
                of_message[above.get("id", "")] = child_text(own, "messagePath")
        self.keys = {
            key.get("id") or key.get("name") or "key": [
                plain(one.text) for one in children(key, "correlationPropertyRef")
            ]
            for key in root.iter(bpmn("correlationKey"))
        }
        self.by_id = by_id

    def of(self, message: str) -> dict[str, dict[str, str]]:
        """Give the expressions of a message by key; where the file has no keys, all are one."""
        own = self.expressions.get(message, {})
        names = {id_: self.by_id[id_].get("name") or id_ for id_ in own if id_ in self.by_id}
        keys = self.keys or ({"key": list(names)} if names else {})
        return {
            key: {names[id_]: own[id_] for id_ in properties}
            for key, properties in keys.items()
            if properties and all(id_ in names for id_ in properties)
        }


def _subscriptions(node: etree._Element) -> dict[str, dict[str, str]]:
    """Give what the process says of its own values of the keys."""
    process = next(node.iterancestors(bpmn("process")), None)
    found: dict[str, dict[str, str]] = {}
    for subscription in children(process, "correlationSubscription") if process is not None else ():
        key = plain(subscription.get("correlationKeyRef")) or "key"
        root = node.getroottree().getroot()
        for binding in children(subscription, "correlationPropertyBinding"):
            id_ = plain(binding.get("correlationPropertyRef"))
            named = root.find(f".//{bpmn('correlationProperty')}[@id='{id_}']")
            name = id_ if named is None else named.get("name") or id_
            found.setdefault(key, {})[name] = child_text(binding, "dataPath")
    return found
