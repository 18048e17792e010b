"""What BPMN does not have where it stands would be passed over in silence: it is refused instead."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.drawing import Drawing, what
from engine.bpmn.names import ADDED, BPMNDI, SOP, bpmn, local_name
from engine.bpmn.rules import understood
from engine.bpmn.schema import (
    ANYTHING,
    ATTRIBUTES,
    BOOLEANS,
    CHILDREN,
    ONCE,
    UNREAD,
    VALUES,
    WITHOUT_EFFECT,
    is_lost,
    may_stand_in,
)
from engine.errors import say

_DIAGRAM = f"{{{BPMNDI}}}BPMNDiagram"
# Written by editors about the drawing; says nothing of how it runs.
_SAYS_NOTHING = frozenset(
    {
        SOP,
        "http://bpmn.io/schema/bpmn",
        "http://camunda.org/schema/modeler/1.0",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://www.w3.org/2001/XMLSchema-instance",
        "http://www.w3.org/XML/1998/namespace",
    }
)
_TOLD = frozenset({"resourceAssignmentExpression"})  # noted with the people it names, however written
_UNSEEN = " \t\r\n\xa0\u200b\ufeff"


def check_schema(drawing: Drawing) -> None:
    """Find elements where BPMN has none of the kind, and note those that have no effect here."""
    idle = set(drawing.processes).difference(drawing.run)
    waiting = [drawing.root]
    while waiting:
        parent = waiting.pop()
        _foreign(drawing, parent)
        _misspelt(drawing, parent)
        _twice(drawing, parent)
        _stray(drawing, parent)
        for child in parent.iterchildren("*"):
            local = local_name(child)
            if child.tag == _DIAGRAM and parent is drawing.root:
                continue
            if not may_stand_in(local_name(parent), local):
                _misplaced(drawing, parent, child)
                continue
            _booleans(drawing, child)
            if local in UNREAD:
                drawing.note(
                    "choreography",
                    _named(child),
                    say("%(name)s is a choreography: it describes and does not run", name=what(child)),
                )
            if local not in ANYTHING | UNREAD and child not in idle:
                _no_effect(drawing, parent, child)
                waiting.append(child)


def _misplaced(drawing: Drawing, parent: etree._Element, child: etree._Element) -> None:
    drawing.find(
        "unknown-element",
        _named(child if child.get("id") else parent),
        say(
            "%(name)s holds %(kind)s (line %(line)s), which BPMN does not have there",
            name=what(parent),
            kind=_kind(child),
            line=child.sourceline,
        ),
    )


def _twice(drawing: Drawing, parent: etree._Element) -> None:
    seen: set[str] = set()
    for child in parent.iterchildren("*"):
        local = local_name(child)
        if local in ONCE and local in seen:
            drawing.find(
                "element-twice",
                _named(parent),
                say("%(name)s can have one %(kind)s only", name=what(parent), kind=local),
            )
        seen.add(local)


def _stray(drawing: Drawing, element: etree._Element) -> None:
    """Find words beside the elements, where BPMN has none: a condition without its element, say."""
    if local_name(element) not in CHILDREN or local_name(element) in _TOLD:
        return
    words = (element.text or "") + "".join(child.tail or "" for child in element)
    if words.strip(_UNSEEN):
        drawing.find(
            "stray-text",
            _named(element),
            say(
                "%(name)s holds the text %(text)s, which BPMN does not have there",
                name=what(element),
                text=" ".join(words.split())[:60],
            ),
        )


def _booleans(drawing: Drawing, element: etree._Element) -> None:
    for attribute in BOOLEANS.intersection(element.attrib):
        if element.get(attribute) not in ("true", "false", "1", "0"):
            drawing.find(
                "not-a-boolean",
                _named(element),
                say(
                    "%(name)s: %(attribute)s must be true or false, found %(found)s",
                    name=what(element),
                    attribute=attribute,
                    found=element.get(attribute, "")[:40] or '""',
                ),
            )


def _no_effect(drawing: Drawing, parent: etree._Element, child: etree._Element) -> None:
    if local_name(child) in WITHOUT_EFFECT:
        drawing.note(
            "no-effect",
            _named(parent),
            say("%(name)s: %(kind)s has no effect here", name=what(parent), kind=_kind(child)),
        )


def _foreign(drawing: Drawing, element: etree._Element) -> None:
    """Note what other programs would read: attributes and extension elements of their own."""
    found = {etree.QName(name).namespace for name in element.attrib if str(name).startswith("{")}
    for holder in element.iterchildren(bpmn("extensionElements")):
        found |= {etree.QName(own).namespace for own in holder.iterchildren("*")}
    for namespace in sorted(filter(None, found - _SAYS_NOTHING - {ADDED} - understood(element))):
        drawing.note(
            "extension",
            _named(element),
            say(
                "%(name)s: what the extension %(namespace)s says has no effect here",
                name=what(element),
                namespace=namespace[:100],
            ),
        )


def _misspelt(drawing: Drawing, element: etree._Element) -> None:
    for attribute, value in element.attrib.items():
        if is_lost(local_name(element), str(attribute), str(value)):
            drawing.find(
                "misplaced-attribute",
                _named(element),
                say(
                    "%(name)s: BPMN has no %(attribute)s for the element %(kind)s, found %(found)s",
                    name=what(element),
                    attribute=str(attribute),
                    kind=local_name(element),
                    found=str(value)[:60],
                ),
            )
        elif value not in VALUES.get(str(attribute), (value,)):
            drawing.note(
                "unknown-value",
                _named(element),
                say(
                    "%(name)s: BPMN has no %(attribute)s %(found)s; it has no effect",
                    name=what(element),
                    attribute=str(attribute),
                    found=str(value)[:60],
                ),
            )
        elif not str(attribute).startswith("{") and attribute not in ATTRIBUTES:
            drawing.note(
                "unknown-attribute",
                _named(element),
                say(
                    "%(name)s: the attribute %(attribute)s is none of BPMN's and has no effect",
                    name=what(element),
                    attribute=str(attribute)[:60],
                ),
            )


def _named(element: etree._Element) -> etree._Element:
    """Give the element itself or, where it has no id, what it stands in."""
    above = element
    while not above.get("id") and (outer := above.getparent()) is not None:
        above = outer
    return above


def _kind(element: etree._Element) -> str:
    """Give the tag as the file writes it."""
    local = etree.QName(element).localname
    return f"{element.prefix}:{local}"[:80] if element.prefix else local[:80]
