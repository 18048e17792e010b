"""The XML names of BPMN 2.0 and of the SOP's own extension, and small readings of elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
SOP = "urn:alur:sop:1"
ADDED = "urn:alur:generated"  # namespace of what is added to a tree in memory; no file may have it
GENERATED = "{urn:alur:generated}element"  # attribute of what normalising added
COMPENSATION = "{urn:alur:generated}compensation"  # of an activity: the event beside it and what undoes it
INSTANTIATES = "{urn:alur:generated}instantiates"  # of what begins a process without being a start event
ALIAS = "{urn:alur:generated}alias"  # of data: another name that it is known by
PLANS = "{urn:alur:generated}data"  # attribute of the root: what data moves, see ``data_plan``

PEOPLE_TASKS = frozenset({"userTask", "manualTask"})
TASKS = PEOPLE_TASKS | {
    "task",
    "scriptTask",
    "serviceTask",
    "businessRuleTask",
    "sendTask",
    "receiveTask",
}
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}
GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
)
EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
_SAYING_NOTHING = (etree._Comment, etree._ProcessingInstruction)
_DESCRIBING = ("documentation", "extensionElements")
CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})
NODES = ACTIVITIES | GATEWAYS | EVENTS


def copied(element: etree._Element) -> etree._Element:
    """Copy an element to stand in another place as well: an id names one element of a file."""
    copy = deepcopy(element)
    for one in copy.iter(f"{{{BPMN}}}*"):
        if "id" in one.attrib:
            del one.attrib["id"]
    return copy


_QUOTED = re.compile(r"\s*(?:\"([^\"\\\n]*)\"|'([^'\\\n]*)')\s*")


def quoted_text(expression: str) -> str | None:
    """Give the text of an expression that is nothing but one in quotes."""
    quoted = _QUOTED.fullmatch(expression)
    return None if quoted is None else quoted.group(1) or quoted.group(2) or ""


def bpmn(local: str) -> str:
    """Give the full tag of a BPMN element."""
    return f"{{{BPMN}}}{local}"


def sop(local: str) -> str:
    """Give the full tag of an element of the SOP's extension."""
    return f"{{{SOP}}}{local}"


def local_name(element: etree._Element) -> str:
    """Give the local name of a BPMN element; empty for anything of another namespace."""
    return _local(element.tag)


@lru_cache(maxsize=512)
def _local(tag: object) -> str:
    if not isinstance(tag, str):  # a comment or processing instruction
        return ""
    return tag[len(BPMN) + 2 :] if tag.startswith(f"{{{BPMN}}}") else ""


def children(element: etree._Element, *locals_: str) -> Iterator[etree._Element]:
    """Give the BPMN children with one of the local names, in document order."""
    return element.iterchildren(*[bpmn(name) for name in locals_])


def child_text(element: etree._Element, local: str) -> str:
    """Give the stripped text of the first BPMN child of that name, or empty."""
    child = element.find(bpmn(local))
    return "" if child is None else text_of(child)


def text_of(element: etree._Element) -> str:
    """Give all text inside an element, stripped; what only describes an expression is none of it."""
    return "".join(_texts(element)).strip()


def _texts(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element.iterchildren():
        if not isinstance(child, _SAYING_NOTHING) and local_name(child) not in _DESCRIBING:
            yield from _texts(child)
        yield child.tail or ""


def name_of(element: etree._Element) -> str:
    """Give the name on the shape, on one line."""
    return " ".join((element.get("name") or "").split())


def plain(reference: str | None) -> str:
    """Give the id of a QName: its prefix does not matter here."""
    return (reference or "").strip().split(":")[-1]
