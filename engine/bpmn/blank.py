"""A diagram to begin with: the lanes of an office, one step between a start and an end.

The layout is that of ``processes/README.md``: lanes 116 high, tasks 118 by 68, columns 141 apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from engine.bpmn.editing import free_id, put_edge, put_shape, written
from engine.bpmn.names import BPMN, BPMNDI, DC, DI, SOP, bpmn, sop
from engine.bpmn.routing import Box
from engine.model.sop_key import initials

_LEFT, _TOP, _LANE_HEIGHT, _HEAD = 160, 80, 116, 30
_COLUMN, _FIRST_TASK = 141, 303
_TASK, _EVENT = (118, 68), (36, 36)
_COLUMNS = 5  # of a blank pool: room to go on drawing
_SPACES = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "sop": SOP}


@dataclass(frozen=True, kw_only=True)
class Words:
    """What stands on the first shapes, in the office's language."""

    start: str
    step: str
    end: str


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a new SOP is called."""

    key: str
    name: str
    institution: str  # the office


def blank_diagram(named: Named, lanes: Iterable[tuple[str, str]], words: Words) -> bytes:
    """Write a diagram with a lane per (role, label); the step stands in the first."""
    root = etree.Element(bpmn("definitions"), nsmap=_SPACES)
    root.set("id", "sop_diagram")
    root.set("targetNamespace", f"urn:alur:{named.key}")
    process_id = process_id_of(named.key)
    pool = etree.SubElement(root, bpmn("collaboration"), id="kolaborasi")
    etree.SubElement(pool, bpmn("participant"), id="kantor", name=named.institution, processRef=process_id)
    process = etree.SubElement(root, bpmn("process"), id=process_id, name=named.name, isExecutable="true")
    _header(process, named)
    drawn = _lanes(root, process, lanes)
    _steps(process, words)
    _draw(root, drawn)
    etree.indent(root)
    return written(root.getroottree())


def process_id_of(key: str) -> str:
    """Give the id of an SOP's process: a word that a file can have."""
    return f"sop_{re.sub('[^a-z0-9]', '_', key)}"


def case_number_of(name: str) -> str:
    """Give the template of the numbers of an SOP's cases."""
    return f"{{urut:03}}/{initials(name)}/{{tahun}}"


def case_title_of(name: str) -> str:
    """Give the template of the titles of an SOP's cases."""
    return f"{name} {{tahun_berkas}}"


def _header(process: etree._Element, named: Named) -> None:
    holder = etree.SubElement(process, bpmn("extensionElements"))
    header = etree.SubElement(
        holder,
        sop("Document"),
        title=named.name,
        number="",
        caseNumber=case_number_of(named.name),
        caseTitle=case_title_of(named.name),
    )
    etree.SubElement(header, sop("institution")).text = named.institution


def _lanes(root: etree._Element, process: etree._Element, lanes: Iterable[tuple[str, str]]) -> list[str]:
    holder = etree.SubElement(process, bpmn("laneSet"), id="pelaksana")
    ids = []
    for role, label in lanes:
        id_ = free_id(root, f"lajur_{re.sub('[^A-Za-z0-9_]', '_', role)}")
        lane = etree.SubElement(holder, bpmn("lane"), id=id_, name=label)
        etree.SubElement(etree.SubElement(lane, bpmn("extensionElements")), sop("Lane"), role=role)
        ids.append(id_)
    for node in ("mulai", "langkah_1", "selesai"):
        etree.SubElement(holder[0], bpmn("flowNodeRef")).text = node
    return ids


def _steps(process: etree._Element, words: Words) -> None:
    start = etree.SubElement(process, bpmn("startEvent"), id="mulai", name=words.start)
    task = etree.SubElement(process, bpmn("userTask"), id="langkah_1", name=words.step)
    end = etree.SubElement(process, bpmn("endEvent"), id="selesai", name=words.end)
    etree.SubElement(etree.SubElement(task, bpmn("extensionElements")), sop("Task"), number="1")
    for id_, source, target in (("ke_langkah_1", start, task), ("ke_selesai", task, end)):
        etree.SubElement(target, bpmn("incoming")).text = id_
        etree.SubElement(source, bpmn("outgoing")).text = id_
        ends = {"sourceRef": source.get("id", ""), "targetRef": target.get("id", "")}
        etree.SubElement(process, bpmn("sequenceFlow"), {"id": id_, **ends})


def _draw(root: etree._Element, lanes: list[str]) -> None:
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id="diagram")
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id="bidang_gambar", bpmnElement="kolaborasi")
    width = _FIRST_TASK - _LEFT + _COLUMNS * _COLUMN
    put_shape(plane, "kantor", Box(_LEFT, _TOP, width, _LANE_HEIGHT * len(lanes)), horizontal=True)
    for place, lane in enumerate(lanes):
        top = _TOP + place * _LANE_HEIGHT
        put_shape(plane, lane, Box(_LEFT + _HEAD, top, width - _HEAD, _LANE_HEIGHT), horizontal=True)
    middle = _TOP + _LANE_HEIGHT // 2
    start = _FIRST_TASK - 23 - _EVENT[0]
    after = _FIRST_TASK + _TASK[0]
    end = after + 23
    for id_, left, size in (
        ("mulai", start, _EVENT),
        ("langkah_1", _FIRST_TASK, _TASK),
        ("selesai", end, _EVENT),
    ):
        put_shape(plane, id_, Box(left, middle - size[1] // 2, *size))
    put_edge(plane, "ke_langkah_1", ((start + _EVENT[0], middle), (_FIRST_TASK, middle)))
    put_edge(plane, "ke_selesai", ((after, middle), (end, middle)))
