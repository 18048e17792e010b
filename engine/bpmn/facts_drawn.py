"""The facts of a file: of one process, its subprocesses, and the processes it calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from engine.bpmn.drawing import target_of_call
from engine.bpmn.facts import About, Fact
from engine.bpmn.names import (
    ACTIVITIES,
    EVENTS,
    GENERATED,
    NODES,
    SUBPROCESSES,
    bpmn,
    child_text,
    children,
    local_name,
    sop,
    text_of,
)
from engine.bpmn.normalise_events import handlers_of, link_name, link_targets, throws_link
from engine.bpmn.rules import decision_of
from engine.bpmn.timers import literal_time
from engine.bpmn.working_time import WORKING, counts_working_time

_DEFINITION = "EventDefinition"
_ASKED = frozenset({"exclusiveGateway", "inclusiveGateway"})
_NEVER_ASKED = frozenset({"parallelGateway"})  # told as a note by the lint


def facts_drawn(root: etree._Element, process_ids: Iterable[str]) -> Iterator[tuple[Fact, etree._Element]]:
    """Give every fact with the element to name; nodes and flows must have ids (``tidy`` gives them)."""
    processes = {process.get("id"): process for process in root.iterchildren(bpmn("process"))}
    todo, seen = list(process_ids), set(process_ids)
    while todo:
        process = processes[todo.pop()]
        for scope in process.iter(bpmn("process"), *map(bpmn, SUBPROCESSES)):
            yield from _of_scope(scope)
        for call in process.iter(bpmn("callActivity")):
            called = target_of_call(call)
            if called not in seen:
                seen.add(called)
                todo.append(called)


def _of_scope(scope: etree._Element) -> Iterator[tuple[Fact, etree._Element]]:
    nodes = {node.get("id", ""): node for node in scope.iterchildren() if local_name(node) in NODES}
    outgoing: dict[str, list[etree._Element]] = {id_: [] for id_ in nodes}
    for flow in children(scope, "sequenceFlow"):
        outgoing[flow.get("sourceRef", "")].append(flow)
    yield from _apart(scope, nodes)
    for id_, node in nodes.items():
        for fact in _of_node(id_, node):
            yield fact, node
        for flow in outgoing[id_]:
            for fact in _of_flow(id_, node, flow, only=len(outgoing[id_]) == 1):
                yield fact, flow


def _of_node(id_: str, node: etree._Element) -> Iterator[Fact]:
    local = local_name(node)
    yield Fact(About.NODE, id_, (local,))
    if local in EVENTS:
        yield from _of_event(id_, node)
    elif local in ACTIVITIES:
        yield from (Fact(About.REPETITION, id_, how) for how in _repetition(node))
    if local == "scriptTask":
        yield Fact(About.SCRIPT, id_, (child_text(node, "script"),))
    elif local == "serviceTask":
        yield from (Fact(About.SERVICE, id_, how) for how in _service(node))
    elif local == "businessRuleTask" and (named := decision_of(node)) is not None:
        yield Fact(About.DECISION, id_, (named.decision, named.result or id_))
    elif local in SUBPROCESSES:
        yield Fact(About.INSIDE, id_, (id_,))
    elif local == "callActivity":
        yield Fact(About.INSIDE, id_, (target_of_call(node),))


def _apart(scope: etree._Element, nodes: dict[str, etree._Element]) -> Iterator[tuple[Fact, etree._Element]]:
    """Give what leads on without being a sequence flow: links, and what undoes an activity."""
    links = link_targets(scope)
    for id_, node in nodes.items():
        if throws_link(node) and link_name(node) in links:
            yield Fact(About.FLOW, id_, (links[link_name(node)], "")), node
    for event, handler in handlers_of(scope, nodes):
        undoes = (event.get("id", ""), handler.get("id", ""))
        yield Fact(About.UNDOES, event.get("attachedToRef", ""), undoes), event


def _service(node: etree._Element) -> Iterator[tuple[str, ...]]:
    for service in node.iterfind(f"{bpmn('extensionElements')}/{sop('Service')}"):
        yield ("connector", service.get("connector", ""))
        for one in service.iterchildren():
            yield (one.get("name", ""), text_of(one))


def _of_event(id_: str, event: etree._Element) -> Iterator[Fact]:
    for definition in event.iterchildren():
        if local_name(definition).endswith(_DEFINITION) and local_name(definition) != f"link{_DEFINITION}":
            yield Fact(About.EVENT, id_, _definition(event, definition))
    scope = event.getparent()
    if (
        local_name(event) == "startEvent"
        and scope is not None
        and scope.get("triggeredByEvent") in ("true", "1")
        and event.find(bpmn("compensateEventDefinition")) is None
    ):
        interrupts = event.get("isInterrupting", "true") in ("true", "1")
        yield Fact(About.BOUNDARY, id_, (scope.get("id", ""), str(interrupts)))
    if local_name(event) == "boundaryEvent" and event.find(bpmn("compensateEventDefinition")) is None:
        interrupts = event.get("cancelActivity", "true") in ("true", "1")
        yield Fact(About.BOUNDARY, id_, (event.get("attachedToRef", ""), str(interrupts)))


def _of_flow(source: str, node: etree._Element, flow: etree._Element, *, only: bool) -> Iterator[Fact]:
    target = flow.get("targetRef", "")
    given = "" if flow.get(GENERATED) else flow.get("id", "")
    yield Fact(About.FLOW, source, (target, given))
    condition = child_text(flow, "conditionExpression")
    if flow.get("id") == node.get("default"):
        yield Fact(About.DEFAULT, source, (target,))
    elif condition:
        if local_name(node) not in _NEVER_ASKED:
            yield Fact(About.CONDITION, source, (target, condition))
    elif only and local_name(node) in _ASKED:
        yield Fact(About.DEFAULT, source, (target,))


def _definition(event: etree._Element, definition: etree._Element) -> tuple[str, ...]:
    kind = local_name(definition).removesuffix(_DEFINITION)
    for text in children(definition, "timeDate", "timeDuration", "timeCycle"):
        counted = (WORKING,) if counts_working_time(event) else ()
        return (kind, local_name(text), plain_time(text_of(text)), *counted)
    if kind == "conditional":
        return (kind, child_text(definition, "condition"))
    return (kind,)


def plain_time(text: str) -> str:
    """Give a time without its quotes: with and without it means the same."""
    literal = literal_time(text)
    return text if literal is None else literal


def _repetition(activity: etree._Element) -> Iterator[tuple[str, ...]]:
    for loop in children(activity, "standardLoopCharacteristics"):
        before = loop.get("testBefore", "false") in ("true", "1")
        yield (
            "loop",
            child_text(loop, "loopCondition"),
            (loop.get("loopMaximum") or "").strip(),
            str(before),
        )
    for several in children(activity, "multiInstanceLoopCharacteristics"):
        order = "sequential" if several.get("isSequential") in ("true", "1") else "parallel"
        yield (order, child_text(several, "loopCardinality"), child_text(several, "completionCondition"))
