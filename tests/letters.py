"""Processes that speak to others: they wait for messages and signals, and throw them."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.actions.deployment import Package
from tests.engine.bpmn.drawn import element, flows, script

ANSWER = '<bpmn:messageEventDefinition messageRef="jawaban" />'
BELL = '<bpmn:signalEventDefinition signalRef="bel" />'
_BESIDE = (
    '<bpmn:message id="jawaban" name="Jawaban" /><bpmn:message id="permintaan" name="Permintaan" />'
    '<bpmn:signal id="bel" name="Bel" />'
)
_KEY = (
    '<bpmn:correlationProperty id="nomor" name="nomor">'
    '<bpmn:correlationPropertyRetrievalExpression messageRef="permintaan">'
    "<bpmn:messagePath>surat</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>"
    '<bpmn:correlationPropertyRetrievalExpression messageRef="jawaban">'
    "<bpmn:messagePath>surat</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>"
    "</bpmn:correlationProperty>"
)
_KEYED = (
    '<bpmn:correlationKey id="kunci"><bpmn:correlationPropertyRef>nomor</bpmn:correlationPropertyRef>'
    "</bpmn:correlationKey>"
)


def draw(key: str, *middle: str, steps: tuple[str, ...], keyed: bool = False) -> Package:
    """Draw a process of the staff: what stands between its start and its end, in the order of ``steps``."""
    tasks = "".join(
        f'<bpmn:userTask id="{step}" name="{step.capitalize()}" />' for step in steps if step.startswith("me")
    )
    nodes = [step for step in steps if step.startswith("me")]
    lane = (
        '<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="Staf"><bpmn:extensionElements>'
        '<sop:Lane role="staf" /></bpmn:extensionElements>'
        + "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
        + "</bpmn:lane></bpmn:laneSet>"
    )
    document = (
        f'<bpmn:extensionElements><sop:Document title="{key}" number="1" effectiveOn="2026-01-05" '
        f'caseNumber="{{urut:03}}/{key}/{{tahun}}" caseTitle="{key}" /></bpmn:extensionElements>'
    )
    ends = element("startEvent", "mulai") + element("endEvent", "selesai")
    bpmn = (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
        'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
        f'xmlns:sop="urn:alur:sop:1" id="d_{key}">{_BESIDE}{_KEY if keyed else ""}'
        f'<bpmn:collaboration id="c"><bpmn:participant id="pool" name="Kantor" processRef="p" />'
        f"{_KEYED if keyed else ''}</bpmn:collaboration>"
        f'<bpmn:process id="p" name="{key}" isExecutable="true">{document}{lane}{ends}{tasks}'
        f"{''.join(middle)}{flows('mulai', *steps, 'selesai')}</bpmn:process>"
        f'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="c">{_shapes("mulai", *steps, "selesai")}'
        "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"
    )
    return Package(key=key, bpmn=bpmn.encode(), forms={})


def undrawn(package: Package) -> Package:
    """Give a process as a program writes it that draws nothing."""
    bpmn = re.sub(rb"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", b"", package.bpmn, flags=re.DOTALL)
    assert bpmn != package.bpmn
    return replace(package, bpmn=bpmn)


def _shapes(*nodes: str) -> str:
    return "".join(
        f'<bpmndi:BPMNShape bpmnElement="{node}">'
        f'<dc:Bounds x="{120 * place}" y="0" width="100" height="80" />'
        "</bpmndi:BPMNShape>"
        for place, node in enumerate(nodes)
    )


RECEIVES = draw(
    "menerima-jawaban",
    element("intermediateCatchEvent", "tunggu", ANSWER),
    steps=("meminta", "tunggu", "membaca"),
)
# Sends a request with the number of its letter, and waits for the answer to that one.
ASKS = draw(
    "bertanya",
    script("catat", 'surat = case["year"]'),
    element("sendTask", "kirim", messageRef="permintaan"),
    element("intermediateCatchEvent", "tunggu", ANSWER),
    steps=("meminta", "catat", "kirim", "tunggu", "membaca"),
    keyed=True,
)
TAKES_REQUESTS = draw(
    "menjawab",
    element("intermediateCatchEvent", "tunggu", ANSWER.replace("jawaban", "permintaan")),
    steps=("menunggu", "tunggu", "menulis"),
)
RINGS = draw("membunyikan", element("intermediateThrowEvent", "bunyi", BELL), steps=("mengetuk", "bunyi"))
HEARS = draw(
    "mendengar-bel",
    element("intermediateCatchEvent", "dengar", BELL),
    steps=("menyimak", "dengar", "membuka"),
)
