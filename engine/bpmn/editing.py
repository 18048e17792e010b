"""Changing a diagram's file in its own words: read as it is written, changed, written again.

What is not touched stays as it was, also what this program has no use for.
"""

from __future__ import annotations

from lxml import etree

from engine.bpmn.names import BPMNDI, DC, DI

PREFIXES = {"bpmndi": BPMNDI, "dc": DC, "di": DI}


def written(tree: etree._ElementTree) -> bytes:
    """Give the bytes of a file."""
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True)


def free_id(root: etree._Element, wanted: str) -> str:
    """Give an id that nothing in the file has: the wanted one, or that with a number."""
    taken = {element.get("id") for element in root.iter("*")}
    id_, number = wanted, 1
    while id_ in taken:
        number += 1
        id_ = f"{wanted}_{number}"
    return id_


def shape_of(root: etree._Element, element: str) -> etree._Element | None:
    """Find the shape that draws an element."""
    return _drawn(root, "BPMNShape", element)


def edge_of(root: etree._Element, element: str) -> etree._Element | None:
    """Find the line that draws a flow."""
    return _drawn(root, "BPMNEdge", element)


def bounds_of(shape: etree._Element | None) -> etree._Element | None:
    """Find the rectangle of a shape."""
    return None if shape is None else shape.find(f"{{{DC}}}Bounds")


def _drawn(root: etree._Element, kind: str, element: str) -> etree._Element | None:
    for one in root.iter(f"{{{BPMNDI}}}{kind}"):
        if (one.get("bpmnElement") or "").split(":")[-1] == element:
            return one
    return None
