"""Writes alike what XML Schema takes for the same, so that nobody who reads the tree has to know."""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from engine.bpmn.names import BPMN, GENERATED, NODES, bpmn, children, local_name, plain, text_of

_FREE_TEXT = frozenset({"name"})  # xsd:string; of all other types spaces around the value are none of it
_NUMBERS = frozenset({"loopMaximum", "startQuantity", "completionQuantity", "minimum", "maximum"})
_WHOLE = re.compile(r"\+?0*(\d+)", re.ASCII)
_NEEDS_ID = NODES | {"sequenceFlow", "process"}
_EXPRESSIONS = ("conditionExpression", "loopCondition", "loopCardinality", "completionCondition")


def tidy(root: etree._Element) -> None:
    """Write values, references and conditions alike, and give ids.

    BPMN asks for no id (8.3.1): what nothing refers to, as the only task of a subprocess, may have none.
    A receive task behind a start event that begins the process (10.3.3) waits there as any other does.
    """
    for element in root.iter(f"{{{BPMN}}}*"):
        _values(element)
    for expression in list(root.iter(*map(bpmn, _EXPRESSIONS))):
        above = expression.getparent()
        if above is not None and not text_of(expression):
            above.remove(expression)
    _give_ids(root)
    for scope in root.iter(bpmn("process")):
        _wait_behind_starts(scope)


def _values(element: etree._Element) -> None:
    """Take away spaces around values, and the prefix of what an event stands at."""
    for name, value in element.attrib.items():
        if not str(name).startswith("{") and name not in _FREE_TEXT:
            same = _same(str(name), str(value))
            if same != value:
                element.set(name, same)
    if local_name(element) == "boundaryEvent" and element.get("attachedToRef"):
        element.set("attachedToRef", plain(element.get("attachedToRef")))


def _same(name: str, value: str) -> str:
    value = value.strip()
    number = _WHOLE.fullmatch(value) if name in _NUMBERS else None
    return value if number is None else number.group(1)


def _wait_behind_starts(scope: etree._Element) -> None:
    """Take the mark from receive tasks to which flows lead from start events, and from nothing else."""
    starts = {start.get("id") for start in children(scope, "startEvent")}
    sources: dict[str, set[str]] = {}
    for flow in children(scope, "sequenceFlow"):
        sources.setdefault(flow.get("targetRef", ""), set()).add(flow.get("sourceRef", ""))
    for task in children(scope, "receiveTask"):
        found = sources.get(task.get("id", ""))
        if found and starts.issuperset(found) and task.get("instantiate"):
            del task.attrib["instantiate"]


def _give_ids(root: etree._Element) -> None:
    """Give every node and flow without an id one that tells where it stands: ``userTask_line_12``."""
    taken = {element.get("id") for element in root.iter()}
    counts: Counter[str] = Counter()
    for element in root.iter():
        local = local_name(element)
        if local not in _NEEDS_ID or element.get("id"):
            continue
        is_flow = local == "sequenceFlow"
        sign = "-" if is_flow else "_"  # expressions may use a node's; a flow's stands so in records
        base = id_ = f"{local}{sign}line{sign}{element.sourceline}"
        while id_ in taken:
            counts[base] += 1
            id_ = f"{base}{sign}{counts[base] + 1}"
        taken.add(id_)
        element.set("id", id_)
        if is_flow:
            element.set(GENERATED, "id")
