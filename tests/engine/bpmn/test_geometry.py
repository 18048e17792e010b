"""What the drawing of a diagram says of its elements."""

from __future__ import annotations

from engine.bpmn.geometry import read_diagram
from engine.bpmn.guard import read_tree
from tests.engine.bpmn.drawn import diagram, element, start_end, timer

SHAPE = (
    '<bpmndi:BPMNShape bpmnElement="{id}"><dc:Bounds x="1" y="2" width="30" height="40"/></bpmndi:BPMNShape>'
)
NAMESPACES = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
)


def test_what_stands_apart_from_the_flow_is_drawn_as_bpmn_has_it() -> None:
    start = element("startEvent", "s", timer("timeDuration", "PT1H"), isInterrupting="false")
    body = (
        start_end(),
        element("task", "undo", isForCompensation="true"),
        element("boundaryEvent", "c", "<bpmn:compensateEventDefinition/>", attachedToRef="undo"),
        element("subProcess", "handler", start, triggeredByEvent="true"),
    )
    shapes = "".join(SHAPE.format(id=id_) for id_ in ("undo", "c", "handler", "s"))
    plane = f"<bpmndi:BPMNPlane>{shapes}</bpmndi:BPMNPlane>"
    whole = diagram(*body, after=f"<bpmndi:BPMNDiagram {NAMESPACES}>{plane}</bpmndi:BPMNDiagram>")
    drawn = {shape.element: shape for shape in read_diagram(read_tree(whole), {}).shapes}
    assert drawn["undo"].undoes
    assert drawn["c"].marker == "compensation"
    assert (drawn["handler"].interrupting, drawn["s"].interrupting) == (False, False)
