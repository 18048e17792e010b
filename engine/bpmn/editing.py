"""Changing a diagram's file in its own words: read as it is written, changed, written again.

What is not touched stays as it was, also what this program has no use for.
"""

from __future__ import annotations

from lxml import etree

from engine.bpmn.names import BPMNDI, DC, DI, bpmn, children
from engine.bpmn.routing import Box, Way


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


def holder_of(element: etree._Element) -> etree._Element:
    """Give where an element keeps extensions: behind its documentation, made where it is not there yet."""
    holder = element.find(bpmn("extensionElements"))
    if holder is None:
        holder = etree.Element(bpmn("extensionElements"))
        element.insert(len(list(children(element, "documentation"))), holder)
    return holder


def put_shape(plane: etree._Element, element: str, box: Box, *, horizontal: bool = False) -> None:
    """Draw an element."""
    id_ = free_id(plane.getroottree().getroot(), f"{element}_di")
    shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", id=id_, bpmnElement=element)
    if horizontal:
        shape.set("isHorizontal", "true")
    write_box(etree.SubElement(shape, f"{{{DC}}}Bounds"), box)


def put_edge(plane: etree._Element, element: str, way: Way) -> None:
    """Draw a flow."""
    id_ = free_id(plane.getroottree().getroot(), f"{element}_di")
    edge = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", id=id_, bpmnElement=element)
    write_way(edge, way)


def write_box(bounds: etree._Element, box: Box) -> None:
    """Write a rectangle."""
    for name in ("x", "y", "width", "height"):
        bounds.set(name, _number(getattr(box, name)))


def write_way(edge: etree._Element, way: Way) -> None:
    """Write the waypoints of a flow over those before; its label is put where it was by itself."""
    for old in edge.findall(f"{{{DI}}}waypoint"):
        edge.remove(old)
    for place, (x, y) in enumerate(way):
        point = etree.Element(f"{{{DI}}}waypoint", x=_number(x), y=_number(y))
        edge.insert(place, point)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
