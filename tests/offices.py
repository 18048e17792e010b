"""An office for tests: people with names, a clock that is moved by hand, and the process *izin*."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from engine.actions import assignments, completion, instances
from engine.actions.assignments import LetterForm
from engine.actions.completion import Completed, Completion
from engine.actions.deployment import Package, deploy, read_package
from engine.actions.files import Upload
from engine.actions.instances import NewCase, Started
from engine.actions.offices import OfficePlan, open_office, operator
from engine.actions.people import PersonForm, add_person
from engine.actions.roles import AssignmentForm, RoleForm, assign_role
from engine.clock import SetClock
from engine.core import Engine
from engine.demo_paper import paper
from engine.ids import new_id
from engine.model.actor import Actor, HeldRole
from engine.model.event import Event
from engine.model.permission import RoleKind
from engine.model.task import Task, TaskState
from engine.storage import people
from engine.storage import tasks as task_rows
from engine.storage.assignments import coverage_of
from engine.storage.events import stream_events
from engine.storage.tables import audit_assignment, audit_member

SAMPLES = Path(__file__).parent / "samples" / "processes"
LIBRARY = Path(__file__).parent.parent / "processes"
MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # 08.30 WIB, an ordinary working day

_ROLES = {
    "kadin": ("Kadin", "Kepala Dinas", RoleKind.PERFORMER),
    "sekdin": ("Sekdin", "Sekretaris Dinas", RoleKind.PERFORMER),
    "kasub": ("Kasub", "Kasubbag Penyusunan Program", RoleKind.PERFORMER),
    "staf": ("Staf", "Staf Subbag", RoleKind.PERFORMER),
    "pemilik": ("Pemilik SOP", "Pemilik SOP", RoleKind.OWNER),
    "pengesah": ("Pengesah SOP", "Pengesah SOP", RoleKind.APPROVER),
    "auditor": ("Auditor", "Auditor", RoleKind.AUDITOR),
    "admin": ("Administrator", "Administrator", RoleKind.ADMINISTRATOR),
}
_PEOPLE = {
    "budi": "kadin",
    "sri": "sekdin",
    "rina": "kasub",
    "joko": "staf",
    "wati": "staf",
    "putu": "pemilik",
    "lina": "pengesah",
    "agus": "auditor",
    "dewi": "admin",
    "tono": "",
}


def with_two_starts() -> Package:
    """Give the process *izin* with a second start event, which leads to its second step."""
    package = read_package(SAMPLES / "izin")
    more = (
        b'<bpmn:startEvent id="langsung" name="Permohonan lisan" />'
        b'<bpmn:sequenceFlow id="f_langsung" sourceRef="langsung" targetRef="memeriksa" />'
    )
    before = b'<bpmn:sequenceFlow id="f0"'
    return replace(package, bpmn=package.bpmn.replace(before, more + before))


@dataclass
class Office:
    """A running engine with one office in it."""

    engine: Engine
    clock: SetClock
    id: UUID
    people: dict[str, Actor] = field(default_factory=dict)

    def start(self, by: str = "joko", key: str = "izin", **facts: Any) -> Started:
        """Start a case."""
        new = NewCase(key=key, year=facts.pop("year", 2027), attempt=facts.pop("attempt", new_id()), **facts)
        return instances.start(self.engine, self.people[by], new)

    def complete(
        self, instance: UUID, element: str, by: str, fields: Mapping[str, str | Sequence[str]], **facts: Any
    ) -> Completed:
        """Complete the open task of an element."""
        return self.complete_task(self.open_task(instance, element).id, by, fields, **facts)

    def complete_task(
        self, task: UUID, by: str, fields: Mapping[str, str | Sequence[str]], **facts: Any
    ) -> Completed:
        """Complete a task, whatever has become of it."""
        sent = Completion(fields=raw(fields), attempt=facts.pop("attempt", new_id()), **facts)
        return completion.complete(self.engine, self.people[by], task, sent)

    def tasks(self, instance: UUID) -> list[Task]:
        """Read every task of a case."""
        with self.engine.store.reading() as connection:
            return task_rows.of_instance(connection, instance)

    def open_task(self, instance: UUID, element: str) -> Task:
        """Find the open task of an element."""
        return next(
            one for one in self.tasks(instance) if one.element == element and one.state is TaskState.OPEN
        )

    def open_elements(self, instance: UUID) -> list[str]:
        """Name the elements with an open task."""
        return [one.element for one in self.tasks(instance) if one.state is TaskState.OPEN]

    def events(self, stream: UUID) -> list[Event]:
        """Read a stream of the record."""
        with self.engine.store.reading() as connection:
            return stream_events(connection, stream)

    def kinds(self, stream: UUID) -> list[str]:
        """Name the kinds of a stream's events in their order."""
        return [event.kind.value for event in self.events(stream)]


def raw(fields: Mapping[str, str | Sequence[str]]) -> dict[str, list[str]]:
    """Write fields as a browser sends them."""
    return {name: [value] if isinstance(value, str) else list(value) for name, value in fields.items()}


def scan(title: str = "Pindaian", slot: str = "output.0") -> Upload:
    """Make a PDF that can be uploaded."""
    return Upload(field=slot, filename=f"{title}.pdf", stream=io.BytesIO(paper(title)))


def assign(office: Office, *team: str, number: str = "700/1/2026", **facts: Any) -> UUID:
    """Give auditors of the office a letter of assignment; without more facts it covers all, for years."""
    ids = [person.hex for name in team if (person := office.people[name].person)]
    since = office.clock.now().date().replace(day=1).isoformat()
    letter = {"dated": since, "issuer": "Inspektur", "valid_from": since, "valid_until": "2030-12-31"} | facts
    made = assignments.issue(
        office.engine, operator(office.id), LetterForm(number=number, team=ids, head=ids[0], **letter)
    )
    for name in team:
        office.people[name] = covered(office, name)
    return made


def covered(office: Office, name: str) -> Actor:
    """Give a person with what their letters of assignment cover today."""
    person, zone = office.people[name].person, ZoneInfo("Asia/Jakarta")
    today = office.clock.now().astimezone(zone).date()
    with office.engine.store.reading() as connection:
        rows = connection.execute(
            select(audit_assignment, audit_assignment.c.id.label("letter"))
            .join(audit_member, audit_member.c.assignment == audit_assignment.c.id)
            .where(audit_member.c.person == person, audit_member.c.until >= today)
            .where(audit_assignment.c.valid_from <= today)
        ).all()
    return replace(office.people[name], coverage=tuple(coverage_of(row, zone) for row in rows))


def furnish(engine: Engine, clock: SetClock, key: str = "kantor", *processes: Path) -> Office:
    """Make an office with its people, and deploy processes (the sample *izin* where none is named)."""
    roles = [RoleForm(key=k, label=label, name=name, kind=kind) for k, (label, name, kind) in _ROLES.items()]
    office = open_office(
        engine, OfficePlan(key=key, name="Dinas Contoh", roles=roles, units=("Sekretariat", "Bidang SD"))
    )
    actor = operator(office)
    with engine.store.reading() as connection:
        role_ids = people.role_keys(connection, office)
    made = Office(engine=engine, clock=clock, id=office)
    since = clock.now().date().replace(day=1).isoformat()
    for name, role in _PEOPLE.items():
        form = PersonForm(
            sign_in_name=f"{name}.{key}", name=name.title(), post=_ROLES[role][1] if role else ""
        )
        person = add_person(engine, actor, form)
        held: tuple[HeldRole, ...] = ()
        if role:
            assign_role(engine, actor, role_ids[role], AssignmentForm(person=person.hex, since=since))
            label, title, kind = _ROLES[role]
            held = (HeldRole(key=role, label=label, name=title, kind=kind),)
        made.people[name] = Actor(person=person, office=office, name=name.title(), roles=held)
    assign(made, "agus")
    for folder in processes or (SAMPLES / "izin",):
        deploy(engine, actor, read_package(folder))
    return made
