"""A drawing for a file without one: every node in its lane, no flow across a shape."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.geometry import read_diagram
from engine.bpmn.layout import laid_out
from engine.bpmn.names import bpmn
from engine.bpmn.routing import Box
from engine.model.definition import Diagram
from tests.offices import LIBRARY, SAMPLES

DIAGRAMS = [*SAMPLES.glob("*/process.bpmn"), *LIBRARY.glob("*/process.bpmn")]
_AROUND = {"participant", "lane"}


def undrawn(content: bytes) -> bytes:
    root = etree.fromstring(content)
    for diagram in root.findall("{*}BPMNDiagram"):
        root.remove(diagram)
    return etree.tostring(root)


def drawn(content: bytes) -> tuple[etree._Element, Diagram]:
    root = etree.fromstring(content)
    return root, read_diagram(root.getroottree(), {})


def boxes(diagram: Diagram) -> dict[str, Box]:
    return {
        one.element: Box(one.bounds.x, one.bounds.y, one.bounds.width, one.bounds.height)
        for one in diagram.shapes
        if one.type not in _AROUND
    }


def crossed(diagram: Diagram) -> list[tuple[str, str]]:
    """Find flows that go through a shape."""
    found = []
    for edge in diagram.edges:
        for (ax, ay), (bx, by) in pairwise(edge.waypoints):
            assert abs(ax - bx) < 1 or abs(ay - by) < 1, f"{edge.element} is not at right angles"
            line = Box(min(ax, bx), min(ay, by), abs(ax - bx), abs(ay - by))
            for id_, box in boxes(diagram).items():
                if line.meets(Box(box.x + 2, box.y + 2, box.width - 4, box.height - 4)):
                    found.append((edge.element, id_))
    return found


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.parent.name)
def test_every_sop_of_plain_steps_can_be_drawn_anew(path: Path) -> None:
    content = laid_out(undrawn(path.read_bytes()))
    if content is None:  # what is inside or beside something else is not drawn
        root = etree.fromstring(path.read_bytes())
        assert (
            next(root.iter(bpmn("subProcess"), bpmn("boundaryEvent"), bpmn("dataObject")), None) is not None
        )
        return
    root, diagram = drawn(content)
    assert not [one for one in combinations(boxes(diagram).values(), 2) if one[0].meets(one[1], 10)]
    assert crossed(diagram) == []
    lanes = {one.element: one.bounds for one in diagram.shapes if one.type == "lane"}
    for lane in root.iter(bpmn("lane")):
        for reference in lane.iterchildren(bpmn("flowNodeRef")):
            box, inside = boxes(diagram)[(reference.text or "").strip()], lanes[lane.get("id", "")]
            assert inside.y <= box.y
            assert box.bottom <= inside.y + inside.height
            assert box.right <= inside.x + inside.width
    flows = {one.get("id") for one in root.iter(bpmn("sequenceFlow"))}
    assert {one.element for one in diagram.edges} == flows


def test_a_file_with_a_drawing_stays_as_it_is() -> None:
    content = laid_out((SAMPLES / "izin" / "process.bpmn").read_bytes())
    assert content is not None
    assert laid_out(content) is None


@pytest.mark.parametrize(
    "inside",
    [
        '<b:subProcess id="s"/>',
        '<b:userTask id="a"/><b:boundaryEvent id="e" attachedToRef="a"/>',
        '<b:textAnnotation id="n"/><b:userTask id="a"/>',
        '<b:dataObject id="d"/><b:userTask id="a"/>',
        "<b:userTask/>",
        "",
    ],
)
def test_what_could_not_be_shown_whole_is_not_drawn(inside: str) -> None:
    space = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    text = f'<b:definitions xmlns:b="{space}"><b:process id="p">{inside}</b:process></b:definitions>'
    assert laid_out(text.encode()) is None


def test_loops_and_flows_to_nowhere_are_drawn_as_far_as_they_are_there() -> None:
    space = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    flows = "".join(
        f'<b:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
        for number, (source, target) in enumerate(["ab", "bc", "ca", "cc", "bx", "ac"])
    )
    nodes = "".join(f'<b:task id="{id_}"/>' for id_ in "abc")
    text = f'<b:definitions xmlns:b="{space}"><b:process id="p">{nodes}{flows}</b:process></b:definitions>'
    content = laid_out(text.encode())
    assert content is not None
    diagram = drawn(content)[1]
    assert (len(diagram.shapes), len(diagram.edges)) == (3, 5)
    assert crossed(diagram) == []
