"""Drafts and revisions of the process *izin*, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from engine.actions.approvals import Approval, approve
from engine.actions.offices import operator
from engine.actions.process_drafts import DraftChange, save_draft, start_draft
from engine.actions.roles import AssignmentForm, assign_role
from engine.actions.submissions import Trial, submit
from engine.ids import new_id
from engine.model.actor import HeldRole
from engine.model.permission import RoleKind
from engine.storage import people, versions
from tests.offices import Office, scan


def draft(office: Office, by: str = "putu", number: int = 1) -> UUID:
    """Begin a draft."""
    return start_draft(office.engine, office.people[by], "izin", number, new_id())


def lengthen(
    office: Office, draft_id: UUID, *, revision: int = 1, by: str = "putu", to: str = "PT3H"
) -> None:
    """Give one step another standard time."""
    with office.engine.store.reading() as connection:
        process = versions.find_process(connection, office.id, "izin")
        assert process is not None
        files = versions.files_of(connection, process, 1)
    assert files is not None
    change = DraftChange(revision=revision, bpmn=files.bpmn.replace("PT2H", to).encode())
    save_draft(office.engine, office.people[by], draft_id, change)


def submitted(office: Office, *, trial: Trial | None = None, to: str = "PT3H") -> int:
    """Submit a draft with a change, and give the number of the version it becomes."""
    one = draft(office)
    lengthen(office, one, to=to)
    return submit(office.engine, office.people["putu"], one, 2, trial)[1]


def approved(office: Office, number: int, day: date) -> None:
    """Approve a revision by lina."""
    approval = Approval(number="065/12/2026", effective_from=day, paper=scan(slot="paper"))
    approve(office.engine, office.people["lina"], "izin", number, approval)


def today(office: Office) -> date:
    """Give the day it is in the office."""
    return office.engine.calendar_of(office.id).local(office.clock.now()).date()


def also(office: Office, name: str, role: str, kind: RoleKind) -> None:
    """Let somebody hold another role too."""
    person = office.people[name]
    assert person.person is not None
    with office.engine.store.reading() as connection:
        roles = people.role_keys(connection, office.id)
    since = today(office).isoformat()
    assign_role(
        office.engine, operator(office.id), roles[role], AssignmentForm(person=person.person.hex, since=since)
    )
    held = HeldRole(key=role, label=role, name=role, kind=kind)
    office.people[name] = replace(person, roles=(*person.roles, held))
