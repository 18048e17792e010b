"""A case in which much happened, to be replayed: refusals, a delegation, a return, a move, a correction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from engine.actions import amendments, documents, drafts, tasks
from engine.actions.amendments import Amendment
from engine.actions.deployment import Package, deploy
from engine.actions.move_saving import Moving
from engine.actions.moves import move
from engine.actions.offices import operator
from engine.errors import Forbidden
from engine.ids import new_id
from engine.storage import batches
from tests.offices import Office, raw
from tests.revisions import with_a_check_before_archiving

ASKED = {"kegiatan": "Pelatihan", "biaya": "1.500", "rincian.0.barang": "Kertas", "rincian.0.jumlah": "2"}
ASKED_AGAIN = ASKED | {"biaya": "1.200"}
CORRECTED = ASKED | {"biaya": "1.250"}
NOTES = "Biaya terlalu tinggi"
_FLOW = re.compile(r'<bpmn:sequenceFlow id="(\w+)"')
_NODE = re.compile(r'<bpmn:(?:startEvent|userTask|exclusiveGateway|endEvent) id="(\w+)"')


def eventful(office: Office, revision: Package | None = None) -> UUID:
    """Play a case of *izin*; it stands at a step that only its second revision has."""
    engine, people = office.engine, office.people
    case = office.start(year=2031).instance
    refused(office, case, "mengajukan", "agus")
    office.clock.move(timedelta(hours=1))
    office.complete(case, "mengajukan", "joko", ASKED)
    examined = office.open_task(case, "memeriksa").id
    tasks.claim(engine, people["rina"], examined)
    office.clock.move(timedelta(hours=1))
    tasks.assign(engine, people["rina"], examined, person(office, "wati"))
    office.clock.move(timedelta(days=3))
    office.complete(case, "memeriksa", "wati", {"keputusan": "Tidak", "catatan": NOTES})
    refused(office, case, "mengajukan", "dewi")
    again = office.open_task(case, "mengajukan").id
    drafts.save(engine, people["joko"], again, raw({"kegiatan": "Pelatihan"}), by_hand=True)
    documents.comment(engine, people["joko"], again, "Biaya dihitung ulang", new_id())
    office.clock.move(timedelta(hours=3))
    office.complete(case, "mengajukan", "joko", ASKED_AGAIN)
    to_revision(office, case, revision or with_a_check_before_archiving())
    done = [one for one in office.tasks(case) if one.element == "mengajukan"][-1]
    amendment = Amendment(fields=raw(CORRECTED), reason="Salah ketik", attempt=new_id())
    amendments.amend(engine, people["dewi"], done.id, amendment)
    office.clock.move(timedelta(hours=1))
    office.complete(case, "memeriksa", "rina", {"keputusan": "Ya"})
    return case


def person(office: Office, name: str) -> UUID:
    """Give somebody's identity."""
    found = office.people[name].person
    assert found is not None
    return found


def refused(office: Office, case: UUID, element: str, by: str) -> None:
    """Let somebody try to take a task that is not theirs."""
    with pytest.raises(Forbidden):
        tasks.claim(office.engine, office.people[by], office.open_task(case, element).id)


def to_revision(office: Office, case: UUID, revision: Package) -> None:
    """Put a revision into the library, and move the case to it."""
    engine, owner = office.engine, office.people["putu"]
    version = engine.versions.get(deploy(engine, operator(office.id), revision).version)
    batch = new_id()
    facts = {"office": office.id, "process": version.process, "version": version.id, "total": 1}
    with engine.store.transaction() as connection:
        batches.add(
            connection,
            {},
            id=batch,
            kind="move",
            asked_by=owner.person,
            asked_at=office.clock.now() + timedelta(days=365),
            **facts,
        )
    moving = Moving(to=version.id, reason="Revisi 2 berlaku", batch=batch)
    assert move(engine, owner, case, moving).moved


def drawn(package: Package) -> Package:
    """Draw a package whose file has no drawing."""
    text = package.bpmn.decode()
    return replace(
        package, bpmn=text.replace("</bpmn:definitions>", f"{drawing(text)}</bpmn:definitions>").encode()
    )


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
