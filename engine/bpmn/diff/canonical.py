"""From the XML of a diagram to nodes: what the standard takes for the same is written alike.

Left out: the drawing (DI), comments, what names the program that wrote the file, and ids that nothing
refers to. References lose their prefixes (XML Schema's QName), values that BPMN has by default are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.diff.nodes import Node
from engine.bpmn.names import BPMN, BPMNDI, DC, DI, NODES, SOP, local_name
from engine.bpmn.schema import BOOLEANS, SAYING_NOTHING


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTS = NODES | _words(
    "process collaboration participant messageFlow lane sequenceFlow association textAnnotation group"
    " dataObject dataObjectReference dataStore dataStoreReference message signal error escalation"
    " itemDefinition interface operation correlationProperty category categoryValue resource endPoint"
    " conversation subConversation callConversation conversationLink choreography globalConversation"
    " globalTask globalUserTask globalManualTask globalScriptTask globalBusinessRuleTask"
    " globalChoreographyTask partnerEntity partnerRole relationship"
)
_DRAWN = frozenset({BPMNDI, DC, DI})
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_OF_THE_FILE = frozenset({"exporter", "exporterVersion", f"{{{_XSI}}}schemaLocation"})
# Said elsewhere: by the flows, and by the place of a step in a lane.
_SAID_ELSEWHERE = frozenset({"incoming", "outgoing", "flowNodeRef"})
_EMPTY_IS_NONE = frozenset(
    {"conditionExpression", "loopCondition", "loopCardinality", "completionCondition", "documentation"}
)
_PROSE = frozenset({"documentation", "text"})
_SCRIPTS = frozenset({"script"})
_BY_DEFAULT = {
    **SAYING_NOTHING,
    "isClosed": frozenset({"false"}),
    "isCollection": frozenset({"false"}),
    "processType": frozenset({"None"}),
    "gatewayDirection": frozenset({"Unspecified"}),
    "textFormat": frozenset({"text/plain"}),
    "expressionLanguage": frozenset({"http://www.w3.org/1999/XPath"}),
    "typeLanguage": frozenset({"http://www.w3.org/2001/XMLSchema"}),
}
_SOP_BY_DEFAULT = {
    "required": frozenset({"true", "1"}),
    "signed": frozenset({"false", "0"}),
    "source": frozenset({"upload"}),
    "clock": frozenset({"arrival"}),
    "time": frozenset({"calendar"}),
}
_FOR_UNDOING = "was"  # of a question: how its answer is taken back
_TRUTH = {"1": "true", "0": "false"}
_PREFIXED = re.compile(r"([A-Za-z_][\w.-]*):([^\s:]+)")


class Reading:
    """Reads the elements of one file."""

    def __init__(self, root: etree._Element) -> None:
        """Find what ids the file refers to."""
        self.target = root.get("targetNamespace", "")
        self.referred = set(_referred(root))

    def node(self, element: etree._Element) -> Node:
        """Read an element with all inside that is no part of its own; a part's id is left out."""
        local = local_name(element)
        inside = (
            self.node(child)
            for child in elements(element)
            if not is_part(child) and local_name(child) not in _SAID_ELSEWHERE and not _says_nothing(child)
        )
        return Node(
            tag=_tag(element),
            attributes=dict(self._attributes(element, local)),
            text=self._text(element, local),
            children=tuple(child for child in inside if not child.is_empty),
            mark=element.get("id", ""),
        )

    def _attributes(self, element: etree._Element, local: str) -> Iterator[tuple[str, str]]:
        own = element.tag.startswith(f"{{{SOP}}}")
        for name, given in element.attrib.items():
            key, value = str(name), str(given)
            value = " ".join(value.split()) if key == "name" or own else value.strip()
            if local:
                value = self._of_bpmn(element, key, value)
            if self._counts(element, key, value, own=own):
                yield key, value

    def _of_bpmn(self, element: etree._Element, key: str, value: str) -> str:
        if key in BOOLEANS:
            return _TRUTH.get(value, value)
        return value if key == "name" else self._reference(element, value)

    def _reference(self, element: etree._Element, value: str) -> str:
        """Take the prefix from a QName, or write its namespace out where that is another one."""
        found = _PREFIXED.fullmatch(value)
        space = element.nsmap.get(found.group(1)) if found is not None else None
        if found is None or space is None:
            return value
        return found.group(2) if space in {BPMN, self.target} else f"{{{space}}}{found.group(2)}"

    def _counts(self, element: etree._Element, key: str, value: str, *, own: bool) -> bool:
        if key == "id" and (is_part(element) or local_name(element)):
            return not is_part(element) and value in self.referred
        if key in _OF_THE_FILE or (key == f"{{{_XSI}}}type" and value == "tFormalExpression"):
            return False
        if own:
            if key == _FOR_UNDOING and _tag(element) == "sop:Question":
                return False
            return value not in _SOP_BY_DEFAULT.get(key, ()) and not (
                key == "printed" and value == " ".join(element.get("name", "").split())
            )
        return value not in _BY_DEFAULT.get(key, ())

    def _text(self, element: etree._Element, local: str) -> str:
        text = (element.text or "") + "".join(child.tail or "" for child in element)
        if local in _PROSE or element.tag.startswith(f"{{{SOP}}}"):
            return " ".join(text.split())
        if local in _SCRIPTS:
            return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n").rstrip()
        text = text.strip()
        return self._reference(element, text) if local.endswith(("Ref", "Refs")) else text


def elements(element: etree._Element) -> Iterator[etree._Element]:
    """Give the children that are elements, without the drawing."""
    for child in element.iterchildren("*"):
        if etree.QName(child).namespace not in _DRAWN:
            yield child


def is_part(element: etree._Element) -> bool:
    """Tell whether an element is one that people know: it is compared with the one of the same id.

    Flow nodes and flows are so without an id too; of others, which nothing can refer to, it is content.
    """
    local = local_name(element)
    return local in PARTS and bool(element.get("id") or local in NODES or local == "sequenceFlow")


def _tag(element: etree._Element) -> str:
    name = etree.QName(element)
    if name.namespace == BPMN:  # BPMN20.xsd has formalExpression as another way of writing expression
        return "expression" if name.localname == "formalExpression" else name.localname
    return f"sop:{name.localname}" if name.namespace == SOP else str(element.tag)


def _says_nothing(element: etree._Element) -> bool:
    return local_name(element) in _EMPTY_IS_NONE and not "".join(map(str, element.itertext())).strip()


def _referred(root: etree._Element) -> Iterator[str]:
    for element in root.iter("*"):
        if etree.QName(element).namespace in _DRAWN:
            continue
        for name, value in element.attrib.items():
            if name != "id":
                yield from (word.rpartition(":")[2] for word in str(value).split())
        if element.text and not len(element):
            yield element.text.strip().rpartition(":")[2]
