"""What the expressions at elements read of the variables, as far as their text tells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.guard import read_tree
from engine.bpmn.names import SOP, children, local_name, name_of
from engine.bpmn.rules import decision_of
from engine.dmn.deciding import Decisions

_SAYING_NOTHING = ("documentation", "incoming", "outgoing", "flowNodeRef")
_KEY = re.compile(r"""\s*(?:\[|\.get\()\s*(["'])(?P<key>[^"']+)\1""")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The texts at one element, and the decision it takes."""

    element: str
    name: str
    texts: tuple[str, ...]
    decision: str = ""
    decisions: Decisions = field(default_factory=lambda: Decisions({}))

    def reads(self, variable: str, key: str = "") -> bool:
        """Tell whether a variable is read, and of it the value under a key (or all of it)."""
        word = re.compile(rf"(?<![\w.\"'])(?:{re.escape(variable)})(?!\w)")
        found = (_KEY.match(text, match.end()) for text in self.texts for match in word.finditer(text))
        if any(one is None or not key or one["key"] == key for one in found):
            return True
        return bool(self.decision) and self.decisions.reads(self.decision, variable, key)


def readings(diagram: bytes, decisions: Decisions, elements: Collection[str]) -> tuple[Reading, ...]:
    """Give what stands at elements of a diagram: conditions, scripts, times, decisions and so on."""
    root = read_tree(diagram).getroot()
    return tuple(
        Reading(
            element=node.get("id", ""),
            name=name_of(node) or node.get("id", ""),
            texts=tuple(text for text in _texts(node) if text),
            decision=_decision(node),
            decisions=decisions,
        )
        for node in root.iter()
        if local_name(node) and node.get("id") in elements
    )


def _decision(node: etree._Element) -> str:
    named = decision_of(node) if local_name(node) == "businessRuleTask" else None
    return named.decision if named is not None else ""


def _texts(node: etree._Element) -> Iterator[str]:
    yield from _inside(node)
    scope = node.getparent()
    for flow in children(scope, "sequenceFlow") if scope is not None else ():
        if flow.get("sourceRef") == node.get("id"):
            yield from _inside(flow)


def _inside(node: etree._Element) -> Iterator[str]:
    for child in node.iterchildren("*"):
        tag = etree.QName(child)
        if local_name(child) in _SAYING_NOTHING or (tag.namespace, tag.localname) == (SOP, "Task"):
            continue
        yield (child.text or "").strip()
        if not local_name(child):  # of an extension: a value may stand in an attribute
            yield from map(str, child.attrib.values())
        yield from _inside(child)
