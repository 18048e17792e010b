"""What means the same is no difference, however it is written or drawn."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.diff import differences, read_side
from tests.engine.bpmn.diff.comparing import PACKAGE, said, side
from tests.webapp.editor.modules import ask

ROOT = Path(__file__).parents[4]
FILES = [
    path
    for pattern in (
        "processes/*/process.bpmn",
        "tests/samples/processes/*/process.bpmn",
        "tests/engine/bpmn/other_tools/*.bpmn",
        "tests/webapp/editor/*.bpmn",
    )
    for path in sorted(ROOT.glob(pattern))
]
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def differs(content: bytes) -> list[str]:
    changed = read_side(content, forms=PACKAGE.forms, notes=PACKAGE.notes)
    return [str(one.sentence) for one in differences(side(), changed)]


def test_moving_shapes_about_is_no_difference() -> None:
    root = etree.fromstring(PACKAGE.bpmn)
    for bounds in root.iter("{*}Bounds", "{*}waypoint"):
        bounds.set("x", str(float(bounds.get("x", "0")) + random.randint(1, 900)))
    for shape in list(root.iter("{*}BPMNShape"))[::3]:
        above = shape.getparent()
        assert above is not None
        above.remove(shape)
    assert differs(etree.tostring(root)) == []


def test_the_order_of_attributes_and_of_references_is_no_difference() -> None:
    root = etree.fromstring(PACKAGE.bpmn)
    for element in root.iter("*"):
        about = sorted(element.attrib.items(), reverse=True)
        element.attrib.clear()
        element.attrib.update(about)
    for holder in root.iter(f"{BPMN}lane", f"{BPMN}userTask", f"{BPMN}exclusiveGateway"):
        moved = [
            child
            for child in holder
            if child.tag in {f"{BPMN}flowNodeRef", f"{BPMN}incoming", f"{BPMN}outgoing"}
        ]
        for child in reversed(moved):
            holder.append(child)
    assert differs(etree.tostring(root)) == []


def test_prefixes_are_no_difference() -> None:
    other = re.sub(rb"\bbpmn:(?=\w)", b"", PACKAGE.bpmn).replace(b"xmlns:bpmn=", b"xmlns=")
    assert b"<userTask" in other
    assert differs(other) == []
    own = re.sub(rb"(</?)sop:", rb"\1s:", PACKAGE.bpmn).replace(b"xmlns:sop=", b"xmlns:s=")
    assert differs(own) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<bpmn:incoming>ke_memerintahkan</bpmn:incoming>", ""),
        ('name="Mereviu draft"', 'name="Mereviu&#10;  draft"'),
        ('isExecutable="true"', ' isExecutable="1"'),
        (' xsi:type="bpmn:tFormalExpression"', ""),
        ('<bpmn:userTask id="mereviu_draft"', '<bpmn:userTask isForCompensation="false" id="mereviu_draft"'),
        ('sourceRef="mulai"', 'sourceRef=" mulai "'),
        (
            '<sop:input name="Disposisi" />',
            '<sop:input name="Disposisi" required="true" printed="Disposisi"/>',
        ),
        ('standardTime="P3D"', 'standardTime="P3D" clock="arrival"'),
        ("</bpmn:definitions>", "<!-- a note of a program --></bpmn:definitions>"),
        ("targetNamespace=", 'exporter="Modeler" exporterVersion="5.0" targetNamespace='),
    ],
)
def test_other_ways_of_writing_the_same(old: str, new: str) -> None:
    assert said((old, new)) == []


def test_ids_of_event_definitions_mean_nothing() -> None:
    def waits(about: str) -> bytes:
        return (
            '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
            '<process id="p">'
            f'<intermediateCatchEvent id="waits"><timerEventDefinition {about}>'
            "<timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent></process></definitions>"
        ).encode()

    assert differences(read_side(waits('id="a"')), read_side(waits('id="b"'))) == ()
    assert differences(read_side(waits('id="a"')), read_side(waits(""))) == ()


def test_another_tool_that_numbers_anew_changes_ids_only() -> None:
    """Flows and what they connect are found again: nothing is told as gone and new."""
    root = etree.fromstring(PACKAGE.bpmn)
    flows = {flow.get("id", ""): f"Flow_{n}" for n, flow in enumerate(root.iter(f"{BPMN}sequenceFlow"))}
    nodes = {"mulai": "StartEvent_1", "selesai": "EndEvent_1", "disetujui": "Gateway_1"}
    for element in root.iter("*"):
        for name, value in element.attrib.items():
            element.set(name, {**flows, **nodes}.get(str(value), str(value)))
        if element.text and element.text.strip() in {**flows, **nodes}:
            element.text = {**flows, **nodes}[element.text.strip()]
    told = [
        one
        for one in differences(
            side(), read_side(etree.tostring(root), forms=PACKAGE.forms, notes=PACKAGE.notes)
        )
        if one.aspect != "id"
    ]
    assert told == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-2:]))
def test_what_the_editor_writes_of_an_untouched_file_is_no_difference(file: Path) -> None:
    """It reads and writes with bpmn-moddle, which orders and prefixes everything its own way."""
    written = ask("roundTrip", file.read_text("utf-8"))["xml"]
    told = differences(read_side(file.read_bytes()), read_side(written.encode()))
    assert [str(one.sentence) for one in told] == []


def test_a_draft_that_cannot_run_is_compared_all_the_same() -> None:
    broken = ('targetRef="membuat_draft"', 'targetRef="tidak_ada"')
    assert "The way “Tidak” after Disetujui? is now to tidak_ada (before to Membuat draft)" in said(broken)
