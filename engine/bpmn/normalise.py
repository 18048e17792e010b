"""Rewrites a copy of the diagram into what the library runs as drawn; the stored file is never changed.

What is added carries the attribute ``GENERATED`` and is never shown; so do flows whose id ``tidy`` gave them.
"""

from __future__ import annotations

import copy
import json
from collections import Counter

from lxml import etree

from engine.bpmn.data_plan import data_plans
from engine.bpmn.names import (
    ACTIVITIES,
    BPMN,
    BPMNDI,
    EVENTS,
    PLANS,
    bpmn,
    child_text,
    children,
    local_name,
    sop,
    text_of,
)
from engine.bpmn.normalise_events import make_flow, make_node, normalise_events, scopes_of
from engine.bpmn.timers import literal_time

_EXPRESSIONS = (
    "conditionExpression",
    "loopCondition",
    "loopCardinality",
    "completionCondition",
    "condition",
    "messagePath",
    "dataPath",
)
_BOOLEANS = frozenset(
    {
        "cancelActivity",
        "isSequential",
        "testBefore",
        "triggeredByEvent",
        "isForCompensation",
        "isInterrupting",
        "parallelMultiple",
        "waitForCompletion",
    }
)
# Read by nobody at run time, and the library stumbles over them.
_LEFT_OUT = (
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "dataStore",
    "dataInputAssociation",
    "dataOutputAssociation",
    "ioSpecification",
    "property",
    "extensionElements",
    "documentation",
    "textAnnotation",
    "association",
    "laneSet",
    "collaboration",
    "message",
    "correlationProperty",
    "itemDefinition",
)


def normalised(tree: etree._ElementTree) -> etree._ElementTree:
    """Give a rewritten copy of a tree that passed the lint."""
    tree = copy.deepcopy(tree)
    root = tree.getroot()
    normalise_events(root)
    for scope in scopes_of(root):
        _free_defaults(scope)
        _split_flows(scope)
        _end_gateways(scope)
        _part_twins(scope)
    for event in root.iter(bpmn("timerEventDefinition")):
        _quote_timer(event)
    root.set(PLANS, json.dumps(data_plans(root), ensure_ascii=False))
    _complete_references(root)
    for expression in root.iter(*map(bpmn, _EXPRESSIONS)):
        _flatten(expression)
    nameless = [
        one for one in root.iter(bpmn("signal"), bpmn("error"), bpmn("escalation")) if not one.get("id")
    ]
    drawn = list(root.iterchildren(f"{{{BPMNDI}}}BPMNDiagram"))
    for element in [*root.iter(*map(bpmn, _LEFT_OUT)), *nameless, *drawn]:
        parent = element.getparent()
        if parent is not None and not (_is_run(element) or _names_decision(element, parent)):
            parent.remove(element)
    return tree


def _is_run(element: etree._Element) -> bool:
    """Tell an extension that names a connector, or what a timer counts."""
    return local_name(element) == "extensionElements" and any(
        element.find(sop(local)) is not None for local in ("Service", "Timer")
    )


def _names_decision(element: etree._Element, parent: etree._Element) -> bool:
    return local_name(element) == "extensionElements" and local_name(parent) == "businessRuleTask"


def _complete_references(root: etree._Element) -> None:
    for element in root.iter(f"{{{BPMN}}}*"):
        for attribute in _BOOLEANS.intersection(element.attrib):
            # The library knows "true" and nothing else of XML's booleans.
            element.set(attribute, "true" if element.get(attribute) in ("true", "1") else "false")
    for process in root.iter(bpmn("process")):
        process.set("isExecutable", "true")  # a called process need not be marked
    for event in root.iter(bpmn("error"), bpmn("escalation")):
        # Without a code the library would let any catch any.
        code = "errorCode" if local_name(event) == "error" else "escalationCode"
        event.set(code, event.get(code) or event.get("id") or "")
    for call in root.iter(bpmn("callActivity")):
        call.set("calledElement", (call.get("calledElement") or "").split(":")[-1])


def _free_defaults(scope: etree._Element) -> None:
    """Take away the conditions of default flows: they are not asked (BPMN 2.0, table 8.47)."""
    defaults = {node.get("default") for node in scope.iterchildren()} - {None}
    for flow in children(scope, "sequenceFlow"):
        if flow.get("id") in defaults:
            for condition in list(children(flow, "conditionExpression")):
                flow.remove(condition)


def _split_flows(scope: etree._Element) -> None:
    """Several flows out of an activity or event: the gateways they mean (BPMN 2.0, 13.3.1)."""
    outgoing: dict[str, list[etree._Element]] = {}
    for flow in children(scope, "sequenceFlow"):
        outgoing.setdefault(flow.get("sourceRef", ""), []).append(flow)
    for node in list(scope.iterchildren()):
        if local_name(node) in ACTIVITIES | EVENTS and len(outgoing.get(node.get("id", ""), ())) > 1:
            _split(scope, node, outgoing[node.get("id", "")])


def _split(scope: etree._Element, node: etree._Element, flows: list[etree._Element]) -> None:
    id_ = node.get("id", "")
    default = node.get("default")
    always = [
        flow for flow in flows if flow.get("id") != default and not child_text(flow, "conditionExpression")
    ]
    asked = [flow for flow in flows if flow not in always]
    source = id_
    if always:
        source = f"{id_}.split"
        make_node(scope, "parallelGateway", source)
        make_flow(scope, f"{id_}.to-split", id_, source)
        for flow in always:
            flow.set("sourceRef", source)
    if asked:
        choice = f"{id_}.choice"
        gateway = make_node(scope, "inclusiveGateway", choice)
        make_flow(scope, f"{id_}.to-choice", source, choice)
        for flow in asked:
            flow.set("sourceRef", choice)
        if default:
            gateway.set("default", default)
        elif always:
            # No condition true: this part ends and the unconditional flows go on.
            make_node(scope, "endEvent", f"{id_}.none")
            make_flow(scope, f"{id_}.to-none", choice, f"{id_}.none")
            gateway.set("default", f"{id_}.to-none")
    if default:
        del node.attrib["default"]


def _end_gateways(scope: etree._Element) -> None:
    """Let a path end at a gateway that no flow leaves, whatever it would ask (BPMN 2.0, 10.4.3)."""
    left = {flow.get("sourceRef") for flow in children(scope, "sequenceFlow")}
    for gateway in list(children(scope, "exclusiveGateway", "inclusiveGateway")):
        id_ = gateway.get("id", "")
        if id_ not in left:
            make_node(scope, "endEvent", f"{id_}.end")
            make_flow(scope, f"{id_}.to-end", id_, f"{id_}.end")


def _part_twins(scope: etree._Element) -> None:
    """Two flows between the same two elements: the library would take them for one."""
    seen: Counter[tuple[str, str]] = Counter()
    for flow in list(children(scope, "sequenceFlow")):
        ends = (flow.get("sourceRef", ""), flow.get("targetRef", ""))
        seen[ends] += 1
        if seen[ends] > 1:
            between = f"{flow.get('id')}.between"
            make_node(scope, "intermediateThrowEvent", between)
            flow.set("targetRef", between)
            make_flow(scope, f"{flow.get('id')}.onwards", between, ends[1])


def _quote_timer(event: etree._Element) -> None:
    """Write a bare ISO time as the text it is."""
    for timer in children(event, "timeDate", "timeDuration", "timeCycle"):
        _flatten(timer)
        literal = literal_time((timer.text or "").strip())
        if literal is not None:
            timer.text = f'"{literal}"'


def _flatten(element: etree._Element) -> None:
    text = text_of(element)
    for child in list(element):
        element.remove(child)
    element.text = text
