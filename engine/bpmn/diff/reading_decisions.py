"""A DMN file as nodes by the id of its decisions; all versions of DMN are read alike."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.diff.nodes import Node
from engine.dmn.limits import MOST_NODES
from engine.dmn.reader import NAMESPACES
from engine.errors import Refused
from engine.xml_guard import read_tree

WHOLE = ""
_OF_THE_FILE = frozenset({"id", "exporter", "exporterVersion"})
_DRAWN = ("/DMNDI/", "/DI/", "/DC/", "/dmn/biodi")
_BY_DEFAULT = {"hitPolicy": "UNIQUE", "preferredOrientation": "Rule-as-Row"}


def read_decision_file(content: bytes | None) -> dict[str, Node] | None:
    """Read a file: what stands in it by id, and under "" the file as a whole; None where it is unreadable."""
    if content is None:
        return {WHOLE: Node(tag="definitions")}
    try:
        root = read_tree(content, MOST_NODES).getroot()
    except Refused:
        return None
    referred = {
        str(value).rpartition("#")[2]
        for element in root.iter("*")
        for name, value in element.attrib.items()
        if name == "href"
    }
    found = {WHOLE: _node(root, referred, whole=True)}
    for child in root.iterchildren("*"):
        id_ = child.get("id")
        if id_ and _is_model(child):
            found[id_ if id_ not in found else f"{id_} ({len(found)})"] = _node(child, referred)
    return found


def _node(element: etree._Element, referred: set[str], *, whole: bool = False) -> Node:
    dropped = _OF_THE_FILE if whole or element.get("id") not in referred else _OF_THE_FILE - {"id"}
    attributes = {
        str(name): " ".join(str(value).split()) if name in {"name", "label"} else str(value).strip()
        for name, value in element.attrib.items()
        if name not in dropped and not _is_drawn(str(name))
    }
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    return Node(
        tag=_tag(element),
        attributes={key: value for key, value in attributes.items() if _BY_DEFAULT.get(key) != value},
        text=text.strip(),
        children=tuple(
            _node(child, referred)
            for child in element.iterchildren("*")
            if not _is_drawn(str(child.tag)) and not (whole and child.get("id") and _is_model(child))
        ),
        mark=element.get("id", ""),
    )


def _is_model(element: etree._Element) -> bool:
    return etree.QName(element).namespace in NAMESPACES


def _is_drawn(name: str) -> bool:
    space = name[1:].partition("}")[0] if name.startswith("{") else ""
    return any(part in f"{space}/" for part in _DRAWN)


def _tag(element: etree._Element) -> str:
    name = etree.QName(element)
    return name.localname if name.namespace in NAMESPACES else str(element.tag)
