"""What tests of the queries are given: the office with the sample process and its drawing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.core import Engine
from tests.offices import SAMPLES, Office, furnish

_FLOW = re.compile(r'<bpmn:sequenceFlow id="(\w+)"')
_NODE = re.compile(r'<bpmn:(?:startEvent|userTask|exclusiveGateway|endEvent) id="(\w+)"')


@pytest.fixture
def drawn(engine_: Engine, clock: SetClock, tmp_path: Path) -> Office:
    """Furnish an office whose SOP *izin* has a drawing, so that the way of a case can be followed."""
    folder = tmp_path / "processes" / "izin"
    shutil.copytree(SAMPLES / "izin", folder)
    shutil.copytree(SAMPLES.parent / "forms" / "izin", tmp_path / "forms" / "izin")
    diagram = folder / "process.bpmn"
    text = diagram.read_text("utf-8")
    diagram.write_text(text.replace("</bpmn:definitions>", f"{drawing(text)}</bpmn:definitions>"), "utf-8")
    return furnish(engine_, clock, "kantor", folder)


def drawing(text: str) -> str:
    """Draw every node and flow of a diagram, one beside the other."""
    return (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
        'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
        f'id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="collaboration">{"".join(_shapes(text))}'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )


def _shapes(text: str) -> Iterator[str]:
    for count, node in enumerate(_NODE.findall(text)):
        yield (
            f'<bpmndi:BPMNShape id="{node}_di" bpmnElement="{node}">'
            f'<dc:Bounds x="{count * 150}" y="0" width="100" height="80" /></bpmndi:BPMNShape>'
        )
    for count, flow in enumerate(_FLOW.findall(text)):
        yield (
            f'<bpmndi:BPMNEdge id="{flow}_di" bpmnElement="{flow}">'
            f'<di:waypoint x="{count * 150}" y="40" /><di:waypoint x="{count * 150 + 50}" y="40" />'
            "</bpmndi:BPMNEdge>"
        )
