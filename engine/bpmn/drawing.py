"""The diagram as the lint sees it: scopes, nodes and flows, found once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from lxml import etree

from engine.bpmn.data_names import DataNames
from engine.bpmn.names import (
    EVENTS,
    GATEWAYS,
    NODES,
    PEOPLE_TASKS,
    SUBPROCESSES,
    bpmn,
    children,
    local_name,
    name_of,
)
from engine.bpmn.normalise_events import begins_implicitly, link_targets
from engine.errors import Finding, Sentence, say
from engine.ids import made_up


@dataclass
class Scope:
    """A process or subprocess with what stands directly in it."""

    element: etree._Element
    nodes: dict[str, etree._Element] = field(default_factory=dict)  # by id
    flows: list[etree._Element] = field(default_factory=list)
    outgoing: dict[str, list[etree._Element]] = field(default_factory=dict)
    incoming: dict[str, list[etree._Element]] = field(default_factory=dict)
    beside: dict[str, list[etree._Element]] = field(default_factory=dict)  # boundary events, by activity

    @cached_property
    def starts(self) -> list[etree._Element]:
        """Give its start events."""
        return [node for node in self.nodes.values() if local_name(node) == "startEvent"]

    @cached_property
    def links(self) -> dict[str, str]:
        """Give where links lead, by their names."""
        return link_targets(self.element)

    @cached_property
    def begins_at(self) -> list[etree._Element]:
        """Give every node that something begins: start events, else what no flow leads to (13.2)."""
        instantiating = [node for node in self.nodes.values() if node.get("instantiate") in ("true", "1")]
        return [*self.starts, *instantiating, *begins_implicitly(self.element)]


class Drawing:
    """A whole file, and the findings about it."""

    def __init__(self, root: etree._Element) -> None:
        """Look once at every element."""
        self.root = root
        self.findings: list[Finding] = []
        self.warnings: list[Finding] = []
        self.notes: list[Finding] = []
        self.by_id: dict[str, etree._Element] = {}
        for element in root.iter():
            if local_name(element) and element.get("id"):
                self.by_id.setdefault(element.get("id", ""), element)
        self.processes = list(root.iterchildren(bpmn("process")))
        marked = [one for one in self.processes if one.get("isExecutable", "true") in ("true", "1")]
        # Where no process is marked as executable the mark tells nothing: editors leave it out by default.
        self.executable = marked or self.processes
        self.called = {target_of_call(call) for call in root.iter(bpmn("callActivity"))}
        executable = set(self.executable)
        self.run = [
            process for process in self.processes if process in executable or process.get("id") in self.called
        ]
        self.run_ids = {process.get("id", "") for process in self.run} - {""}
        self.scopes = [_scope(element) for process in self.run for element in _scopes(process)]

    @cached_property
    def data(self) -> DataNames:
        """Give what data the file declares."""
        return DataNames(self.root)

    @cached_property
    def main(self) -> etree._Element:
        """Give the process the file is about: the first executable one that no other calls."""
        mains = [process for process in self.executable if process.get("id") not in self.called]
        return (mains or self.executable)[0]

    def find(self, code: str, element: etree._Element, sentence: Sentence) -> None:
        """Add a finding about an element."""
        self.findings.append(_finding(code, element, sentence))

    def warn(self, code: str, element: etree._Element, sentence: Sentence) -> None:
        """Add what its owner should look at, though it runs."""
        self.warnings.append(_finding(code, element, sentence))

    def note(self, code: str, element: etree._Element, sentence: Sentence) -> None:
        """Add what has no effect, but does no harm either."""
        self.notes.append(_finding(code, element, sentence))

    def nodes(self, *locals_: str) -> Iterator[etree._Element]:
        """Give the nodes of what will run, of some kinds or of all."""
        for scope in self.scopes:
            for child in scope.element.iterchildren():
                if local_name(child) in (locals_ or NODES):
                    yield child


def target_of_call(call: etree._Element) -> str:
    """Give the id of the process a call activity names (a QName: its prefix does not matter here)."""
    return (call.get("calledElement") or "").split(":")[-1]


def calls_in(root: etree._Element) -> dict[str, list[etree._Element]]:
    """Give the call activities of a file, by the process that they call."""
    calls: dict[str, list[etree._Element]] = {}
    for call in root.iter(bpmn("callActivity")):
        calls.setdefault(target_of_call(call), []).append(call)
    return calls


def what(element: etree._Element) -> str | Sentence:
    """Name an element in a sentence: its name, else the id that somebody wrote, else its kind and place."""
    name, id_ = name_of(element), element.get("id")
    if name:
        return name
    if id_ and made_up(id_):
        return _unnamed(element, id_)
    return id_ or f"{local_name(element)}, line {element.sourceline}"


# What stands beside an element in its scope: looked for only where it has no name.
_SOURCES = etree.XPath("../*[local-name()='sequenceFlow'][@targetRef=$id]/@sourceRef")
_BESIDE = etree.XPath("../*[@id=$id]")


def _unnamed(element: etree._Element, id_: str) -> Sentence:
    local = local_name(element)
    if local == "sequenceFlow":
        ends = {end: _name_beside(element, element.get(f"{end}Ref", "")) for end in ("source", "target")}
        if all(ends.values()):
            return say("An arrow without a name (from “%(source)s” to “%(target)s”)", **ends)
        return say("An arrow without a name")
    kind = _unnamed_kind(local)
    for source in cast("list[str]", _SOURCES(element, id=id_)):
        name = _name_beside(element, source)
        if name:
            return say("%(kind)s (after “%(name)s”)", kind=kind, name=name)
    return kind


def _name_beside(element: etree._Element, id_: str) -> str:
    found = cast("list[etree._Element]", _BESIDE(element, id=id_))
    return name_of(found[0]) if found else ""


def _unnamed_kind(local: str) -> Sentence:
    if local in PEOPLE_TASKS:
        return say("A step without a name")
    if local in GATEWAYS:
        return say("A gateway without a name")
    return say("An event without a name") if local in EVENTS else say("An element without a name")


def _finding(code: str, element: etree._Element, sentence: Sentence) -> Finding:
    return Finding(code=code, element=element.get("id", ""), name=name_of(element), sentence=sentence)


def _scopes(process: etree._Element) -> Iterator[etree._Element]:
    return process.iter(bpmn("process"), *map(bpmn, SUBPROCESSES))


def _scope(element: etree._Element) -> Scope:
    scope = Scope(element)
    for child in element.iterchildren():
        if local_name(child) in NODES and child.get("id"):
            scope.nodes.setdefault(child.get("id", ""), child)
            if local_name(child) == "boundaryEvent":
                scope.beside.setdefault(child.get("attachedToRef", ""), []).append(child)
    for flow in children(element, "sequenceFlow"):
        scope.flows.append(flow)
        scope.outgoing.setdefault(flow.get("sourceRef", ""), []).append(flow)
        scope.incoming.setdefault(flow.get("targetRef", ""), []).append(flow)
    return scope
