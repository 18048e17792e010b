"""What is drawn: shapes and flows of the BPMN DI."""

from __future__ import annotations

import math
from collections.abc import Mapping

from lxml import etree

from engine.bpmn.names import BPMN, BPMNDI, DC, DI, local_name, name_of
from engine.model.definition import Bounds, Diagram, Edge, Shape

_TRUE, _FALSE = ("true", "1"), ("false", "0")
_EXPANDED = {"subProcess": "false", "transaction": "false", "adHocSubProcess": "false"}  # BPMN DI's default


def read_diagram(tree: etree._ElementTree, numbers: Mapping[str, int]) -> Diagram:
    """Read the first diagram of the file; ``numbers`` are those of the steps, by element."""
    root = tree.getroot()
    elements = {
        element.get("id", ""): element for element in root.iter() if local_name(element) and element.get("id")
    }
    plane = root.find(f"{{{BPMNDI}}}BPMNDiagram/{{{BPMNDI}}}BPMNPlane")
    if plane is None:
        return Diagram()
    shapes, edges = [], []
    for drawn in plane.iterchildren(f"{{{BPMNDI}}}BPMNShape"):
        shape = _shape(drawn, elements, numbers)
        if shape is not None:
            shapes.append(shape)
    for drawn in plane.iterchildren(f"{{{BPMNDI}}}BPMNEdge"):
        edge = _edge(drawn, elements)
        if edge is not None:
            edges.append(edge)
    return Diagram(shapes=tuple(shapes), edges=tuple(edges))


def _shape(
    drawn: etree._Element, elements: Mapping[str, etree._Element], numbers: Mapping[str, int]
) -> Shape | None:
    element = elements.get(_reference(drawn))
    bounds = _bounds(drawn.find(f"{{{DC}}}Bounds"))
    if element is None or bounds is None:
        return None
    id_ = element.get("id", "")
    return Shape(
        element=id_,
        type=etree.QName(element).localname,
        name=name_of(element) or _annotation(element),
        bounds=bounds,
        label=_label(drawn),
        number=numbers.get(id_),
        marker=_marker(element),
        interrupting=_interrupts(element),
        repeats=_repeats(element),
        undoes=element.get("isForCompensation") in _TRUE,
        expanded=drawn.get("isExpanded", _EXPANDED.get(etree.QName(element).localname, "true")) not in _FALSE,
    )


def _edge(drawn: etree._Element, elements: Mapping[str, etree._Element]) -> Edge | None:
    element = elements.get(_reference(drawn))
    points = [
        (_number(point.get("x")), _number(point.get("y")))
        for point in drawn.iterchildren(f"{{{DI}}}waypoint")
    ]
    if element is None or len(points) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    return Edge(
        element=element.get("id", ""),
        type=etree.QName(element).localname,
        name=name_of(element),
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        waypoints=tuple(points),
        label=_label(drawn),
        default=elements[element.get("sourceRef", "")].get("default") == element.get("id")
        if element.get("sourceRef", "") in elements
        else False,
    )


def _marker(element: etree._Element) -> str:
    """Name what an event waits for or causes: timer, message, error …; several are "multiple"."""
    kinds = [
        name.removesuffix("EventDefinition")
        for child in element.iterchildren()
        if (name := local_name(child)).endswith("EventDefinition")
    ]
    if len(kinds) > 1:
        return "parallelMultiple" if element.get("parallelMultiple") in _TRUE else "multiple"
    return {"compensate": "compensation"}.get(kinds[0], kinds[0]) if kinds else ""


def _interrupts(element: etree._Element) -> bool:
    """Tell whether the edge is a full line: that of an event subprocess is dotted (BPMN 2.0, 10.3.5)."""
    if element.get("triggeredByEvent") in _TRUE:
        return False
    return element.get("cancelActivity", element.get("isInterrupting", "true")) not in _FALSE


def _repeats(element: etree._Element) -> str:
    several = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    if several is not None:
        return "sequential" if several.get("isSequential") in _TRUE else "parallel"
    return "loop" if element.find(f"{{{BPMN}}}standardLoopCharacteristics") is not None else ""


def _reference(drawn: etree._Element) -> str:
    return (drawn.get("bpmnElement") or "").split(":")[-1]


def _label(drawn: etree._Element) -> Bounds | None:
    return _bounds(drawn.find(f"{{{BPMNDI}}}BPMNLabel/{{{DC}}}Bounds"))


def _bounds(element: etree._Element | None) -> Bounds | None:
    if element is None:
        return None
    x, y, width, height = (_number(element.get(name)) for name in ("x", "y", "width", "height"))
    return Bounds(x=x, y=y, width=width, height=height)


def _number(text: str | None) -> float:
    try:
        number = float(text or 0)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0


def _annotation(element: etree._Element) -> str:
    return " ".join((element.findtext(f"{{{BPMN}}}text") or "").split())
