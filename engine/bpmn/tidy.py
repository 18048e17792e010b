"""Writes alike what XML Schema takes for the same, so that nobody who reads the tree has to know."""

from __future__ import annotations

import re

from lxml import etree

from engine.bpmn.names import BPMN, bpmn, local_name, plain, text_of

_FREE_TEXT = frozenset({"name"})  # xsd:string; of all other types spaces around the value are none of it
_NUMBERS = frozenset({"loopMaximum", "startQuantity", "completionQuantity", "minimum", "maximum"})
_WHOLE = re.compile(r"\+?0*(\d+)", re.ASCII)
_EXPRESSIONS = ("conditionExpression", "loopCondition", "loopCardinality", "completionCondition")


def tidy(root: etree._Element) -> None:
    """Take away spaces around values, the prefix of what an event stands at, and empty expressions."""
    for element in root.iter(f"{{{BPMN}}}*"):
        for name, value in element.attrib.items():
            if not str(name).startswith("{") and name not in _FREE_TEXT:
                same = _same(str(name), str(value))
                if same != value:
                    element.set(name, same)
        if local_name(element) == "boundaryEvent" and element.get("attachedToRef"):
            element.set("attachedToRef", plain(element.get("attachedToRef")))
    for expression in list(root.iter(*map(bpmn, _EXPRESSIONS))):
        above = expression.getparent()
        if above is not None and not text_of(expression):
            above.remove(expression)


def _same(name: str, value: str) -> str:
    value = value.strip()
    number = _WHOLE.fullmatch(value) if name in _NUMBERS else None
    return value if number is None else number.group(1)
